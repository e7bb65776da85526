// Covered by tests/storage/kv_rocks/corruption_test.cc.
#include "storage/kv_rocks/log_chain.h"

#include <memory>
#include <optional>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "rocksdb/db.h"

#include "storage/base/log.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/kv/counter.h"
#include "storage/kv/group_record.h"
#include "storage/kv_rocks/database.h"
#include "storage/kv_rocks/family.h"
#include "storage/kv_rocks/head_row.h"
#include "storage/kv_rocks/status_mapping.h"
#include "storage/kv_rocks/wal_record.h"

namespace twingraph::kv_rocks {
namespace {

absl::Status Gap(const std::string& directory, kv::Revision revision) {
  LogError("store_failed",
           {{"while", "open"},
            {"engine", absl::StrCat("no group ends with ", revision)}});
  return DataLoss(
      absl::StrCat("the list of the store's files in ", directory,
                   " lacks files, so commits that were acknowledged would be "
                   "missing"),
      {{"space", "store"}, {"while", "open"}});
}

// At most: batches without a group are among them.
absl::StatusOr<uint64_t> GroupsInLogs(const std::string& directory) {
  uint64_t count = 0;
  ASSIGN_OR_RETURN(const std::vector<std::string> names, WalFiles(directory));
  for (const std::string& name : names) {
    ASSIGN_OR_RETURN(const std::string log,
                     ReadWal(absl::StrCat(directory, "/", name)));
    VisitBatches(log, [&count](const WalBatch&) { ++count; });
  }
  return count;
}

absl::StatusOr<kv::Revision> ReadFloor(rocksdb::DB& db) {
  const std::string key = FamilyKey(kv::kSystemSpace, kv::kFloorKey);
  std::string stored;
  const rocksdb::Status status =
      db.Get(rocksdb::ReadOptions(), db.DefaultColumnFamily(), key, &stored);
  if (status.IsNotFound()) {
    return kv::Revision{0};
  }
  RETURN_IF_ERROR(ToStatus(status, "open", "system"));
  const std::optional<int64_t> floor = stored.size() < kRevisionBytes
                                           ? std::nullopt
                                           : kv::DecodeCounter(ValueIn(stored));
  return static_cast<kv::Revision>(floor.value_or(0));
}

absl::Status Follow(const std::string& directory, rocksdb::DB& db,
                    rocksdb::ColumnFamilyHandle* log) {
  ASSIGN_OR_RETURN(
      const std::optional<kv::EngineHead> head,
      ReadHead(db, db.DefaultColumnFamily(), /*snapshot=*/nullptr));
  ASSIGN_OR_RETURN(const kv::Revision floor, ReadFloor(db));
  ASSIGN_OR_RETURN(uint64_t left, GroupsInLogs(directory));
  kv::Revision expected = head.value_or(kv::EngineHead()).revision;
  const std::unique_ptr<rocksdb::Iterator> iterator = NewLogIterator(db, log);
  iterator->SeekToLast();
  for (++left; left > 0 && expected > floor; --left) {
    RETURN_IF_ERROR(ToStatus(iterator->status(), "open", "log"));
    if (!iterator->Valid()) {
      return Gap(directory, expected);
    }
    ASSIGN_OR_RETURN(const kv::GroupRecordHeader header,
                     kv::DecodeGroupHeader(
                         {iterator->value().data(), iterator->value().size()}));
    if (header.last_revision() != expected) {
      return Gap(directory, expected);
    }
    expected = header.previous_revision;
    iterator->Prev();
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckLogChain(const std::string& directory, const Tuning& tuning) {
  const rocksdb::DBOptions options = OptionsToRead(tuning);
  std::vector<std::string> names;
  RETURN_IF_ERROR(
      OpenStatus(rocksdb::DB::ListColumnFamilies(options, directory, &names)));
  if (!absl::c_linear_search(names, NameOf(Family::kLog))) {
    // A store whose making was cut off, which took no commit.
    ASSIGN_OR_RETURN(const uint64_t groups, GroupsInLogs(directory));
    return groups == 0 ? absl::OkStatus() : Gap(directory, 0);
  }
  // No others: a kill may have left a store without that of the indexes.
  const auto family = [&tuning](Family which) {
    return tuning.families[static_cast<size_t>(which)];
  };
  rocksdb::DB* opened = nullptr;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  RETURN_IF_ERROR(OpenStatus(rocksdb::DB::OpenForReadOnly(
      options, directory, {family(Family::kPoints), family(Family::kLog)},
      &handles, &opened)));
  const std::unique_ptr<rocksdb::DB> db(opened);
  const absl::Status status = Follow(directory, *db, handles[1]);
  for (rocksdb::ColumnFamilyHandle* const handle : handles) {
    db->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
  }
  return status;
}

}  // namespace twingraph::kv_rocks
