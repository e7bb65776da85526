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
  // Opens a store that lacks commits because its log is damaged, or whose mark
  // of an orderly close is, with what is there, as a restore: in a new epoch.
  // What else is damaged stays so.
  bool accept_lost_commits = false;
  // The file system below, for tests of power loss and full disks. Null: the
  // system's. Must outlive the engine.
  rocksdb::Env* env = nullptr;
};

// Opens the store of a directory, or makes one. Where the disk has no room for
// that, a store that needs no commit to be opened is opened for reading only:
// it stays as it is and writes are STORE_FULL until there is room, which is
// looked for a few times a second.
// Errors: RESOURCE_EXHAUSTED / STORE_FULL; FAILED_PRECONDITION /
// STORE_FORMAT_TOO_NEW; FAILED_PRECONDITION / STORE_UNAVAILABLE where another
// process uses the directory, it holds something else, or a restore into it was
// cut off; DATA_LOSS / STORE_CORRUPT; UNAVAILABLE / STORE_UNAVAILABLE where the
// disk fails.
absl::StatusOr<std::unique_ptr<kv::Engine>> OpenEngine(
    const std::vector<kv::SpaceSpec>& spaces, const StoreOptions& options);

// Puts a backup that an engine made in the directory `backups` (the newest with
// id 0) where a store is to be, and says which it was. `target` must not exist;
// it is there whole or not at all. The store opens as a copy, so it begins a
// new epoch.
// Errors: NOT_FOUND / BACKUP_NOT_FOUND; FAILED_PRECONDITION / BACKUP_UNUSABLE
// where `target` exists or `backups` cannot be read; DATA_LOSS / STORE_CORRUPT
// for a damaged backup; UNAVAILABLE / STORE_UNAVAILABLE and RESOURCE_EXHAUSTED
// / STORE_FULL of the disk.
absl::StatusOr<kv::Backup> RestoreBackup(const std::string& backups,
                                         uint32_t id,
                                         const std::string& target);

}  // namespace twingraph::kv_rocks
