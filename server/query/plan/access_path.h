#pragma once

// Ways to find the rows of one variable by its own conditions.

#include <cstddef>
#include <optional>
#include <vector>

#include "server/query/plan/plan.h"

namespace twingraph::query {

// Every way into the query: by ids, models, property ranges, names, or all, for
// each variable that can be the first. The list depends on the query alone, so
// an index in it names the same way for ever.
std::vector<Access> AllAccesses(const BoundQuery& query);

// About how many rows a way gives; nullopt: the graph does not offer it.
std::optional<Cardinality> EstimateAccess(const Access& access,
                                          const GraphStatistics& statistics);

}  // namespace twingraph::query
