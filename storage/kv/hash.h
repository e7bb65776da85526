#pragma once

// The hash of the stored formats and of in-memory tables: XXH3, 64 bits, seed
// 0. Frozen where it is stored (group records). Not cryptographic. Pure.

#include <cstdint>

#include "absl/strings/string_view.h"

#include "storage/kv/space.h"

namespace twingraph::kv {

uint64_t Hash64(absl::string_view bytes);

// Hash of a key of a space.
uint64_t HashKey(SpaceId space, absl::string_view key);

}  // namespace twingraph::kv
