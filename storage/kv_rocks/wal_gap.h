#pragma once

// Logs that were not synced may reach the disk in any order: after a power loss
// an older log can lack its last records while a newer one has its first.
// RocksDB notices where a record is torn, and not where the older log ends
// between two records: it would go on with the newer one, and commits in the
// middle would be missing.

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "rocksdb/write_batch.h"

namespace twingraph::kv_rocks {

// Notes in a batch that up to so many sequence numbers before it stand in no
// log, so that they are not taken for a gap: 8 bytes of log data.
void NoteUnlogged(uint64_t count, rocksdb::WriteBatch& batch);

// Removes the logs behind the first gap in the sequence numbers of a store that
// was not closed. REQUIRES: what they hold may be lost: durability os.
// Errors: UNAVAILABLE / STORE_UNAVAILABLE.
absl::Status DropLogsBehindGap(const std::string& directory);

}  // namespace twingraph::kv_rocks
