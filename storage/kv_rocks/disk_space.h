#pragma once

// Keeps the last bytes of a disk for what must always be possible: flushing,
// compacting, trimming, closing. So a full disk refuses commits before a write
// fails half-way, and what has been acknowledged can be cleaned up. Safe from
// any thread.

#include <atomic>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "rocksdb/env.h"

namespace twingraph::kv_rocks {

// What RocksDB writes at least before a store is open: its options and list of
// files.
inline constexpr uint64_t kBytesOfAnEmptyStore = 256 << 10;

class DiskSpace {
 public:
  // Watches the file system of `directory` through `env`, which outlives this.
  // No reserve: never refuses.
  DiskSpace(rocksdb::Env& env, std::string directory, uint64_t reserve_bytes)
      : env_(env),
        directory_(std::move(directory)),
        reserve_bytes_(reserve_bytes) {}

  // OK where `needed_bytes` are free, or it is not known.
  // Errors: RESOURCE_EXHAUSTED / STORE_FULL, with both numbers and what to do.
  absl::Status CheckRoomToOpen(uint64_t needed_bytes) const;

  // OK while more than the reserve is free. Asks the file system a few times a
  // second; once too little was free, waits for a quarter more than the
  // reserve.
  // Errors: RESOURCE_EXHAUSTED / STORE_FULL, with the numbers and what to do.
  absl::Status Check() const;

 private:
  void Refresh() const;

  // So much more than the reserve that it does not flap.
  uint64_t BytesToWriteAgain() const {
    return reserve_bytes_ + reserve_bytes_ / 4;
  }

  rocksdb::Env& env_;
  const std::string directory_;
  const uint64_t reserve_bytes_;
  // When to ask again, in nanoseconds of a steady clock.
  mutable std::atomic<int64_t> next_refresh_{0};
  mutable std::atomic<uint64_t> free_bytes_{UINT64_MAX};
  mutable std::atomic<bool> is_full_{false};
};

}  // namespace twingraph::kv_rocks
