// Covered by tests/server/query/execution_test.cc.
#include <algorithm>
#include <utility>

#include "server/query/exec/input_batch.h"
#include "server/query/exec/operator.h"
#include "server/query/exec/place_codec.h"
#include "server/query/exec/segment_names.h"
#include "storage/base/status_macros.h"

namespace twingraph::query {
namespace {

// Works through the rows of a batch: all of them by one call where there is one
// direction; row by row where there are two, so that the order of rows does not
// depend on how batches are cut.
class Expand final : public Operator {
 public:
  Expand(const ExecutionContext& context, const Hop& hop,
         std::unique_ptr<Operator> input)
      : context_(context),
        hop_(hop),
        segment_(context.query.segments[hop.segment]),
        directions_(DirectionsOf(segment_, hop.is_reversed)),
        input_(context.query.variables.size(), std::move(input)) {}

  absl::Status Next(const Context& ctx, Bindings& rows) override {
    rows.Clear();
    RETURN_IF_ERROR(names_.Find(ctx, context_, segment_));
    while (rows.size() == 0 && !names_.is_nothing()) {
      RETURN_IF_ERROR(ctx.Check());
      if (row_ >= input_.rows().size()) {
        RETURN_IF_ERROR(input_.Pull(ctx));
        row_ = 0;
        if (input_.rows().size() == 0) {
          break;
        }
      }
      RETURN_IF_ERROR(Follow(ctx, rows));
    }
    return absl::OkStatus();
  }

  std::string Place() const override {
    std::string place;
    input_.AppendPlace(row_, place);
    AppendNumber(turn_, place);
    AppendNumber(after_.has_value() ? 1 : 0, place);
    AppendEdge(after_.value_or(EdgeRef()), place);
    return place;
  }

  absl::Status GoTo(const Context& ctx, absl::string_view place) override {
    RETURN_IF_ERROR(input_.GoTo(ctx, place, row_));
    uint64_t turn = 0;
    uint64_t has_after = 0;
    EdgeRef after;
    if (!TakeNumber(place, turn) || !TakeNumber(place, has_after) ||
        !TakeEdge(place, after) || !place.empty() ||
        turn >= directions_.size()) {
      return BadPlace();
    }
    turn_ = turn;
    if (has_after != 0) {
      after_ = after;
    }
    return absl::OkStatus();
  }

 private:
  // One call to the graph, from the present row and direction on.
  absl::Status Follow(const Context& ctx, Bindings& rows) {
    const Direction direction = directions_[turn_];
    const absl::Span<const TwinNumber> all = input_.rows().twins(hop_.from);
    const size_t count = directions_.size() == 1 ? all.size() - row_ : 1;
    ExpandPosition position{.index = 0, .after = after_};
    found_.clear();
    RETURN_IF_ERROR(context_.view.Expand(ctx,
                                         {.twins = all.subspan(row_, count),
                                          .direction = direction,
                                          .names = names_.numbers()},
                                         context_.StepRows(), position,
                                         found_));
    context_.stats.edges_visited += found_.size();
    Collect(direction, rows);
    Advance(position, count);
    return absl::OkStatus();
  }

  void Advance(const ExpandPosition& position, size_t count) {
    after_ = position.index < count ? position.after : std::nullopt;
    if (directions_.size() == 1) {
      row_ += position.index;
    } else if (position.index == count) {
      turn_ = (turn_ + 1) % directions_.size();
      row_ += turn_ == 0 ? 1 : 0;
    }
  }

  void Collect(Direction direction, Bindings& rows) {
    std::vector<size_t> origins;
    std::vector<TwinNumber> ends;
    std::vector<EdgeRef> edges;
    for (const ExpandedEdge& each : found_) {
      const size_t origin = row_ + each.index;
      if (IsWanted(origin, each.edge, direction)) {
        origins.push_back(origin);
        ends.push_back(FarEnd(each.edge, direction));
        edges.push_back(each.edge);
      }
    }
    rows.Gather(input_.rows(), origins);
    rows.AddTwins(hop_.to, std::move(ends));
    rows.AddEdges(*segment_.relationship, std::move(edges));
  }

  bool IsWanted(size_t origin, const EdgeRef& edge, Direction direction) const {
    const bool is_second_look = directions_.size() == 2 &&
                                direction == Direction::kIncoming &&
                                edge.source == edge.target;
    const bool is_elsewhere =
        hop_.is_closing &&
        input_.rows().twins(hop_.to)[origin] != FarEnd(edge, direction);
    return !is_second_look && !is_elsewhere &&
           !(context_.query.is_trail && IsUsed(origin, edge));
  }

  bool IsUsed(size_t origin, const EdgeRef& edge) const {
    return std::any_of(
        context_.query.segments.begin(), context_.query.segments.end(),
        [&](const BoundSegment& other) {
          return other.is_single() &&
                 !input_.rows().edges(*other.relationship).empty() &&
                 input_.rows().edges(*other.relationship)[origin] == edge;
        });
  }

  const ExecutionContext& context_;
  const Hop& hop_;
  const BoundSegment& segment_;
  const std::vector<Direction> directions_;
  SegmentNames names_;
  InputBatch input_;
  size_t row_ = 0;   // of the input, whose relationships come next
  size_t turn_ = 0;  // index in directions_
  std::optional<EdgeRef> after_;
  std::vector<ExpandedEdge> found_;
};

}  // namespace

std::unique_ptr<Operator> MakeExpand(const ExecutionContext& context,
                                     const Hop& hop,
                                     std::unique_ptr<Operator> input) {
  return std::make_unique<Expand>(context, hop, std::move(input));
}

}  // namespace twingraph::query
