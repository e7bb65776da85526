#pragma once

// The meaning of a bound query, by trying everything: no plan, no index, no
// batches. What a real execution is compared with.

#include <string>
#include <vector>

#include "server/query/query.h"
#include "tests/support/toy_graph.h"

namespace twingraph::query {

// All rows in the form of FormatRow, sorted. TOP is left out; COUNT() gives its
// one row.
std::vector<std::string> BruteForceRows(const CompiledQuery& query,
                                        const ToyGraph& graph);

}  // namespace twingraph::query
