#pragma once

// A number with its noun, for people. Pure.

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace twingraph::cli {

// "1 model", "2 models". REQUIRES: a noun whose plural only adds an s.
std::string Count(uint64_t count, absl::string_view noun);

}  // namespace twingraph::cli
