#pragma once

// Tokens to a tree, by recursive descent; grammar in server/query/README.md.
// Pure.

#include <cstddef>
#include <optional>
#include <variant>

#include "absl/strings/string_view.h"

#include "server/query/syntax/ast.h"
#include "server/query/syntax/diagnostic.h"

namespace twingraph::query {

// Parses a query; the first problem where it is not of the language. Conditions
// may be nested at most `nesting` deep, so no text can exhaust the stack.
std::variant<Query, Problem> ParseQuery(absl::string_view text, size_t nesting);

}  // namespace twingraph::query
