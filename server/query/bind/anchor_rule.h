#pragma once

// The documented rule that a JOIN is anchored: its condition forces the $dtId
// of some twin into a finite set. Also how a planner finds such sets. Pure.

#include <optional>
#include <string>
#include <vector>

#include "server/query/bind/bound.h"

namespace twingraph::query {

// The ids that `expression` allows for twin `variable`, each once; nullopt
// where it does not limit them: a.$dtId = x, a.$dtId IN [...]; AND by either
// side; OR where both sides do.
std::optional<std::vector<std::string>> AllowedIds(const Expression& expression,
                                                   size_t variable);

// Is the $dtId of some twin variable limited by the conjuncts, or in every
// branch of an OR that of one or another?
bool HasAnchor(const BoundQuery& query);

}  // namespace twingraph::query
