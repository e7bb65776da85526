#pragma once

// `--at TOKEN|TIME` of the commands that read: which state they see.

#include <string>

#include "CLI/App.hpp"
#include "absl/status/statusor.h"

#include "twingraph/v1/consistency.pb.h"

namespace twingraph::cli {

// A time as RFC 3339 has it, such as 2026-05-31T08:00:00Z, or a revision token:
// no token has a colon or begins with a date. Only the server knows whether it
// is one.
// Errors: INVALID_ARGUMENT / INVALID_FIELD for what can be neither.
absl::StatusOr<v1::ReadOptions> ParseReadAt(const std::string& text);

// Adds `--at` to `command`; it sets `read`, which outlives the parsing.
void AddAtOption(CLI::App& command, v1::ReadOptions& read);

}  // namespace twingraph::cli
