#pragma once

// The row that says where a store stands, written with each group. Frozen:
// stored, see storage/README.md ("RocksDB").

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "rocksdb/db.h"

#include "storage/kv/engine.h"

namespace twingraph::kv_rocks {

// Space 0 belongs to the engine: no table may use it.
inline const rocksdb::Slice kHeadKey("\0head", 5);

// store_id:16 epoch:8 revision:8 record_hash:8 commit_time_nanos:8, numbers
// little endian.
std::string EncodeHead(const kv::EngineHead& head);

// The head at `snapshot`, or the newest where it is null; nullopt in an empty
// store.
// Errors: DATA_LOSS / STORE_CORRUPT; UNAVAILABLE / STORE_UNAVAILABLE.
absl::StatusOr<std::optional<kv::EngineHead>> ReadHead(
    rocksdb::DB& db, rocksdb::ColumnFamilyHandle* family,
    const rocksdb::Snapshot* snapshot);

}  // namespace twingraph::kv_rocks
