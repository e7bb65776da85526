#pragma once

// Lines of case files: a set of models with a question, answered as a line of
// JSON. Pure. The members of a line:
//   id         repeated in the answer
//   dtdl       array of what the parser is given: interfaces or arrays of them
//   options    optional: "AllowUndefinedExtensions",
//              "DisallowUndefinedExtensions"
//   maxDtdlVersion, acceptableLimits   optional: as in dtdl::ParseOptions
//   subject, submit   of an instance line: an id, and the text of a value

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace twingraph::cli {

// {"id", "valid", "errors": [rule ids, each once]}, and where references lead
// nowhere, "unresolved": [ids].
// Errors: INVALID_ARGUMENT / INVALID_FIELD for a line that is no case.
absl::StatusOr<std::string> AnswerCase(absl::string_view line);

// {"id", "conforms"}, and where it does not, "error" with the first reason.
// Errors: as AnswerCase.
absl::StatusOr<std::string> AnswerInstance(absl::string_view line);

}  // namespace twingraph::cli
