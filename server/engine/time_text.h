#pragma once

// Times in texts that clients write. (How times are shown: FormatQueryTime of
// server/query/row.h.) Pure.

#include <optional>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace twingraph::engine {

// Reads RFC 3339 with any zone and fraction, from the year 1678 to 2261;
// nullopt for anything else.
std::optional<absl::Time> ParseTime(absl::string_view text);

}  // namespace twingraph::engine
