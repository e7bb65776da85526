#pragma once

// Is the write-ahead log whole up to its end? RocksDB takes the first damaged
// record for the end of the log, as it must after a power loss, and drops what
// stands behind it. Where every record was synced before the next was written,
// only the last one can be torn: whole records behind a damaged one mean that
// stored bytes went bad, and that acknowledged commits would be dropped without
// a word. Reads files; nothing else.

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace twingraph::kv_rocks {

// Checks the newest log in a directory of RocksDB: is its last record torn?
// False where there is none.
// REQUIRES: each write to it was synced. Costs a pass over the file.
// Errors, with the path: DATA_LOSS / STORE_CORRUPT; UNAVAILABLE /
// STORE_UNAVAILABLE.
absl::StatusOr<bool> CheckNewestLog(const std::string& directory);

// Does a whole record begin behind the first damaged one? `log` is the content
// of a log file in RocksDB's format: blocks of 32 KiB with records of
// crc32c:4 length:2 type:1 payload.
bool IsDamagedBeforeItsEnd(absl::string_view log);

// Does a log end with anything else than a whole record?
bool IsTorn(absl::string_view log);

}  // namespace twingraph::kv_rocks
