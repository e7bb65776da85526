#pragma once

// Ways to find the rows of one variable by its own conditions. Pure apart from
// statistics.

#include <cstddef>

#include "server/query/plan/plan.h"

namespace twingraph::query {

// The way that gives the fewest rows: ids, models, a property index, or all.
Access BestAccess(const BoundQuery& query, size_t variable,
                  const GraphStatistics& statistics);

}  // namespace twingraph::query
