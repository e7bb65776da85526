#pragma once

// The relationship names of a segment as numbers of the graph. Used by one
// thread at a time.

#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"

#include "server/query/exec/operator.h"

namespace twingraph::query {

class SegmentNames {
 public:
  // Looks the names up, once.
  // Errors: those of the view.
  absl::Status Find(const Context& ctx, const ExecutionContext& context,
                    const BoundSegment& segment);

  // True where the segment names relationships and none of them ever existed.
  bool is_nothing() const { return is_nothing_; }

  // Empty: all names.
  absl::Span<const NameNumber> numbers() const { return numbers_; }

 private:
  bool is_found_ = false;
  bool is_nothing_ = false;
  std::vector<NameNumber> numbers_;
};

// The directions in which `segment` follows relationships from left to right,
// or from right to left.
std::vector<Direction> DirectionsOf(const BoundSegment& segment,
                                    bool is_reversed);

// The twin at the other end. A self-loop goes both ways but is one
// relationship: where both directions are followed, the incoming side is left
// to the outgoing one.
inline TwinNumber FarEnd(const EdgeRef& edge, Direction direction) {
  return direction == Direction::kOutgoing ? edge.target : edge.source;
}

}  // namespace twingraph::query
