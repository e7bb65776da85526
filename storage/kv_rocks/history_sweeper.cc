// Covered by tests/storage/kv_rocks/store_test.cc.
#include "storage/kv_rocks/history_sweeper.h"

#include "storage/base/status.h"
#include "storage/kv_rocks/status_mapping.h"

namespace twingraph::kv_rocks {

void HistorySweeper::Start(rocksdb::DB& database,
                           rocksdb::ColumnFamilyHandle* history,
                           kv::Revision floor, kv::Revision head) {
  const bool is_worth_it =
      floor > swept_ && floor - swept_ >= (head - swept_) / 2;
  if (!is_worth_it || is_running_.exchange(true)) {
    return;
  }
  if (thread_.joinable()) {
    thread_.join();
  }
  swept_ = floor;
  thread_ = std::thread([this, &database, history] {
    rocksdb::CompactRangeOptions options;
    options.exclusive_manual_compaction = false;
    options.canceled = &is_cancelled_;
    // The last level too: that is where old entries lie.
    options.bottommost_level_compaction =
        rocksdb::BottommostLevelCompaction::kForceOptimized;
    const rocksdb::Status status =
        database.CompactRange(options, history, nullptr, nullptr);
    if (!status.IsIncomplete() && !status.IsShutdownInProgress()) {
      // A failure is in the log; the next sweep is the next chance.
      ToStatus(status, "sweep history").IgnoreError();
    }
    is_running_.store(false);
  });
}

void HistorySweeper::Stop() {
  is_cancelled_.store(true);
  if (thread_.joinable()) {
    thread_.join();
  }
}

}  // namespace twingraph::kv_rocks
