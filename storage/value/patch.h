#pragma once

// Changes inside a value by JSON Pointer (RFC 6901) and JSON Patch (RFC 6902):
// add, replace and remove. Pure. Errors are sentences for people; who knows the
// operation's index makes the full error of it.

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "storage/value/value.h"

namespace twingraph {

// The unescaped parts of a JSON Pointer: "/a~1b/c" -> "a/b", "c"; "" -> none.
// Errors: INVALID_ARGUMENT / INVALID_PATCH where it does not begin with "/" or
// has a bad escape.
absl::StatusOr<std::vector<std::string>> ParseJsonPointer(
    absl::string_view pointer);

// Puts `value` at the path: adds or replaces a map's entry, inserts into a list
// ("-": at its end). The parent must exist.
// Errors: INVALID_ARGUMENT / INVALID_PATCH.
absl::Status AddAtPath(Value& root, absl::Span<const std::string> path,
                       Value value);

// Replaces what is at the path, which must exist.
// Errors: INVALID_ARGUMENT / INVALID_PATCH.
absl::Status ReplaceAtPath(Value& root, absl::Span<const std::string> path,
                           Value value);

// Removes what is at the path, which must exist.
// Errors: INVALID_ARGUMENT / INVALID_PATCH.
absl::Status RemoveAtPath(Value& root, absl::Span<const std::string> path);

}  // namespace twingraph
