#pragma once

// Values on the command line: NAME=VALUE, where VALUE is JSON, or text where it
// is not JSON. Pure.

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/struct.pb.h"

#include "storage/value/value.h"

namespace twingraph::cli {

// "level=2" -> {"level", 2}; "name=Room 1" -> {"name", "Room 1"}. Quotes make a
// text of what would be JSON: 'code="12"'.
// Errors: INVALID_ARGUMENT / INVALID_FIELD without "=" or with an empty name.
absl::StatusOr<std::pair<std::string, Value>> ParseAssignment(
    absl::string_view text);

// The content that `object` (a JSON object, may be empty) and then assignments
// give.
// Errors: INVALID_ARGUMENT / INVALID_FIELD.
absl::StatusOr<google::protobuf::Struct> ParseContent(
    absl::string_view object, const std::vector<std::string>& assignments);

}  // namespace twingraph::cli
