// Covered by tests/server/query/execution_test.cc.
#include "server/query/exec/segment_names.h"

#include "storage/base/status_macros.h"

namespace twingraph::query {

absl::Status SegmentNames::Find(const Context& ctx,
                                const ExecutionContext& context,
                                const BoundSegment& segment) {
  if (is_found_) {
    return absl::OkStatus();
  }
  for (const std::string& name : segment.names) {
    ASSIGN_OR_RETURN(const NameNumber number,
                     context.view.FindRelationshipName(ctx, name));
    if (number != kNoName) {
      numbers_.push_back(number);
    }
  }
  is_nothing_ = numbers_.empty() && !segment.names.empty();
  is_found_ = true;
  return absl::OkStatus();
}

std::vector<Direction> DirectionsOf(const BoundSegment& segment,
                                    bool is_reversed) {
  if (segment.orientation == Orientation::kEither) {
    return {Direction::kOutgoing, Direction::kIncoming};
  }
  const bool is_forward = segment.orientation == Orientation::kForward;
  return {is_forward != is_reversed ? Direction::kOutgoing
                                    : Direction::kIncoming};
}

}  // namespace twingraph::query
