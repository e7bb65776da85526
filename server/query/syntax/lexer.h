#pragma once

// Query text to tokens. Pure.

#include <vector>

#include "absl/strings/string_view.h"

#include "server/query/syntax/token.h"

namespace twingraph::query {

// The tokens of `text`, closed by one of kind kEnd. Never fails: what is no
// token becomes kInvalid, and reading goes on behind it.
//
// Two places depend on what comes before: "[" after "-" opens a relationship of
// a pattern, so that "-[[[x]]]->" holds the escaped name x; and ".." is never
// part of a number, so that "1..3" is three tokens. The arrows of patterns are
// made by the parser, because "<-" in "a<-1" is two.
std::vector<Token> Tokenize(absl::string_view text);

}  // namespace twingraph::query
