// Covered by tests/server/query/golden_query_test.cc.
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

std::unique_ptr<Operator> Build(const ExecutionContext& context,
                                const Plan& plan) {
  std::unique_ptr<Operator> step = MakeScan(context, plan.access);
  if (!plan.tests[0].empty()) {
    step = MakeFilter(context, plan.tests[0], std::move(step));
  }
  for (size_t i = 0; i < plan.hops.size(); ++i) {
    step = MakeExpand(context, plan.hops[i], std::move(step));
    if (!plan.tests[i + 1].empty()) {
      step = MakeFilter(context, plan.tests[i + 1], std::move(step));
    }
  }
  return step;
}

class PlannedExecution final : public Execution {
 public:
  PlannedExecution(std::shared_ptr<const CompiledQuery> query,
                   const GraphView& view)
      : query_(std::move(query)),
        context_{query_->bound(), view, stats_},
        plan_(MakePlan(query_->bound(), view.statistics())),
        steps_(Build(context_, plan_)),
        batch_(context_) {}

  absl::Status GoTo(const Context& ctx, absl::string_view position) {
    if (position.empty()) {
      return absl::OkStatus();
    }
    std::string text;
    std::string place;
    uint64_t offset = 0;
    if (!TakeBytes(position, text) || !TakeNumber(position, emitted_) ||
        !TakeBytes(position, place) || !TakeNumber(position, offset) ||
        !position.empty() || text != bound().text) {
      return BadPlace();
    }
    if (bound().is_count) {
      return absl::OkStatus();
    }
    RETURN_IF_ERROR(steps_->GoTo(ctx, place));
    batch_place_ = std::move(place);
    // Rows before the place were given; batches may be cut otherwise now.
    while (offset > 0) {
      RETURN_IF_ERROR(Pull(ctx));
      if (batch_.size() == 0) {
        return BadPlace();
      }
      offset_ = std::min<size_t>(offset, batch_.size());
      offset -= offset_;
    }
    return ReadOutput(ctx);
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
      if (offset_ == batch_.size()) {
        // What cells point to lives in the batch in hand: it is not replaced
        // while rows of it are in the answer, unless they hold their own.
        RETURN_IF_ERROR(Pull(ctx));
        if (batch_.size() == 0) {
          break;
        }
        RETURN_IF_ERROR(ReadOutput(ctx));
      }
      bytes += Emit(offset_++, batch);
      ++emitted_;
    }
    stats_.rows += batch.size();
    stats_.row_bytes += bytes;
    return absl::OkStatus();
  }

  std::string Position() const override {
    std::string position;
    AppendBytes(bound().text, position);
    AppendNumber(emitted_, position);
    AppendBytes(batch_place_, position);
    AppendNumber(offset_, position);
    return position;
  }

  std::string Explain() const override { return PrintPlan(plan_, bound()); }

  const ExecutionStats& stats() const override { return stats_; }

 private:
  const BoundQuery& bound() const { return query_->bound(); }

  bool IsAtTop() const {
    return bound().top.has_value() && emitted_ >= *bound().top;
  }

  absl::Status Pull(const Context& ctx) {
    batch_place_ = steps_->Place();
    offset_ = 0;
    return steps_->Next(ctx, batch_);
  }

  // Documents are read last, for output only, one call per variable.
  absl::Status ReadOutput(const Context& ctx) {
    for (const BoundColumn& column : bound().columns) {
      RETURN_IF_ERROR(batch_.ReadDocuments(ctx, column.path.variable));
    }
    return absl::OkStatus();
  }

  // Adds one row; about how many bytes it has.
  size_t Emit(size_t row, RowBatch& batch) {
    const absl::Span<Cell> cells = batch.AddRow();
    size_t bytes = 0;
    for (size_t i = 0; i < cells.size(); ++i) {
      bytes += Fill(bound().columns[i].path, row, cells[i], batch);
    }
    return bytes;
  }

  size_t Fill(const BoundPath& path, size_t row, Cell& cell, RowBatch& batch) {
    const bool is_twin =
        bound().variables[path.variable].kind == VariableKind::kTwin;
    std::string scratch;
    ValueView value;
    if (is_twin) {
      const TwinDocument* twin = batch.Keep(batch_.twin(path.variable, row));
      if (path.steps.empty()) {
        cell.twin = twin;
        return twin->contents.bytes().size() + 200;
      }
      value = ResolveTwin(*twin, path.steps, scratch);
    } else {
      const RelationshipDocument* relationship =
          batch.Keep(batch_.relationship(path.variable, row));
      if (path.steps.empty()) {
        cell.relationship = relationship;
        return relationship->contents.bytes().size() + 200;
      }
      value = ResolveRelationship(*relationship, path.steps, scratch);
    }
    if (value.is_defined() && !scratch.empty()) {
      value = ValueView(batch.Keep(std::move(scratch)));
    }
    cell.value = value;
    return value.is_defined() ? value.bytes().size() : 0;
  }

  // COUNT() answers one row, also for zero.
  absl::Status NextCount(const Context& ctx, RowBatch& batch) {
    if (emitted_ > 0) {
      return absl::OkStatus();
    }
    uint64_t count = plan_.count.value_or(0);
    while (!plan_.count.has_value()) {
      RETURN_IF_ERROR(steps_->Next(ctx, batch_));
      if (batch_.size() == 0) {
        break;
      }
      count += batch_.size();
    }
    std::string encoded;
    EncodeValue(Value::Uint(count), encoded);
    batch.AddRow()[0].value = ValueView(batch.Keep(std::move(encoded)));
    emitted_ = 1;
    stats_.rows += 1;
    return absl::OkStatus();
  }

  const std::shared_ptr<const CompiledQuery> query_;
  ExecutionStats stats_;
  const ExecutionContext context_;
  const Plan plan_;
  const std::unique_ptr<Operator> steps_;
  Bindings batch_;
  std::string batch_place_;  // where the batch in hand began
  size_t offset_ = 0;        // rows of it that were given
  uint64_t emitted_ = 0;
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
  auto execution = std::make_unique<PlannedExecution>(std::move(query), view);
  RETURN_IF_ERROR(execution->GoTo(ctx, position));
  return execution;
}

}  // namespace twingraph::query
