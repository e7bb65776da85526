// Covered by tests/storage/kv/group_record_test.cc (golden bytes).
#include "storage/kv/hash.h"

#include <xxhash.h>

namespace twingraph::kv {

uint64_t Hash64(absl::string_view bytes) {
  return XXH3_64bits(bytes.data(), bytes.size());
}

uint64_t HashKey(SpaceId space, absl::string_view key) {
  return XXH3_64bits_withSeed(key.data(), key.size(), space);
}

}  // namespace twingraph::kv
