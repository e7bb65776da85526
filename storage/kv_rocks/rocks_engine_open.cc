// Covered by tests/storage/kv_rocks/store_test.cc and disk_fault_test.cc.
#include <filesystem>
#include <optional>
#include <system_error>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "rocksdb/db.h"

#include "storage/base/log.h"
#include "storage/base/status.h"
#include "storage/kv_rocks/head_row.h"
#include "storage/kv_rocks/log_chain.h"
#include "storage/kv_rocks/rocks_engine.h"
#include "storage/kv_rocks/status_mapping.h"
#include "storage/kv_rocks/table_tail.h"
#include "storage/kv_rocks/wal_check.h"
#include "storage/kv_rocks/wal_gap.h"
#include "storage/kv_rocks/wal_record.h"

namespace twingraph::kv_rocks {
namespace {

// A store that is open for reading only looks for room this often.
constexpr absl::Duration kPauseBetweenLooks = absl::Milliseconds(500);

// What RocksDB writes before a store is open, and as tables what is in logs
// only.
absl::StatusOr<uint64_t> BytesToOpen(const std::string& directory) {
  uint64_t bytes = kBytesOfAnEmptyStore;
  ASSIGN_OR_RETURN(const std::vector<std::string> logs, WalFiles(directory));
  for (const std::string& name : logs) {
    std::error_code error;
    const uint64_t size = std::filesystem::file_size(
        std::filesystem::path(directory) / name, error);
    bytes += error ? 0 : size;
  }
  return bytes;
}

// Why a store is read and not written, as its callers are told.
absl::Status ReadOnly(const absl::Status& why) {
  absl::Status status(
      why.code(),
      absl::StrCat(why.message(), ReasonOf(why) == v1::ERROR_REASON_STORE_FULL
                                      ? ", and writes come back by themselves"
                                      : ""));
  why.ForEachPayload([&](absl::string_view type, const absl::Cord& payload) {
    status.SetPayload(type, payload);
  });
  return status;
}

}  // namespace

absl::Status RocksEngine::CheckLog() {
  if (opened_as() != kv::OpenedAs::kUnclean) {
    return absl::OkStatus();
  }
  if (!directory_->was_synced()) {
    return DropLogsBehindGap(directory_->path());
  }
  absl::Status status = wal_note_.Check();
  bool is_torn = false;
  if (status.ok()) {
    const absl::StatusOr<bool> torn = CheckNewestLog(directory_->path());
    status = torn.status();
    is_torn = torn.value_or(false);
  }
  // A power loss tears the end of the log, and so does what cuts acknowledged
  // commits off: in case it was that, old tokens must not name other states.
  return is_torn || (absl::IsDataLoss(status) && options_.accept_lost_commits)
             ? directory_->AcceptDamage()
             : status;
}

void RocksEngine::NoteLog(const Database& database) {
  std::unique_ptr<rocksdb::LogFile> log;
  if (database.db().GetCurrentWalFile(&log).ok()) {
    // The same as before the last commit: it went there.
    wal_note_.Note(log->LogNumber(), log->LogNumber() == wal_note_.number());
  }
}

absl::Status RocksEngine::Open() {
  absl::Status status = OpenDatabase();
  is_open_ = status.ok();
  if (!is_open_) {
    database_.Close().IgnoreError();
    LeaveAsFound();
  } else if (database_.written() == nullptr) {
    begins_writing_.Start(kPauseBetweenLooks,
                          [this] { return TryToBeginWriting(); });
  }
  return status;
}

absl::Status RocksEngine::OpenDatabase() {
  RETURN_IF_ERROR(CheckTableTails(options_.directory));
  RETURN_IF_ERROR(CheckLog());
  tuning_ = MakeTuning(options_, spaces_, history_floor_);
  if (opened_as() == kv::OpenedAs::kUnclean ||
      opened_as() == kv::OpenedAs::kCopy) {
    // Opening it for writing would remove what is not named.
    RETURN_IF_ERROR(CheckLogChain(options_.directory, tuning_));
  }
  absl::StatusOr<std::unique_ptr<Database>> written =
      OpenForWriting(/*compacts=*/true);
  if (written.ok()) {
    NoteLog(**written);
    database_.SetWritten(*std::move(written));
  } else if (ReasonOf(written.status()) == v1::ERROR_REASON_STORE_FULL &&
             (opened_as() == kv::OpenedAs::kClean ||
              opened_as() == kv::OpenedAs::kUnclean)) {
    // What needs no commit of its own can be read all the same.
    RETURN_IF_ERROR(OpenForReading(written.status()));
  } else {
    return written.status();
  }
  RETURN_IF_ERROR(LoadHead());
  size_.Start(head().revision);
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<Database>> RocksEngine::OpenForWriting(
    bool compacts) {
  ASSIGN_OR_RETURN(const uint64_t needed, BytesToOpen(options_.directory));
  RETURN_IF_ERROR(disk_space_.CheckRoomToOpen(needed));
  RETURN_IF_ERROR(directory_->TakeCleanMark());
  RETURN_IF_ERROR(wal_note_.Forget());
  std::vector<rocksdb::ColumnFamilyDescriptor> families = tuning_.families;
  for (rocksdb::ColumnFamilyDescriptor& family : families) {
    family.options.disable_auto_compactions = !compacts;
  }
  rocksdb::DB* opened = nullptr;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  RETURN_IF_ERROR(OpenStatus(rocksdb::DB::Open(
      tuning_.database, options_.directory, families, &handles, &opened)));
  return std::make_unique<Database>(
      spaces_, std::unique_ptr<rocksdb::DB>(opened), handles);
}

absl::Status RocksEngine::OpenForReading(const absl::Status& why) {
  {
    MutexLock lock(mutex_);
    read_only_ = ReadOnly(why);
  }
  LogWarning("store_opened_for_reading_only",
             {{"cause", read_only().message()}});
  LeaveAsFound();
  rocksdb::DB* opened = nullptr;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  RETURN_IF_ERROR(OpenStatus(
      rocksdb::DB::OpenForReadOnly(OptionsToRead(tuning_), options_.directory,
                                   tuning_.families, &handles, &opened)));
  database_.SetReading(std::make_unique<Database>(
      spaces_, std::unique_ptr<rocksdb::DB>(opened), handles));
  return absl::OkStatus();
}

// Where no commit was taken.
void RocksEngine::LeaveAsFound() {
  directory_->PutCleanMarkBack().IgnoreError();
  wal_note_.PutBack();
}

absl::Status RocksEngine::BeginWriting() {
  // Compaction waits until the files that are read are held.
  ASSIGN_OR_RETURN(std::unique_ptr<Database> written,
                   OpenForWriting(/*compacts=*/false));
  ASSIGN_OR_RETURN(
      const std::optional<kv::EngineHead> found,
      ReadHead(written->db(), written->family(Family::kPoints), nullptr));
  if (found.value_or(kv::EngineHead()).record_hash != head().record_hash) {
    return DataLoss("the store is not as it was read", {{"space", "store"}});
  }
  ASSIGN_OR_RETURN(Database::HeldFiles files, written->HoldFiles());
  RETURN_IF_ERROR(ToStatus(
      written->db().EnableAutoCompaction(written->families().all()), "open"));
  NoteLog(*written);
  database_.Get()->Keep(std::move(files));
  tuning_.errors->NoteWrite(absl::OkStatus());
  database_.SetWritten(std::move(written));
  return absl::OkStatus();
}

bool RocksEngine::TryToBeginWriting() {
  const absl::Status status = BeginWriting();
  if (status.ok()) {
    LogWarning("store_opened_for_writing");
    return true;
  }
  LeaveAsFound();
  const absl::Status why = ReadOnly(status);
  if (ReasonOf(why) != ReasonOf(read_only())) {
    LogWarning("store_stays_open_for_reading_only", {{"cause", why.message()}});
  }
  MutexLock lock(mutex_);
  read_only_ = why;
  return false;
}

absl::Status RocksEngine::LoadHead() {
  const std::shared_ptr<Database> database = database_.Get();
  ASSIGN_OR_RETURN(
      const std::optional<kv::EngineHead> stored,
      ReadHead(database->db(), database->family(Family::kPoints), nullptr));
  MutexLock lock(mutex_);
  head_ = stored.value_or(kv::EngineHead());
  return absl::OkStatus();
}

// Everything in durable files, then the mark that says so. Where the disk takes
// no more, what is there is left as the end of the process would leave it.
void RocksEngine::Close() {
  sweeper_.Stop();
  begins_writing_.Stop();
  Database* const database = database_.written();
  if (database == nullptr) {
    LeaveAsFound();
    return;
  }
  absl::Status status;
  if (is_open_) {
    status = Flush();
  }
  status.Update(database_.Close());
  if (status.ok() && is_open_) {
    status = directory_->MarkClean();
  }
  if (!status.ok()) {
    LogWarning("store_closed_uncleanly", {{"error", status.message()}});
  }
}

}  // namespace twingraph::kv_rocks
