// Covered by tests/storage/graph/index_build_test.cc.
#include "storage/graph/index_build.h"

#include <vector>

#include "storage/base/mutex.h"
#include "storage/base/status_macros.h"
#include "storage/graph/graph_settings.h"
#include "storage/graph/graph_writer.h"

namespace twingraph::graph {
namespace {

// Facts of one step: few enough that writers seldom meet it.
constexpr size_t kTwinsPerStep = 100;
constexpr size_t kRelationshipsPerStep = 200;

// Gives the next facts their rows and moves `build` behind them; false if there
// are no more.
absl::StatusOr<bool> AddTwinRows(const Context& ctx, GraphWriter& writer,
                                 IndexBuild& build) {
  ASSIGN_OR_RETURN(const std::vector<TwinNumber> twins,
                   writer.reader().ScanTwins(ctx, build.twin, kTwinsPerStep));
  for (const TwinNumber twin : twins) {
    RETURN_IF_ERROR(writer.AddIndexRows(ctx, twin));
    build.twin = twin;
  }
  return !twins.empty();
}

absl::StatusOr<bool> AddRelationshipRows(const Context& ctx,
                                         GraphWriter& writer,
                                         IndexBuild& build) {
  ASSIGN_OR_RETURN(const std::vector<Edge> edges,
                   writer.reader().ScanRelationships(
                       ctx, NameNumber{}, build.edge, kRelationshipsPerStep));
  for (const Edge& edge : edges) {
    RETURN_IF_ERROR(writer.AddIndexRows(ctx, edge));
    build.edge = edge;
  }
  return !edges.empty();
}

}  // namespace

absl::Status ClearIndexes(const Context& ctx, Parts& parts) {
  MutexLock lock(parts.build_mutex);
  const auto begin = [&](commit::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(GraphSettings settings,
                     ReadSettingsForUpdate(ctx, transaction));
    settings.format = kGraphFormat;
    settings.unindexed_before = {""};  // that is, all
    settings.build = IndexBuild();
    return WriteSettings(settings, transaction);
  };
  RETURN_IF_ERROR(parts.commits->RunTransaction(ctx, {}, begin).status());
  parts.is_cleared = true;
  parts.indexed_since = kNeverIndexed;
  return parts.commits->engine().ClearChurning();
}

absl::StatusOr<bool> BuildIndexStep(const Context& ctx, Parts& parts) {
  MutexLock lock(parts.build_mutex);
  bool is_done = false;
  const auto step = [&](commit::Transaction& transaction) -> absl::Status {
    GraphWriter writer(parts, transaction);
    ASSIGN_OR_RETURN(GraphSettings settings,
                     ReadSettingsForUpdate(ctx, transaction));
    is_done = !settings.build.has_value();
    if (is_done) {
      return absl::OkStatus();
    }
    ASSIGN_OR_RETURN(bool has_more, AddTwinRows(ctx, writer, *settings.build));
    if (!has_more) {
      ASSIGN_OR_RETURN(has_more,
                       AddRelationshipRows(ctx, writer, *settings.build));
    }
    if (!has_more) {
      settings.build.reset();
      is_done = true;
    }
    return WriteSettings(settings, transaction);
  };
  ASSIGN_OR_RETURN(const commit::CommitInfo info,
                   parts.commits->RunTransaction(ctx, {}, step));
  if (is_done && parts.indexed_since == kNeverIndexed) {
    parts.indexed_since = info.revision;
  }
  return is_done;
}

}  // namespace twingraph::graph
