#pragma once

// RocksDB's write-ahead logs as bytes: blocks of 32 KiB with records of
// crc32c:4 length:2 type:1 payload. Reads files; nothing else.

// Covered by tests/storage/kv_rocks/wal_check_test.cc.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace twingraph::kv_rocks {

inline constexpr size_t kWalBlockBytes = 32 << 10;
inline constexpr size_t kWalHeaderBytes = 7;

// Types of records: a whole one, or the parts of one that spans blocks.
inline constexpr uint8_t kWalFull = 1;
inline constexpr uint8_t kWalFirst = 2;
inline constexpr uint8_t kWalLast = 4;

// The type of a record and its length with header; length 0: there is no whole
// one.
struct WalRecord {
  uint8_t type = 0;
  size_t bytes = 0;
};

// The record at the start of `bytes`, which end with their block.
WalRecord WalRecordAt(absl::string_view bytes);

// A batch of writes in a log: its first sequence number, how many it has, and
// the bytes of which RocksDB makes a WriteBatch.
struct WalBatch {
  uint64_t sequence = 0;
  uint32_t count = 0;
  absl::string_view bytes;
};

// Visits the batches of a log up to the first damaged record.
void VisitBatches(absl::string_view log,
                  absl::FunctionRef<void(const WalBatch&)> visit);

// Names of the logs in a directory, oldest first. Errors: as NamesIn.
absl::StatusOr<std::vector<std::string>> WalFiles(const std::string& directory);

// Errors: as ReadFile; DATA_LOSS / STORE_CORRUPT where it is not there.
absl::StatusOr<std::string> ReadWal(const std::string& path);

}  // namespace twingraph::kv_rocks
