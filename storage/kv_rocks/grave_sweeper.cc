// Covered by tests/storage/kv_rocks/store_test.cc.
#include "storage/kv_rocks/grave_sweeper.h"

#include <cstdint>
#include <cstdlib>
#include <string>

namespace twingraph::kv_rocks {
namespace {

// Deletions between two looks: a look costs a lock.
constexpr size_t kLookEvery = 256;
// Fewer graves are not worth a file, and would not mark it for compaction.
constexpr uint64_t kFewGraves = 1024;
// Rows for each grave in the write buffer when it is flushed. Measured: a grave
// costs a scan two and a half to four times what a row does, and about as many
// are in what is being flushed and compacted. The aim is twice a fresh scan;
// bench/README.md says what is reached.
constexpr uint64_t kRowsPerGrave = 8;
// More files than this await compaction: another one would not help.
constexpr int kMostFiles = 3;

uint64_t Number(rocksdb::DB& database, rocksdb::ColumnFamilyHandle* family,
                const std::string& property) {
  uint64_t value = 0;
  database.GetIntProperty(family, property, &value);
  return value;
}

bool IsDue(rocksdb::DB& database, rocksdb::ColumnFamilyHandle* family) {
  using P = rocksdb::DB::Properties;
  const uint64_t graves =
      Number(database, family, P::kNumDeletesActiveMemTable);
  if (graves < kFewGraves ||
      graves < Number(database, family, P::kEstimateNumKeys) / kRowsPerGrave) {
    return false;
  }
  std::string files;
  database.GetProperty(family, P::kNumFilesAtLevelPrefix + "0", &files);
  return Number(database, family, P::kNumImmutableMemTable) == 0 &&
         std::atoi(files.c_str()) <= kMostFiles;
}

}  // namespace

void GraveSweeper::Note(rocksdb::DB& database,
                        rocksdb::ColumnFamilyHandle* family, size_t deletions) {
  unseen_ += deletions;
  if (unseen_ < kLookEvery) {
    return;
  }
  unseen_ = 0;
  if (!IsDue(database, family)) {
    return;
  }
  rocksdb::FlushOptions options;
  options.wait = false;
  // No buffer is on its way to the disk, so there is no stall to wait for.
  options.allow_write_stall = true;
  // What fails in the background is told to BackgroundErrors; what fails here,
  // the next write meets too.
  database.Flush(options, family).PermitUncheckedError();
}

}  // namespace twingraph::kv_rocks
