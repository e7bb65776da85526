// Covered by tests/storage/kv_rocks/disk_fault_test.cc.
#include "storage/kv_rocks/database.h"

#include "storage/base/status_macros.h"
#include "storage/kv_rocks/status_mapping.h"
#include "storage/kv_rocks/wal_gap.h"

namespace twingraph::kv_rocks {
namespace {

// Nothing is ever stored here: in the engine's own space, beside its head.
const rocksdb::Slice kNoKey("\0", 1);

}  // namespace

absl::StatusOr<Database::HeldFiles> Database::HoldFiles() const {
  HeldFiles files;
  for (rocksdb::ColumnFamilyHandle* family : families_.all()) {
    files.emplace_back(db_->NewIterator(rocksdb::ReadOptions(), family));
    RETURN_IF_ERROR(
        ToStatus(files.back()->status(), "hold files", family->GetName()));
  }
  return files;
}

std::unique_ptr<rocksdb::Iterator> NewLogIterator(
    rocksdb::DB& db, rocksdb::ColumnFamilyHandle* log) {
  rocksdb::ReadOptions options;
  options.ignore_range_deletions = kIgnoreRangeDeletions;
  return std::unique_ptr<rocksdb::Iterator>(db.NewIterator(options, log));
}

rocksdb::Status Database::Write(const rocksdb::WriteOptions& options,
                                rocksdb::WriteBatch& batch) {
  rocksdb::ColumnFamilyHandle* const points = family(Family::kPoints);
  uint64_t rows_in_memory = 0;
  db_->GetIntProperty(points,
                      rocksdb::DB::Properties::kNumEntriesActiveMemTable,
                      &rows_in_memory);
  if (rows_in_memory == 0) {
    rocksdb::WriteOptions unlogged;
    unlogged.disableWAL = true;
    const rocksdb::Status status = db_->Delete(unlogged, points, kNoKey);
    if (!status.ok()) {
      return status;
    }
    ++unlogged_;
  }
  if (unlogged_ > 0) {
    NoteUnlogged(unlogged_, batch);
  }
  const rocksdb::Status status = db_->Write(options, &batch);
  unlogged_ = status.ok() ? 0 : unlogged_ + batch.Count();
  return status;
}

absl::Status Database::Close() {
  if (db_ == nullptr) {
    return absl::OkStatus();
  }
  for (const auto& handles : {families_.all(), replaced_}) {
    for (rocksdb::ColumnFamilyHandle* each : handles) {
      db_->DestroyColumnFamilyHandle(each);
    }
  }
  const absl::Status status = ToStatus(db_->Close(), "close");
  db_.reset();
  kept_.clear();
  return status;
}

std::shared_ptr<Database> CurrentDatabase::Get() const {
  const auto uncounted = [](Database* database) {
    return std::shared_ptr<Database>(std::shared_ptr<Database>(), database);
  };
  if (Database* const database = written(); database != nullptr) {
    return uncounted(database);
  }
  MutexLock lock(mutex_);
  return reading_ != nullptr ? reading_ : uncounted(written());
}

void CurrentDatabase::SetReading(std::unique_ptr<Database> database) {
  MutexLock lock(mutex_);
  reading_ = std::move(database);
}

void CurrentDatabase::SetWritten(std::unique_ptr<Database> database) {
  written_ = std::move(database);
  written_now_.store(written_.get(), std::memory_order_release);
  std::shared_ptr<Database> last;  // closed, where nobody reads, without a lock
  MutexLock lock(mutex_);
  last.swap(reading_);
}

absl::Status CurrentDatabase::Close() {
  {
    MutexLock lock(mutex_);
    reading_.reset();
  }
  return written_ == nullptr ? absl::OkStatus() : written_->Close();
}

}  // namespace twingraph::kv_rocks
