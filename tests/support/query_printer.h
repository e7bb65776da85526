#pragma once

// A query's tree as text: canonical, so that two trees are equal if their texts
// are.

#include <string>

#include "server/query/syntax/ast.h"

namespace twingraph::query {

std::string PrintQuery(const Query& query);

}  // namespace twingraph::query
