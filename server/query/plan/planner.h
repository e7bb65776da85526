#pragma once

// Chooses how to execute a query by the statistics of a graph. Pure apart from
// those.

#include <cstddef>
#include <optional>

#include "server/query/bind/bound.h"
#include "server/query/graph_view.h"
#include "server/query/plan/plan.h"

namespace twingraph::query {

// The cheapest way in, whatever its place in the text, then hops outwards.
Plan MakePlan(const BoundQuery& query, const GraphStatistics& statistics);

// The plan that was made with this Plan::choice. A place in the rows of one
// plan means nothing to another, and statistics change: who goes on from a
// place keeps the plan. nullopt: the query has no such choice, or the graph
// cannot serve it any more.
std::optional<Plan> RepeatPlan(const BoundQuery& query, size_t choice,
                               const GraphStatistics& statistics);

// The number of rows where statistics know it, so that COUNT() needs no scan.
std::optional<uint64_t> KnownCount(const BoundQuery& query, const Plan& plan,
                                   const GraphStatistics& statistics);

}  // namespace twingraph::query
