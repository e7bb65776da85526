#pragma once

// Conditions, by recursive descent: NOT binds closer than AND, AND closer than
// OR. Pure apart from the reader.

#include <cstddef>
#include <memory>

#include "server/query/syntax/ast.h"
#include "server/query/syntax/token_reader.h"

namespace twingraph::query {

// Parses what stands behind WHERE; null on a problem, which the reader then
// has. Parentheses and NOTs may be nested at most `nesting` deep, so no text
// can exhaust the stack.
std::unique_ptr<Condition> ParseCondition(TokenReader& reader, size_t nesting);

}  // namespace twingraph::query
