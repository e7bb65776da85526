#pragma once

// The documented rule that JOIN and MATCH are anchored: its condition forces
// the $dtId of some twin into a finite set. Also how a planner finds such sets.
// Pure.

#include <optional>
#include <string>
#include <vector>

#include "server/query/bind/bound.h"

namespace twingraph::query {

struct IdSet {
  std::vector<std::string> ids;  // sorted, each once
  bool is_exact = true;          // the expression says this and no more
};

// The ids that `expression` allows for twin `variable`; nullopt where it does
// not limit them: a.$dtId = x, a.$dtId IN [...]; AND by either side; OR where
// both sides do.
std::optional<IdSet> AllowedIds(const Expression& expression, size_t variable);

// Is the $dtId of some twin variable limited by the conjuncts, or in every
// branch of an OR that of one or another?
bool HasAnchor(const BoundQuery& query);

}  // namespace twingraph::query
