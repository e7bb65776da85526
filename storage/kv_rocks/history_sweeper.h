#pragma once

// Lets expired history and log leave the disk. RocksDB drops entries when it
// compacts them, which it may never do with old files on its own; once most of
// the bytes have expired, this compacts them, in the background. Safe from any
// thread, apart from Stop.

#include <atomic>
#include <string>
#include <thread>

#include "rocksdb/db.h"

#include "storage/base/mutex.h"
#include "storage/kv/history_size.h"
#include "storage/kv/row.h"

namespace twingraph::kv_rocks {

class HistorySweeper {
 public:
  // `size` learns what has left.
  explicit HistorySweeper(kv::HistorySize& size) : size_(size) {}

  // Ends a sweep that is under way, without harm, and waits for it.
  // REQUIRES: the database is still open.
  ~HistorySweeper() { Stop(); }

  HistorySweeper(const HistorySweeper&) = delete;
  HistorySweeper& operator=(const HistorySweeper&) = delete;

  // Drops the entries of `history` up to `floor` and what is below `first_kept`
  // in `log`, where no sweep is under way.
  void Start(rocksdb::DB& database, rocksdb::ColumnFamilyHandle* history,
             rocksdb::ColumnFamilyHandle* log, kv::Revision floor,
             std::string first_kept);

  void Stop();

 private:
  kv::HistorySize& size_;
  Mutex mutex_;
  std::thread thread_ ABSL_GUARDED_BY(mutex_);
  std::atomic<bool> is_running_{false};
  std::atomic<bool> is_cancelled_{false};
};

}  // namespace twingraph::kv_rocks
