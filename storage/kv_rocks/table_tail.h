#pragma once

// The end of a table as RocksDB reads it first: where the block of properties
// ends, a count is used before the checksum of the block is compared, and a
// damaged one ends the process (RocksDB 7.8). So it is looked at before a
// database is opened. Reads files; nothing else.

#include <string>

#include "absl/status/status.h"

namespace twingraph::kv_rocks {

// Looks at 53 and 9 bytes of each table in a directory; other damage is left
// for RocksDB to find. A table that a power loss left unfinished has zeros
// there, which is no error: nothing reads it.
// Errors: DATA_LOSS / STORE_CORRUPT naming the file; UNAVAILABLE /
// STORE_UNAVAILABLE where the directory cannot be read.
absl::Status CheckTableTails(const std::string& directory);

}  // namespace twingraph::kv_rocks
