#pragma once

// The smallest parts of a query: paths and values. Functions return false on a
// problem, which the reader then has. Pure apart from the reader.

#include "absl/strings/string_view.h"

#include "server/query/syntax/ast.h"
#include "server/query/syntax/token_reader.h"

namespace twingraph::query {

// Names joined by dots. The first may not be a reserved word; the others may.
// `what` is for the message.
bool ParsePath(TokenReader& reader, absl::string_view what, Path& path);

// A path, or a string, number, boolean or null.
bool ParseOperand(TokenReader& reader, Operand& operand);

}  // namespace twingraph::query
