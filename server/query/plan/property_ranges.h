#pragma once

// Conditions on one property as ranges of its values. Pure.

#include <cstddef>
#include <optional>
#include <vector>

#include "server/query/expr/expression.h"
#include "server/query/graph_view.h"

namespace twingraph::query {

struct RangesOfCondition {
  std::vector<PropertyRange> ranges;  // of one path, disjoint
  // True: the condition holds exactly for values in the ranges. False: it holds
  // for none outside.
  bool is_exact = true;
};

// The ranges of a property of `variable` outside of which the condition is not
// true; nullopt where there are none (a negation, two properties).
std::optional<RangesOfCondition> RangesOf(const Expression& condition,
                                          size_t variable);

}  // namespace twingraph::query
