#pragma once

// Chooses how to execute a query by the statistics of a graph. Pure apart from
// those.

#include "server/query/bind/bound.h"
#include "server/query/graph_view.h"
#include "server/query/plan/plan.h"

namespace twingraph::query {

// The cheapest way in, whatever its place in the text, then hops outwards. A
// position of one plan is of no use to another, so the same query at the same
// revision must get the same plan: only exact statistics of that revision, and
// fixed guesses, are used.
Plan MakePlan(const BoundQuery& query, const GraphStatistics& statistics);

}  // namespace twingraph::query
