#pragma once

// An error for people: code, reason and sentence, then one line for each wrong
// field and each variable part. Pure.

#include <string>

#include "absl/status/status.h"

namespace twingraph::cli {

// Ends with a line break. Example:
//   error: INVALID_ARGUMENT / CONTENT_INVALID: temperature: a number is needed
//     field temperature: a number is needed
//     model: dtmi:demo:Room;1
std::string FormatError(const absl::Status& status);

// The error as one JSON object: code, reason, message, violations, metadata.
std::string FormatErrorJson(const absl::Status& status);

}  // namespace twingraph::cli
