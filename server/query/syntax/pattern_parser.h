#pragma once

// The pattern of MATCH. Pure apart from the reader.

#include "server/query/syntax/ast.h"
#include "server/query/syntax/token_reader.h"

namespace twingraph::query {

// Parses the nodes and edges behind the word MATCH; false on a problem, which
// the reader then has. Arrows are put together here: "<-" is two tokens,
// because elsewhere it is "less than minus".
bool ParsePattern(TokenReader& reader, Pattern& pattern);

}  // namespace twingraph::query
