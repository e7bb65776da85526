#pragma once

// What RocksDB does after the disk failed under it, or a compaction met damaged
// bytes. Safe from any thread.

#include <atomic>

#include "absl/status/status.h"
#include "rocksdb/listener.h"

#include "storage/base/mutex.h"

namespace twingraph::kv_rocks {

// Lets the database be resumed after any failure of the disk, and logs what
// failed. RocksDB gives up for good where a write of the log or of a file
// failed in a way that it does not know; but resuming writes everything that is
// in memory to new files and begins a new log (Database::Write) and manifest,
// so nothing that may have been lost on its way to the disk is relied on. A
// compaction that met
// damaged bytes stays fatal, except in indexes, which can be made again.
class BackgroundErrors final : public rocksdb::EventListener {
 public:
  const char* Name() const override { return "twingraph.BackgroundErrors"; }

  // Comes before the error that RocksDB makes of a compaction that failed.
  void OnCompactionCompleted(rocksdb::DB* db,
                             const rocksdb::CompactionJobInfo& job) override;

  void OnBackgroundError(rocksdb::BackgroundErrorReason reason,
                         rocksdb::Status* error) override;

  // The last failure since a write worked; OK without.
  absl::Status failure() const {
    MutexLock lock(mutex_);
    return failure_;
  }

  // The last failure while RocksDB was at work, wherever; OK where there was
  // none.
  absl::Status last() const {
    MutexLock lock(mutex_);
    return last_;
  }

  // Was anything stopped since the last call? Then the database is to be
  // resumed. RocksDB's own answer stays yes after the first time.
  bool TakeStop() { return is_stopped_.exchange(false); }

  // Resuming did not work.
  void NoteStop() { is_stopped_.store(true); }

  // DATA_LOSS naming the family in which a compaction met damaged bytes; OK
  // without.
  absl::Status damage() const {
    MutexLock lock(mutex_);
    return damage_;
  }

  // It is seen to.
  void ForgetDamage() {
    MutexLock lock(mutex_);
    damage_ = absl::OkStatus();
  }

  // What a write came to.
  void NoteWrite(const absl::Status& status) {
    MutexLock lock(mutex_);
    failure_ = status;
  }

 private:
  mutable Mutex mutex_;
  absl::Status failure_ ABSL_GUARDED_BY(mutex_);
  absl::Status last_ ABSL_GUARDED_BY(mutex_);
  std::atomic<bool> is_stopped_{false};
  absl::Status damage_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace twingraph::kv_rocks
