#pragma once

// A RocksDB file system whose disk fails when a test says so: full (half of a
// write gets through, as on a real disk) or broken. Safe from any thread.

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "rocksdb/env.h"

#include "storage/base/mutex.h"

namespace twingraph {

class FaultyDisk {
 public:
  enum class Fault { kNone, kFull, kBroken };

  FaultyDisk();

  // What an engine is given; must not outlive this.
  rocksdb::Env* env() { return env_.get(); }

  // Writes and syncs of files whose name holds `part` fail from now on; new
  // files too. Empty: all files.
  void FailWrites(Fault fault, const std::string& part = "");

  // Reads of files whose name holds `part` fail.
  void FailReads(const std::string& part);

  // All is well again.
  void Repair();

  // What the file system says is free; UINT64_MAX: the truth.
  void SetFreeBytes(uint64_t bytes) { free_bytes_.store(bytes); }

  uint64_t free_bytes() const { return free_bytes_.load(); }

  // How many writes were refused.
  int failures() const { return failures_.load(); }

  // The fault of a write or read of `name`, which counts.
  Fault WriteFault(const std::string& name);
  Fault ReadFault(const std::string& name);

 private:
  std::unique_ptr<rocksdb::Env> env_;
  Mutex mutex_;
  Fault write_fault_ ABSL_GUARDED_BY(mutex_) = Fault::kNone;
  std::string write_part_ ABSL_GUARDED_BY(mutex_);
  Fault read_fault_ ABSL_GUARDED_BY(mutex_) = Fault::kNone;
  std::string read_part_ ABSL_GUARDED_BY(mutex_);
  std::atomic<uint64_t> free_bytes_{UINT64_MAX};
  std::atomic<int> failures_{0};
};

}  // namespace twingraph
