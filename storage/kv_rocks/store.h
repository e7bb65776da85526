#pragma once

// The embedded engine: RocksDB in a directory of its own. The only layer that
// names RocksDB. Keeps the laws of storage/kv/README.md; what lies in the
// directory is drawn in storage/README.md ("RocksDB").

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "storage/kv/engine.h"
#include "storage/kv/space.h"

namespace rocksdb {
class Env;
}

namespace twingraph::kv_rocks {

struct StoreOptions {
  // Made, with its parents, where it is absent. Used by one process at a time.
  std::string directory;
  // Block cache and write buffers together, in bytes. At least 8 MiB.
  size_t memory_budget_bytes = size_t{128} << 20;
  // Commits are refused while less than this is free on the disk; what is left
  // is for flushing, compacting and trimming. 0: only when a write fails.
  uint64_t disk_reserve_bytes = uint64_t{64} << 20;
  // Opens a store that lacks commits because its log is damaged, with what is
  // there, as a restore: in a new epoch. What else is damaged stays so.
  bool accept_lost_commits = false;
  // The file system below, for tests of power loss and full disks. Null: the
  // system's. Must outlive the engine.
  rocksdb::Env* env = nullptr;
};

// Opens the store of a directory, or makes one.
// Errors: FAILED_PRECONDITION / STORE_FORMAT_TOO_NEW; FAILED_PRECONDITION /
// STORE_UNAVAILABLE where another process uses the directory or it holds
// something else; DATA_LOSS / STORE_CORRUPT; UNAVAILABLE / STORE_UNAVAILABLE
// where the disk fails.
absl::StatusOr<std::unique_ptr<kv::Engine>> OpenEngine(
    const std::vector<kv::SpaceSpec>& spaces, const StoreOptions& options);

}  // namespace twingraph::kv_rocks
