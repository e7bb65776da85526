#pragma once

// After a process that ended without closing: does what the write-ahead logs
// hold follow what tables hold? RocksDB takes a list of its files that was cut
// for a shorter one, goes on behind the gap, and removes the files that it does
// not find named.

// Covered by tests/storage/kv_rocks/corruption_test.cc.

#include <string>

#include "absl/status/status.h"

#include "storage/kv_rocks/options.h"

namespace twingraph::kv_rocks {

// Opens the store of a directory for reading and follows the records of groups
// from the head back to the newest one that is in no write-ahead log, or to the
// retention floor. Changes nothing.
// Errors: DATA_LOSS / STORE_CORRUPT where one is missing; as reads.
absl::Status CheckLogChain(const std::string& directory, const Tuning& tuning);

}  // namespace twingraph::kv_rocks
