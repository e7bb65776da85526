// Covered by tests/server/query/execution_test.cc.
#include <algorithm>
#include <utility>

#include "server/query/exec/operator.h"
#include "server/query/exec/place_codec.h"
#include "server/query/expr/document_path.h"
#include "server/query/plan/planner.h"
#include "server/query/query.h"
#include "storage/base/status_macros.h"
#include "storage/value/value_codec.h"

namespace twingraph::query {
namespace {

// Bytes of rows at which a batch ends early.
constexpr size_t kBatchBytes = 256 << 10;

// About what a document has besides its contents.
constexpr size_t kDocumentBytes = 200;

// The text as a number that stays the same from process to process (FNV-1a): a
// position says which query it is of without holding the text.
uint64_t Fingerprint(absl::string_view text) {
  uint64_t hash = 14695981039346656037U;
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  }
  return hash;
}

std::unique_ptr<Operator> Build(const ExecutionContext& context,
                                const Plan& plan) {
  const auto filtered = [&](std::unique_ptr<Operator> step, size_t tests) {
    return plan.tests[tests].empty()
               ? std::move(step)
               : MakeFilter(context, plan.tests[tests], std::move(step));
  };
  std::unique_ptr<Operator> step = filtered(MakeScan(context, plan.access), 0);
  for (size_t i = 0; i < plan.hops.size(); ++i) {
    const Hop& hop = plan.hops[i];
    step = context.query.segments[hop.segment].is_single()
               ? MakeExpand(context, hop, std::move(step))
               : MakeWalk(context, hop, std::move(step));
    step = filtered(std::move(step), i + 1);
  }
  return plan.has_trail_check ? MakeTrailCheck(context, std::move(step))
                              : std::move(step);
}

// What a position says.
struct Place {
  uint64_t choice = 0;   // of the plan
  uint64_t emitted = 0;  // rows given so far
  std::string batch;     // where the batch in hand began
  uint64_t offset = 0;   // rows of it that were given
};

std::string Encode(const Place& place, absl::string_view text) {
  std::string position;
  AppendNumber(Fingerprint(text), position);
  AppendNumber(place.choice, position);
  AppendNumber(place.emitted, position);
  AppendBytes(place.batch, position);
  AppendNumber(place.offset, position);
  return position;
}

absl::StatusOr<Place> Decode(absl::string_view position,
                             absl::string_view text) {
  uint64_t fingerprint = 0;
  Place place;
  if (!TakeNumber(position, fingerprint) ||
      !TakeNumber(position, place.choice) ||
      !TakeNumber(position, place.emitted) ||
      !TakeBytes(position, place.batch) ||
      !TakeNumber(position, place.offset) || !position.empty() ||
      fingerprint != Fingerprint(text)) {
    return BadPlace();
  }
  return place;
}

class PlannedExecution final : public Execution {
 public:
  PlannedExecution(std::shared_ptr<const CompiledQuery> query,
                   const GraphView& view, Plan plan)
      : query_(std::move(query)),
        documents_(view, query_->bound().parts, stats_),
        context_{query_->bound(), view, documents_, stats_},
        plan_(std::move(plan)),
        steps_(Build(context_, plan_)),
        rows_(query_->bound().variables.size()) {
    place_.choice = plan_.choice;
    place_.batch = steps_->Place();
  }

  absl::Status GoTo(const Context& ctx, Place place) {
    if (bound().is_count) {
      place_.emitted = place.emitted;
      return absl::OkStatus();
    }
    RETURN_IF_ERROR(steps_->GoTo(ctx, place.batch));
    place_ = std::move(place);
    uint64_t given = std::exchange(place_.offset, 0);
    // Batches may be cut otherwise now.
    while (given > 0) {
      RETURN_IF_ERROR(Pull(ctx));
      if (rows_.size() == 0) {
        return BadPlace();
      }
      place_.offset = std::min<uint64_t>(given, rows_.size());
      given -= place_.offset;
    }
    return absl::OkStatus();
  }

  absl::Status NextBatch(const Context& ctx, size_t max_rows,
                         RowBatch& batch) override {
    batch.Reset(query_->columns().size());
    if (bound().is_count) {
      return NextCount(ctx, batch);
    }
    size_t bytes = 0;
    max_rows = std::min(max_rows, kMaxBatchRows);
    while (batch.size() < max_rows && bytes < kBatchBytes && !IsAtTop()) {
      if (place_.offset == rows_.size()) {
        RETURN_IF_ERROR(Pull(ctx));
        if (rows_.size() == 0) {
          break;
        }
      }
      RETURN_IF_ERROR(EmitSome(ctx, max_rows - batch.size(), batch, bytes));
    }
    stats_.rows += batch.size();
    stats_.row_bytes += bytes;
    return absl::OkStatus();
  }

  std::string Position() const override { return Encode(place_, bound().text); }

  std::string Explain() const override { return PrintPlan(plan_, bound()); }

  const ExecutionStats& stats() const override { return stats_; }

 private:
  const BoundQuery& bound() const { return query_->bound(); }

  uint64_t RowsToTop() const {
    return bound().top.has_value() ? *bound().top - place_.emitted
                                   : kMaxBatchRows;
  }

  bool IsAtTop() const {
    return bound().top.has_value() && place_.emitted >= *bound().top;
  }

  absl::Status Pull(const Context& ctx) {
    place_.batch = steps_->Place();
    place_.offset = 0;
    return steps_->Next(ctx, rows_);
  }

