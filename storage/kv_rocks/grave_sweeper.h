#pragma once

// Keeps an index whose values change all the time quick to scan. A row that is
// deleted leaves a grave, and a scan steps over each of them: in the write
// buffer over the row below it too. RocksDB flushes by bytes, which lets a
// small and busy index gather many times as many graves as it has rows. So this
// counts graves against rows and flushes early; compaction, which the marks of
// the files call for, then removes them. What is only loaded has no graves and
// is flushed by bytes as ever. For one thread at a time: Apply's.

#include <cstddef>

#include "rocksdb/db.h"

namespace twingraph::kv_rocks {

class GraveSweeper {
 public:
  // Takes in the deletions of a group that was written to `family`, and begins
  // a flush in the background where it is due and the one before has settled.
  // Never waits for the disk.
  void Note(rocksdb::DB& database, rocksdb::ColumnFamilyHandle* family,
            size_t deletions);

 private:
  // Deletions since the family was looked at.
  size_t unseen_ = 0;
};

}  // namespace twingraph::kv_rocks
