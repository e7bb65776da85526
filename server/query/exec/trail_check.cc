// Covered by tests/server/query/execution_test.cc.
#include <utility>
#include <vector>

#include "server/query/exec/operator.h"
#include "server/query/exec/trails.h"
#include "storage/base/status_macros.h"

namespace twingraph::query {
namespace {

// Looks for a trail through all segments of several hops at once, one nested in
// the other.
class TrailCheck final : public Operator {
 public:
  TrailCheck(const ExecutionContext& context, std::unique_ptr<Operator> input)
      : context_(context), input_(std::move(input)) {
    for (const BoundSegment& segment : context.query.segments) {
      if (!segment.is_single()) {
        walks_.push_back(&segment);
        neighbours_.emplace_back(context, segment, /*is_reversed=*/false);
      }
    }
  }

  absl::Status Next(const Context& ctx, Bindings& rows) override {
    while (true) {
      RETURN_IF_ERROR(ctx.Check());
      RETURN_IF_ERROR(input_->Next(ctx, rows));
      if (rows.size() == 0) {
        return absl::OkStatus();
      }
      std::vector<bool> keep(rows.size());
      for (size_t row = 0; row < rows.size(); ++row) {
        UsedEdges used = UsedBy(rows, row);
        ASSIGN_OR_RETURN(keep[row], HasTrail(ctx, rows, row, 0, used));
      }
      rows.Keep(keep);
      if (rows.size() > 0) {
        return absl::OkStatus();
      }
      for (Neighbours& neighbours : neighbours_) {
        neighbours.Trim();
      }
    }
  }

  std::string Place() const override { return input_->Place(); }

  absl::Status GoTo(const Context& ctx, absl::string_view place) override {
    return input_->GoTo(ctx, place);
  }

 private:
  // Can the walks from `walk` on be made without the used relationships?
  absl::StatusOr<bool> HasTrail(const Context& ctx, const Bindings& rows,
                                size_t row, size_t walk, UsedEdges& used) {
    if (walk == walks_.size()) {
      return true;
    }
    const BoundSegment& segment = *walks_[walk];
    const TwinNumber target = rows.twins(segment.right)[row];
    return FollowTrails(
        ctx, rows.twins(segment.left)[row],
        {.min_hops = segment.min_hops, .max_hops = segment.max_hops}, used,
        neighbours_[walk],
        [&](TwinNumber end, UsedEdges& now_used) -> absl::StatusOr<bool> {
          if (end != target) {
            return false;
          }
          return HasTrail(ctx, rows, row, walk + 1, now_used);
        });
  }

  UsedEdges UsedBy(const Bindings& rows, size_t row) const {
    UsedEdges used;
    for (const BoundSegment& segment : context_.query.segments) {
      if (segment.is_single()) {
        used.push_back(rows.edges(*segment.relationship)[row]);
      }
    }
    return used;
  }

  const ExecutionContext& context_;
  const std::unique_ptr<Operator> input_;
  std::vector<const BoundSegment*> walks_;
  std::vector<Neighbours> neighbours_;
};

}  // namespace

std::unique_ptr<Operator> MakeTrailCheck(const ExecutionContext& context,
                                         std::unique_ptr<Operator> input) {
  return std::make_unique<TrailCheck>(context, std::move(input));
}

}  // namespace twingraph::query
