#pragma once

// Declares the variables and segments of a MATCH. Pure.

#include <cstddef>
#include <optional>

#include "server/query/bind/bound.h"
#include "server/query/syntax/ast.h"
#include "server/query/syntax/diagnostic.h"

namespace twingraph::query {

// Adds the pattern to `bound`, which declares nothing yet; the first problem
// where it breaks a rule. All segments together have at most `hops` hops.
std::optional<Problem> BindPattern(const Pattern& pattern, size_t hops,
                                   BoundQuery& bound);

}  // namespace twingraph::query
