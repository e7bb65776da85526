#pragma once

// Are the tables of an open database as they were written? Reads all their
// bytes; the write buffers and the write-ahead log are not among them.

#include <vector>

#include "absl/status/statusor.h"
#include "rocksdb/db.h"

#include "storage/base/context.h"
#include "storage/kv/engine.h"

namespace twingraph::kv_rocks {

// All tables that are damaged, with family and file. Reads and writes go on
// meanwhile; files that they no longer need are removed at the end of the call.
// Errors: UNAVAILABLE / STORE_UNAVAILABLE; CANCELLED, DEADLINE_EXCEEDED /
// CALL_ENDED.
absl::StatusOr<std::vector<kv::Damage>> VerifyTables(const Context& ctx,
                                                     rocksdb::DB& db);

}  // namespace twingraph::kv_rocks
