#pragma once

// Are the tables of an open database as they were written? Reads all their
// bytes; the write buffers and the write-ahead log are not among them.

#include "absl/status/status.h"
#include "rocksdb/db.h"

#include "storage/base/context.h"

namespace twingraph::kv_rocks {

// Reads and writes go on meanwhile; files that they no longer need are removed
// at the end of the call.
// Errors: DATA_LOSS / STORE_CORRUPT naming the family and the file of the first
// damage; UNAVAILABLE / STORE_UNAVAILABLE; CANCELLED, DEADLINE_EXCEEDED /
// CALL_ENDED.
absl::Status VerifyTables(const Context& ctx, rocksdb::DB& db);

}  // namespace twingraph::kv_rocks
