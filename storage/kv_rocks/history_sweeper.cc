// Covered by tests/storage/kv_rocks/store_test.cc.
#include "storage/kv_rocks/history_sweeper.h"

#include <utility>

#include "storage/base/status.h"
#include "storage/kv_rocks/status_mapping.h"

namespace twingraph::kv_rocks {

void HistorySweeper::Start(rocksdb::DB& database,
                           rocksdb::ColumnFamilyHandle* history,
                           rocksdb::ColumnFamilyHandle* log, kv::Revision floor,
                           std::string first_kept) {
  MutexLock lock(mutex_);
  if (is_cancelled_.load() || is_running_.exchange(true)) {
    return;
  }
  if (thread_.joinable()) {
    thread_.join();
  }
  thread_ = std::thread([this, &database, history, log, floor,
                         first_kept = std::move(first_kept)] {
    rocksdb::CompactRangeOptions options;
    options.exclusive_manual_compaction = false;
    options.canceled = &is_cancelled_;
    // The last level too: that is where old entries lie.
    options.bottommost_level_compaction =
        rocksdb::BottommostLevelCompaction::kForceOptimized;
    const rocksdb::Slice end(first_kept);
    rocksdb::Status status =
        database.CompactRange(options, history, nullptr, nullptr);
    if (status.ok()) {
      status = database.CompactRange(options, log, nullptr, &end);
    }
    if (status.ok()) {
      size_.Left(floor);
    } else if (!status.IsIncomplete() && !status.IsShutdownInProgress()) {
      // A failure is in the log; the next sweep is the next chance.
      ToStatus(status, "sweep history").IgnoreError();
    }
    is_running_.store(false);
  });
}

void HistorySweeper::Stop() {
  is_cancelled_.store(true);
  MutexLock lock(mutex_);
  if (thread_.joinable()) {
    thread_.join();
  }
}

}  // namespace twingraph::kv_rocks
