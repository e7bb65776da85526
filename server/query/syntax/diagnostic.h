#pragma once

// What is wrong with a query text, and how people and programs are told. Pure.

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "server/query/syntax/token.h"

namespace twingraph::query {

enum class ProblemKind {
  kSyntax,    // not of the grammar
  kSemantic,  // names and values that do not fit
  kFeature,   // a documented restriction of the language
  kLimit,     // too much of something
};

struct Problem {
  ProblemKind kind = ProblemKind::kSyntax;
  // Id of the check, as server/query/README.md lists them; "syntax" for what
  // the grammar refuses.
  absl::string_view rule = "syntax";
  Span span;
  std::string message;
};

// INVALID_ARGUMENT / INVALID_QUERY with the metadata that Compile promises. The
// message ends with the line of the text (the part around the place, where it
// is long) and a caret below the place.
absl::Status MakeQueryError(absl::string_view text, const Problem& problem);

}  // namespace twingraph::query
