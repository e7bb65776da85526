#include "server/engine/query_ops.h"

#include <algorithm>
#include <utility>

#include "server/engine/parts.h"
#include "server/engine/store_view.h"
#include "storage/base/status_macros.h"

namespace twingraph::engine {
namespace {

class RunningQuery final : public QueryExecution {
 public:
  RunningQuery(std::shared_ptr<const catalog::Catalog> catalog,
               std::shared_ptr<const query::CompiledQuery> compiled,
               std::unique_ptr<StoreView> view, std::string revision)
      : catalog_(std::move(catalog)),
        compiled_(std::move(compiled)),
        view_(std::move(view)),
        revision_(std::move(revision)) {}

  absl::Status Open(const Context& ctx, absl::string_view position) {
    ASSIGN_OR_RETURN(execution_,
                     query::Execution::Open(ctx, compiled_, *view_, position));
    return absl::OkStatus();
  }

  const std::vector<std::string>& columns() const override {
    return compiled_->columns();
  }

  const std::string& revision() const override { return revision_; }

  absl::Status NextBatch(const Context& ctx, size_t max_rows,
                         query::RowBatch& batch) override {
    return execution_->NextBatch(ctx, max_rows, batch);
  }

  std::string Position() const override { return execution_->Position(); }

  const query::ExecutionStats& stats() const override {
    return execution_->stats();
  }

  graph::Revision number() const { return view_->revision(); }

 private:
  // Held so that the models of the query stay as they were bound.
  const std::shared_ptr<const catalog::Catalog> catalog_;
  const std::shared_ptr<const query::CompiledQuery> compiled_;
  const std::unique_ptr<StoreView> view_;
  const std::string revision_;
  std::unique_ptr<query::Execution> execution_;
};

absl::StatusOr<std::unique_ptr<RunningQuery>> StartQuery(
    const Parts& parts, const Context& ctx, absl::string_view text,
    absl::string_view position, const ReadOptions& options) {
  auto catalog = parts.catalog.Current();
  ASSIGN_OR_RETURN(auto compiled, query::Compile(text, *catalog));
  ASSIGN_OR_RETURN(auto reader, parts.ListReader(ctx, options));
  std::string revision = parts.TokenOf(reader->revision());
  auto running = std::make_unique<RunningQuery>(
      std::move(catalog), std::move(compiled),
      std::make_unique<StoreView>(parts, std::move(reader)),
      std::move(revision));
  RETURN_IF_ERROR(running->Open(ctx, position));
  return running;
}

}  // namespace

absl::StatusOr<std::unique_ptr<QueryExecution>> QueryOps::Start(
    const Context& ctx, absl::string_view text, absl::string_view position,
    const ReadOptions& options) {
  return StartQuery(parts_, ctx, text, position, options);
}

absl::StatusOr<QueryPage> QueryOps::Page(const Context& ctx,
                                         absl::string_view text,
                                         const PageRequest& page,
                                         const ReadOptions& options) {
  RETURN_IF_ERROR(CheckPage(page, parts_.limits));
  ASSIGN_OR_RETURN(const auto running,
                   StartQuery(parts_, ctx, text, page.position, options));
  QueryPage answer;
  answer.columns = running->columns();
  answer.revision = running->revision();
  const size_t rows =
      std::min(static_cast<size_t>(page.size), query::kMaxBatchRows);
  RETURN_IF_ERROR(running->NextBatch(ctx, rows, answer.rows));
  answer.stats = running->stats();
  // A look ahead tells the last page.
  std::string next = running->Position();
  query::RowBatch ahead;
  RETURN_IF_ERROR(running->NextBatch(ctx, 1, ahead));
  if (!ahead.empty()) {
    answer.next_position = std::move(next);
    parts_.Lease(running->number());
  }
  return answer;
}

}  // namespace twingraph::engine
