#pragma once

// Where trails lead: walks of a bounded number of hops that use no relationship
// twice. Paths cannot be told apart in an answer, so ends are what counts, and
// most are found without following single trails. Used by one thread at a time.

#include <cstddef>
#include <functional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "server/query/exec/neighbours.h"

namespace twingraph::query {

// Relationships that a trail may not use; few, so a list.
using UsedEdges = std::vector<EdgeRef>;

struct TrailBounds {
  size_t min_hops = 1;
  size_t max_hops = 1;
};

// The twins where trails from `start` end, ascending.
//
// With a lower bound of one hop a search in breadth decides: a shortest walk is
// a trail. With a higher one the walks are counted in layers; where no twin is
// in two layers no walk can use a relationship twice. Only in what remains, the
// trails are followed one by one, until every candidate has one.
// Errors: those of the view and of the context.
absl::StatusOr<std::vector<TwinNumber>> TrailEnds(const Context& ctx,
                                                  TwinNumber start,
                                                  const TrailBounds& bounds,
                                                  const UsedEdges& used,
                                                  Neighbours& neighbours);

// Called at the end of a trail with `used` and the relationships of the trail;
// true stops the search.
using AtTrailEnd =
    std::function<absl::StatusOr<bool>(TwinNumber end, UsedEdges& used)>;

// Follows the trails from `start` one by one, in depth. True if a call of
// `at_end` said so.
// Errors: those of the view, of the context and of `at_end`.
absl::StatusOr<bool> FollowTrails(const Context& ctx, TwinNumber start,
                                  const TrailBounds& bounds, UsedEdges& used,
                                  Neighbours& neighbours,
                                  const AtTrailEnd& at_end);

}  // namespace twingraph::query
