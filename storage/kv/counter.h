#pragma once

// The value of a counter row: a signed 64-bit number, 8 bytes little endian,
// wrapping on overflow. Frozen: stored. Pure; safe from any thread.

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace twingraph::kv {

std::string EncodeCounter(int64_t number);

// The number; nullopt where the value is not one of 8 bytes.
std::optional<int64_t> DecodeCounter(absl::string_view value);

// a + b, wrapping.
int64_t AddWrapping(int64_t a, int64_t b);

}  // namespace twingraph::kv
