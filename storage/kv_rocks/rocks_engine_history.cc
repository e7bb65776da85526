// Covered by tests/conformance/kv and tests/storage/kv_rocks/store_test.cc.
#include <algorithm>

#include "rocksdb/convenience.h"
#include "rocksdb/db.h"
#include "rocksdb/write_batch.h"

#include "storage/base/status.h"
#include "storage/kv/group_record.h"
#include "storage/kv_rocks/family.h"
#include "storage/kv_rocks/head_row.h"
#include "storage/kv_rocks/rocks_engine.h"
#include "storage/kv_rocks/status_mapping.h"

namespace twingraph::kv_rocks {
absl::StatusOr<std::unique_ptr<kv::Snapshot>> RocksEngine::OpenSnapshot()
    const {
  const std::shared_ptr<Database> database = database_.Get();
  const Families families = database->families();
  const rocksdb::Snapshot* snapshot = database->db().GetSnapshot();
  const auto head =
      ReadHead(database->db(), families[Family::kPoints], snapshot);
  if (!head.ok()) {
    database->db().ReleaseSnapshot(snapshot);
    return head.status();
  }
  return std::make_unique<RocksSnapshot>(
      database, families, snapshot, head->value_or(kv::EngineHead()).revision);
}

absl::Status RocksEngine::ReadLog(
    const Context& ctx, kv::Revision from,
    absl::FunctionRef<bool(absl::string_view record)> visit) const {
  const std::shared_ptr<Database> database = database_.Get();
  const auto iterator =
      NewLogIterator(database->db(), database->family(Family::kLog));
  iterator->SeekForPrev(LogKey(std::max(from, history_floor_.load())));
  RETURN_IF_ERROR(ToStatus(iterator->status(), "read log", "log"));
  if (!iterator->Valid()) {
    iterator->SeekToFirst();
  }
  for (; iterator->Valid(); iterator->Next()) {
    RETURN_IF_ERROR(ctx.Check());
    const absl::string_view record(iterator->value().data(),
                                   iterator->value().size());
    ASSIGN_OR_RETURN(const kv::GroupRecordHeader header,
                     kv::DecodeGroupHeader(record));
    if (header.last_revision() >= from && !visit(record)) {
      return absl::OkStatus();
    }
  }
  return ToStatus(iterator->status(), "read log", "log");
}

absl::StatusOr<std::string> RocksEngine::FirstKept(const Database& database,
                                                   kv::Revision floor) {
  const auto iterator =
      NewLogIterator(database.db(), database.family(Family::kLog));
  iterator->SeekForPrev(LogKey(floor));
  if (iterator->Valid()) {
    return iterator->key().ToString();
  }
  RETURN_IF_ERROR(ToStatus(iterator->status(), "trim", "log"));
  return std::string();
}

absl::Status RocksEngine::Trim(kv::Revision floor) {
  const bool is_opening =
      !is_floor_told_.exchange(true) && opened_as() != kv::OpenedAs::kEmpty;
  if (floor <= history_floor_.load()) {
    return absl::OkStatus();
  }
  Database* const database = database_.written();
  if (database == nullptr) {
    // What has expired may stay. Only opening comes here: no commit moves the
    // floor.
    history_floor_.store(floor);
    size_.GiveUp(floor);
    return absl::OkStatus();
  }
  {
    // What moved the floor must not be lost once what is below it is gone.
    MutexLock writing(write_mutex_);
    RETURN_IF_ERROR(SyncLog(*database));
  }
  history_floor_.store(floor);
  ASSIGN_OR_RETURN(const std::string first_kept, FirstKept(*database, floor));
  if (first_kept.empty()) {
    return absl::OkStatus();
  }
  const std::string begin = LogKey(0);
  rocksdb::ColumnFamilyHandle* const log = database->family(Family::kLog);
  {
    rocksdb::WriteBatch batch;
    RETURN_IF_ERROR(
        ToStatus(batch.DeleteRange(log, begin, first_kept), "trim"));
    MutexLock writing(write_mutex_);
    RETURN_IF_ERROR(
        ToStatus(database->Write(rocksdb::WriteOptions(), batch), "trim"));
  }
  // Whole files go at once; the range is for what is left of it.
  const rocksdb::Slice first = begin;
  const rocksdb::Slice last = first_kept;
  RETURN_IF_ERROR(
      ToStatus(rocksdb::DeleteFilesInRange(&database->db(), log, &first, &last,
                                           /*include_end=*/false),
               "trim"));
  if (is_opening) {
    size_.GiveUp(floor);
    return absl::OkStatus();
  }
  WeighHistory(*database);
  // So that each entry is rewritten about once.
  if (size_.ShareUpTo(floor) >= 0.5) {
    Sweep(*database, first_kept);
  }
  return absl::OkStatus();
}

// What was there at opening is weighed when somebody needs it: opening reads
// few files.
void RocksEngine::WeighHistory(const Database& database) {
  std::call_once(weighed_, [&] {
    uint64_t bytes = 0;
    for (const Family which : {Family::kHistory, Family::kLog}) {
      rocksdb::TablePropertiesCollection tables;
      database.db()
          .GetPropertiesOfAllTables(database.family(which), &tables)
          .PermitUncheckedError();
      for (const auto& [name, table] : tables) {
        bytes += table->raw_key_size + table->raw_value_size;
      }
    }
    size_.Weigh(bytes);
  });
}

void RocksEngine::Sweep(const Database& database, std::string first_kept) {
  sweeper_.Start(database.db(), database.family(Family::kHistory),
                 database.family(Family::kLog), history_floor_.load(),
                 std::move(first_kept));
}

kv::Revision RocksEngine::FloorForBytes(uint64_t bytes) {
  const kv::EngineStats stats = Stats();
  const uint64_t taken = stats.history_bytes + stats.log_bytes;
  Database* const database = database_.written();
  if (taken <= bytes || database == nullptr) {
    return 0;
  }
  WeighHistory(*database);
  if (size_.has_rest()) {
    const absl::StatusOr<std::string> first_kept =
        FirstKept(*database, history_floor_.load());
    if (first_kept.ok()) {
      Sweep(*database, *first_kept);
    }
    return 0;
  }
  return size_.FloorKeeping(static_cast<double>(bytes) /
                            static_cast<double>(taken));
}

}  // namespace twingraph::kv_rocks
