#pragma once

// Lets expired history leave the disk. RocksDB drops entries when it compacts
// them, which it may never do with old files on its own; once most of the
// history has expired, this compacts it, in the background. Start is for one
// thread at a time.

#include <atomic>
#include <thread>

#include "rocksdb/db.h"

#include "storage/kv/row.h"

namespace twingraph::kv_rocks {

class HistorySweeper {
 public:
  HistorySweeper() = default;

  // Ends a sweep that is under way, without harm, and waits for it.
  // REQUIRES: the database is still open.
  ~HistorySweeper() { Stop(); }

  HistorySweeper(const HistorySweeper&) = delete;
  HistorySweeper& operator=(const HistorySweeper&) = delete;

  // Sweeps where at least half of the revisions since the last sweep have
  // expired and none is under way, so that each entry is rewritten about once.
  void Start(rocksdb::DB& database, rocksdb::ColumnFamilyHandle* history,
             kv::Revision floor, kv::Revision head);

  // Counts from here without a sweep: what a store that is opened again does
  // with the floor it had.
  void StartFrom(kv::Revision floor) { swept_ = floor; }

  void Stop();

 private:
  std::thread thread_;
  std::atomic<bool> is_running_{false};
  std::atomic<bool> is_cancelled_{false};
  // The floor of the last sweep.
  kv::Revision swept_ = 0;
};

}  // namespace twingraph::kv_rocks