  // Gives rows of the batch in hand: not more than `wanted`, nor than one read
  // of documents should hold. Documents are read last, for these rows only.
  absl::Status EmitSome(const Context& ctx, size_t wanted, RowBatch& batch,
                        size_t& bytes) {
    const size_t first = place_.offset;
    const size_t count =
        std::min({wanted, documents_.BatchSize(), rows_.size() - first,
                  static_cast<size_t>(RowsToTop())});
    documents_.Trim();
    for (const BoundColumn& column : bound().columns) {
      RETURN_IF_ERROR(ReadDocuments(ctx, column.path.variable, first, count));
    }
    for (size_t i = 0; i < count && bytes < kBatchBytes; ++i) {
      bytes += Emit(first + i, batch);
      ++place_.offset;
      ++place_.emitted;
    }
    return absl::OkStatus();
  }

  absl::Status ReadDocuments(const Context& ctx, size_t variable, size_t first,
                             size_t count) {
    if (IsTwin(variable)) {
      return documents_.ReadTwins(
          ctx,
          absl::MakeConstSpan(rows_.twins(variable)).subspan(first, count));
    }
    return documents_.ReadRelationships(
        ctx, absl::MakeConstSpan(rows_.edges(variable)).subspan(first, count));
  }

  bool IsTwin(size_t variable) const {
    return bound().variables[variable].kind == VariableKind::kTwin;
  }

  // Adds one row; about how many bytes it has.
  size_t Emit(size_t row, RowBatch& batch) {
    const absl::Span<Cell> cells = batch.AddRow();
    size_t bytes = 0;
    for (size_t i = 0; i < cells.size(); ++i) {
      const BoundPath& path = bound().columns[i].path;
      bytes += IsTwin(path.variable)
                   ? FillFromTwin(path, row, cells[i], batch)
                   : FillFromRelationship(path, row, cells[i], batch);
    }
    return bytes;
  }

  size_t FillFromTwin(const BoundPath& path, size_t row, Cell& cell,
                      RowBatch& batch) {
    const TwinDocument& twin = documents_.twin(rows_.twins(path.variable)[row]);
    if (path.steps.empty()) {
      cell.twin = batch.Keep(twin);
      return twin.contents.bytes().size() + kDocumentBytes;
    }
    std::string scratch;
    return FillValue(ResolveTwin(twin, path.steps, scratch), scratch, cell,
                     batch);
  }

  size_t FillFromRelationship(const BoundPath& path, size_t row, Cell& cell,
                              RowBatch& batch) {
    const RelationshipDocument& relationship =
        documents_.relationship(rows_.edges(path.variable)[row]);
    if (path.steps.empty()) {
      cell.relationship = batch.Keep(relationship);
      return relationship.contents.bytes().size() + kDocumentBytes;
    }
    std::string scratch;
    return FillValue(ResolveRelationship(relationship, path.steps, scratch),
                     scratch, cell, batch);
  }

  // The batch keeps the value alone, not the document that it may be a small
  // part of. A value that was made in `scratch` moves.
  static size_t FillValue(ValueView value, std::string& scratch, Cell& cell,
                          RowBatch& batch) {
    if (!value.is_defined()) {
      return 0;
    }
    if (scratch.empty()) {
      scratch = std::string(value.bytes());
    }
    cell.value = ValueView(batch.Keep(std::move(scratch)));
    return cell.value.bytes().size();
  }

  // COUNT() answers one row, also for zero.
  absl::Status NextCount(const Context& ctx, RowBatch& batch) {
    if (place_.emitted > 0) {
      return absl::OkStatus();
    }
    ASSIGN_OR_RETURN(const uint64_t count, CountRows(ctx));
    std::string encoded;
    EncodeValue(Value::Uint(count), encoded);
    const ValueView value(batch.Keep(std::move(encoded)));
    batch.AddRow()[0].value = value;
    place_.emitted = 1;
    stats_.rows += 1;
    return absl::OkStatus();
  }

  absl::StatusOr<uint64_t> CountRows(const Context& ctx) {
    const auto known = KnownCount(bound(), plan_, context_.view.statistics());
    if (known.has_value()) {
      return *known;
    }
    uint64_t count = 0;
    do {
      RETURN_IF_ERROR(steps_->Next(ctx, rows_));
      count += rows_.size();
    } while (rows_.size() > 0);
    return count;
  }

  const std::shared_ptr<const CompiledQuery> query_;
  ExecutionStats stats_;
  DocumentCache documents_;
  const ExecutionContext context_;
  const Plan plan_;
  const std::unique_ptr<Operator> steps_;
  Bindings rows_;  // the batch in hand
  Place place_;
};

}  // namespace

double ExecutionStats::Charge() const {
  const double kilobytes = static_cast<double>(row_bytes) / 1024;
  return 2.8 + 0.07 * static_cast<double>(rows) + 0.03 * kilobytes +
         0.01 * static_cast<double>(documents_read) +
         0.001 * static_cast<double>(edges_visited + index_entries_read);
}

absl::StatusOr<std::unique_ptr<Execution>> Execution::Open(
    const Context& ctx, std::shared_ptr<const CompiledQuery> query,
    const GraphView& view, absl::string_view position) {
  const BoundQuery& bound = query->bound();
  const GraphStatistics& statistics = view.statistics();
  if (position.empty()) {
    Plan plan = MakePlan(bound, statistics);
    return std::make_unique<PlannedExecution>(std::move(query), view,
                                              std::move(plan));
  }
  ASSIGN_OR_RETURN(Place place, Decode(position, bound.text));
  std::optional<Plan> plan = RepeatPlan(bound, place.choice, statistics);
  if (!plan.has_value()) {
    return BadPlace();
  }
  auto execution = std::make_unique<PlannedExecution>(std::move(query), view,
                                                      *std::move(plan));
  RETURN_IF_ERROR(execution->GoTo(ctx, std::move(place)));
  return execution;
}

}  // namespace twingraph::query
