#pragma once

// The relationships of twins as one segment follows them, read in batches and
// kept: what walks over several hops work on. Used by one thread at a time.

#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/types/span.h"

#include "server/query/exec/operator.h"
#include "server/query/exec/segment_names.h"

namespace twingraph::query {

struct Neighbour {
  TwinNumber twin = kNoTwin;
  EdgeRef edge;
};

class Neighbours {
 public:
  // Both outlive this.
  Neighbours(const ExecutionContext& context, const BoundSegment& segment,
             bool is_reversed)
      : context_(context),
        segment_(segment),
        directions_(DirectionsOf(segment, is_reversed)) {}

  // Reads the relationships of those of `twins` that are not there yet.
  // Errors: those of the view.
  absl::Status Read(const Context& ctx, absl::Span<const TwinNumber> twins);

  // Where one step leads from a twin. REQUIRES: read since the last Trim.
  const std::vector<Neighbour>& Of(TwinNumber twin) const {
    return of_.at(twin);
  }

  // Forgets relationships where they are many.
  void Trim();

  // A walk may not come back by the relationship that it went by.
  bool is_directed() const { return directions_.size() == 1; }

 private:
  absl::Status ReadOne(const Context& ctx, absl::Span<const TwinNumber> twins,
                       Direction direction);

  const ExecutionContext& context_;
  const BoundSegment& segment_;
  const std::vector<Direction> directions_;
  SegmentNames names_;
  size_t edges_ = 0;
  absl::flat_hash_map<TwinNumber, std::vector<Neighbour>> of_;
};

}  // namespace twingraph::query
