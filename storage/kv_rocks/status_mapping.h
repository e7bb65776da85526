#pragma once

// Where RocksDB's errors end: its text goes to the log, the caller gets ours.
// Safe from any thread.

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "rocksdb/status.h"

namespace twingraph::kv_rocks {

// The error of a read or write while doing `what` ("get", "apply", "open") in
// `space`: the name of a key space, "log", or "store" for all of it. OK for OK.
// Results: DATA_LOSS / STORE_CORRUPT for damaged bytes and missing files, with
// the name of the `file` where RocksDB says it;
// kv::IncompleteError() for a read that would leave the cache;
// DEADLINE_EXCEEDED / CALL_ENDED; RESOURCE_EXHAUSTED / STORE_FULL; UNAVAILABLE
// / STORE_UNAVAILABLE for everything else.
absl::Status ToStatus(const rocksdb::Status& status, absl::string_view what,
                      absl::string_view space = "store");

// What opening a database came to. RocksDB tells of files that do not fit each
// other in many ways.
absl::Status OpenStatus(const rocksdb::Status& status);

}  // namespace twingraph::kv_rocks
