// Covered by tests/conformance/kv.
#include "storage/kv_rocks/store.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "rocksdb/convenience.h"
#include "rocksdb/db.h"
#include "rocksdb/utilities/checkpoint.h"
#include "rocksdb/write_batch.h"
#include "rocksdb/write_buffer_manager.h"

#include "storage/base/bytes.h"
#include "storage/base/log.h"
#include "storage/base/mutex.h"
#include "storage/base/retry_thread.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/kv/apply.h"
#include "storage/kv/fixed_int.h"
#include "storage/kv/history_size.h"
#include "storage/kv_rocks/backup.h"
#include "storage/kv_rocks/cancel_watch.h"
#include "storage/kv_rocks/database.h"
#include "storage/kv_rocks/directory.h"
#include "storage/kv_rocks/disk_bytes.h"
#include "storage/kv_rocks/disk_space.h"
#include "storage/kv_rocks/durable_file.h"
#include "storage/kv_rocks/family.h"
#include "storage/kv_rocks/grave_sweeper.h"
#include "storage/kv_rocks/head_row.h"
#include "storage/kv_rocks/history_sweeper.h"
#include "storage/kv_rocks/options.h"
#include "storage/kv_rocks/read_file.h"
#include "storage/kv_rocks/state.h"
#include "storage/kv_rocks/status_mapping.h"
#include "storage/kv_rocks/table_tail.h"
#include "storage/kv_rocks/verify.h"
#include "storage/kv_rocks/wal_check.h"
#include "storage/kv_rocks/wal_gap.h"
#include "storage/kv_rocks/wal_note.h"
#include "storage/kv_rocks/wal_record.h"

namespace twingraph::kv_rocks {
namespace {

// A store that is open for reading only looks for room this often.
constexpr absl::Duration kPauseBetweenLooks = absl::Milliseconds(500);

// Iterates over the log.
std::unique_ptr<rocksdb::Iterator> LogIterator(const Database& database) {
  rocksdb::ReadOptions options;
  options.ignore_range_deletions = kIgnoreRangeDeletions;
  return std::unique_ptr<rocksdb::Iterator>(
      database.db().NewIterator(options, database.family(Family::kLog)));
}

std::string LogKey(kv::Revision revision) {
  std::string key;
  kv::AppendKey64(revision, key);
  return key;
}

// Puts the rows of a group into one batch.
class BatchSink final : public kv::RowSink {
 public:
  BatchSink(const Database& database, rocksdb::WriteBatch& batch)
      : database_(database), batch_(batch) {}

  void Put(kv::SpaceId space, absl::string_view key, absl::string_view value,
           kv::Revision revision) override {
    if (space == kv::kHistorySpace) {
      history_bytes_ += key.size() + value.size();
    }
    Note(batch_.Put(family(space), FamilyKey(space, key),
                    StoredRow(value, revision)));
  }

  void Delete(kv::SpaceId space, absl::string_view key) override {
    graves_ += FamilyOf(database_.spaces()[space]) == Family::kChurning ? 1 : 0;
    Note(batch_.Delete(family(space), FamilyKey(space, key)));
  }

  // Rows deleted in the churning family.
  size_t graves() const { return graves_; }

  // Keys and values of history entries.
  size_t history_bytes() const { return history_bytes_; }

  absl::Status status() const { return ToStatus(status_, "apply"); }

 private:
  rocksdb::ColumnFamilyHandle* family(kv::SpaceId space) const {
    return database_.family(FamilyOf(database_.spaces()[space]));
  }

  void Note(const rocksdb::Status& status) {
    if (status_.ok()) {
      status_ = status;
    }
  }

  const Database& database_;
  rocksdb::WriteBatch& batch_;
  size_t graves_ = 0;
  size_t history_bytes_ = 0;
  rocksdb::Status status_;
};

rocksdb::Env& EnvOf(const StoreOptions& options) {
  return options.env == nullptr ? *rocksdb::Env::Default() : *options.env;
}

class RocksEngine final : public kv::Engine {
 public:
  RocksEngine(const std::vector<kv::SpaceSpec>& spaces,
              std::unique_ptr<StoreDirectory> directory,
              const StoreOptions& options)
      : spaces_(spaces),
        directory_(std::move(directory)),
        options_(options),
        disk_space_(EnvOf(options), options.directory,
                    options.disk_reserve_bytes) {}

  ~RocksEngine() override { Close(); }

  absl::Status Open();

  const kv::SpaceTable& spaces() const override { return spaces_; }

  kv::OpenedAs opened_as() const override { return directory_->opened_as(); }

  const kv::State& newest() const override { return newest_; }

  kv::EngineHead head() const override {
    MutexLock lock(mutex_);
    return head_;
  }

  absl::StatusOr<std::unique_ptr<kv::Snapshot>> OpenSnapshot() const override;

  absl::Status CheckWritable() const override {
    return database_.written() != nullptr ? disk_space_.Check() : read_only();
  }

  absl::StatusOr<kv::ApplyResult> Apply(const kv::EncodedGroup& group,
                                        kv::Durability durability) override;
  absl::Status ReadLog(
      const Context& ctx, kv::Revision from,
      absl::FunctionRef<bool(absl::string_view record)> visit) const override;
  absl::Status Trim(kv::Revision floor) override;
  kv::Revision FloorForBytes(uint64_t bytes) override;
  absl::Status Checkpoint(const std::string& path) override;
  absl::StatusOr<kv::Backup> CreateBackup(
      const Context& ctx, const std::string& directory) override;

  absl::StatusOr<std::vector<kv::Backup>> ListBackups(
      const std::string& directory) const override {
    RETURN_IF_ERROR(CheckOwner(StoreId(), directory));
    return kv_rocks::ListBackups(directory);
  }

  absl::StatusOr<std::vector<kv::Backup>> VerifyBackups(
      const Context& ctx, const std::string& directory) const override {
    RETURN_IF_ERROR(CheckOwner(StoreId(), directory));
    return kv_rocks::VerifyBackups(ctx, directory);
  }

  absl::StatusOr<std::vector<kv::Backup>> DeleteOldBackups(
      const Context& ctx, const std::string& directory,
      const kv::Pruning& pruning) override {
    MutexLock lock(backup_mutex_);
    RETURN_IF_ERROR(CheckOwner(StoreId(), directory));
    return kv_rocks::DeleteOldBackups(ctx, directory, pruning);
  }

  absl::StatusOr<std::vector<kv::Damage>> Verify(
      const Context& ctx) const override {
    const std::shared_ptr<Database> database = database_.Get();
    return VerifyTables(ctx, database->db());
  }

  absl::Status ClearChurning() override;
  absl::Status Flush() override;
  absl::Status Compact(const Context& ctx) override;
  kv::EngineStats Stats() const override;

 private:
  // The database to write.
  // Errors: why the store is open for reading only.
  absl::StatusOr<Database*> Written() const {
    if (Database* const database = database_.written(); database != nullptr) {
      return database;
    }
    return read_only();
  }

  absl::Status read_only() const {
    MutexLock lock(mutex_);
    return read_only_;
  }

  // In hexadecimal.
  std::string StoreId() const {
    const auto store_id = head().incarnation.store_id;
    return ToHex(
        {reinterpret_cast<const char*>(store_id.data()), store_id.size()});
  }

  absl::Status OpenDatabase();
  absl::StatusOr<std::unique_ptr<Database>> OpenForWriting(bool compacts);
  absl::Status OpenForReading(const absl::Status& why);
  // Exchanges the database for reading only for one that is written.
  absl::Status BeginWriting();
  bool TryToBeginWriting();
  absl::Status CheckLog();
  void NoteLog(const Database& database);
  absl::Status LoadHead();
  // The log's key of the group that holds the floor; empty where the log is.
  static absl::StatusOr<std::string> FirstKept(const Database& database,
                                               kv::Revision floor);
  void WeighHistory(const Database& database);
  void Sweep(const Database& database, std::string first_kept);
  absl::Status SyncLog(Database& database)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(write_mutex_);
  absl::Status Recover(const Database& database)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(write_mutex_);
  absl::Status LeaveUncompacted(const Database& database,
                                const absl::Status& damage);
  void Close();

  const kv::SpaceTable spaces_;
  // Touched by opening, also later where the store is open for reading only,
  // and by Apply.
  const std::unique_ptr<StoreDirectory> directory_;
  const StoreOptions options_;
  const DiskSpace disk_space_;
  std::atomic<kv::Revision> history_floor_ = 0;
  Tuning tuning_;
  CurrentDatabase database_;
  const NewestState newest_{database_};
  // Did opening succeed, so that closing may leave its mark?
  bool is_open_ = false;
  // Held while a group is applied or a family is replaced.
  Mutex write_mutex_;
  mutable Mutex mutex_;
  kv::EngineHead head_ ABSL_GUARDED_BY(mutex_);
  // Why there is no database to write, where there is none.
  absl::Status read_only_ ABSL_GUARDED_BY(mutex_);
  // Touched as the directory.
  WalNote wal_note_{directory_->path()};
  // Why a write failed: whether its rows are in shows when the head is read
  // again. OK where nothing is in doubt.
  absl::Status doubt_ ABSL_GUARDED_BY(write_mutex_);
  // Was a group of this opening written without waiting for the disk? Touched
  // by Apply only.
  bool is_lazy_ = false;
  // Touched by Apply only.
  GraveSweeper graves_;
  // One at a time writes to a directory of backups.
  Mutex backup_mutex_;
  kv::HistorySize size_;
  std::once_flag weighed_;
  // Was Trim called, which tells a store that is opened again its floor?
  std::atomic<bool> is_floor_told_{false};
  HistorySweeper sweeper_{size_};
  RetryThread begins_writing_;
};

// What RocksDB writes before a store is open: its options and list of files,
// and as tables what is in logs only.
constexpr uint64_t kOptionsAndLists = 256 << 10;

absl::StatusOr<uint64_t> BytesToOpen(const std::string& directory) {
  uint64_t bytes = kOptionsAndLists;
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

// A family that was cleared meanwhile leaves nothing to do.
absl::Status UnlessCleared(const rocksdb::Status& status,
                           absl::string_view what,
                           rocksdb::ColumnFamilyHandle* family) {
  return status.IsColumnFamilyDropped()
             ? absl::OkStatus()
             : ToStatus(status, what, family->GetName());
}

// RocksDB tells of files that do not fit each other in many ways.
absl::Status OpenStatus(const rocksdb::Status& status) {
  return ToStatus(status.IsInvalidArgument() || status.IsNotFound()
                      ? rocksdb::Status::Corruption(status.ToString())
                      : status,
                  "open");
}

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
    directory_->PutCleanMarkBack().IgnoreError();
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
  directory_->PutCleanMarkBack().IgnoreError();
  rocksdb::DBOptions options = tuning_.database;
  // Its buffers stay full, for which others must not be flushed.
  options.write_buffer_manager =
      std::make_shared<rocksdb::WriteBufferManager>(0, tuning_.cache);
  rocksdb::DB* opened = nullptr;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  RETURN_IF_ERROR(OpenStatus(rocksdb::DB::OpenForReadOnly(
      options, options_.directory, tuning_.families, &handles, &opened)));
  database_.SetReading(std::make_unique<Database>(
      spaces_, std::unique_ptr<rocksdb::DB>(opened), handles));
  return absl::OkStatus();
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
  directory_->PutCleanMarkBack().IgnoreError();
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

// After a failed write: makes the database writable again and finds out whether
// the write got in.
absl::Status RocksEngine::Recover(const Database& database) {
  const absl::Status damage = tuning_.errors->damage();
  if (!damage.ok()) {
    RETURN_IF_ERROR(LeaveUncompacted(database, damage));
  }
  const rocksdb::Status resumed = database.db().Resume();
  if (resumed.IsBusy()) {
    return doubt_.ok() ? tuning_.errors->last() : doubt_;  // it is at it
  }
  RETURN_IF_ERROR(ToStatus(resumed, "resume"));
  if (doubt_.ok()) {
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(LoadHead());
  doubt_ = absl::OkStatus();
  tuning_.errors->NoteWrite(doubt_);
  return absl::OkStatus();
}

// Damage of indexes, which can be made again, is no reason to refuse commits:
// they are compacted no more, so nothing stumbles over it. Any other stays.
absl::Status RocksEngine::LeaveUncompacted(const Database& database,
                                           const absl::Status& damage) {
  if (MetadataOf(damage, "space") != NameOf(Family::kChurning)) {
    return damage;
  }
  RETURN_IF_ERROR(
      ToStatus(database.db().SetOptions(database.family(Family::kChurning),
                                        {{"disable_auto_compactions", "true"}}),
               "leave uncompacted", NameOf(Family::kChurning)));
  tuning_.errors->ForgetDamage();
  return absl::OkStatus();
}

absl::Status RocksEngine::ClearChurning() {
  ASSIGN_OR_RETURN(Database* const database, Written());
  MutexLock writing(write_mutex_);
  RETURN_IF_ERROR(Recover(*database));
  // The rows go durably: so must what was committed before, which says so.
  RETURN_IF_ERROR(SyncLog(*database));
  constexpr Family kCleared = Family::kChurning;
  const char* const name = NameOf(kCleared);
  // Where the process ends between the two, opening makes what is missing.
  RETURN_IF_ERROR(
      ToStatus(database->db().DropColumnFamily(database->family(kCleared)),
               "clear", name));
  rocksdb::ColumnFamilyHandle* made = nullptr;
  RETURN_IF_ERROR(ToStatus(
      database->db().CreateColumnFamily(
          tuning_.families[static_cast<size_t>(kCleared)].options, name, &made),
      "clear", name));
  database->Replace(kCleared, made);
  return absl::OkStatus();
}

absl::StatusOr<kv::ApplyResult> RocksEngine::Apply(
    const kv::EncodedGroup& group, kv::Durability durability) {
  ASSIGN_OR_RETURN(Database* const database, Written());
  MutexLock writing(write_mutex_);
  absl::Status recovered = Recover(*database);
  if (!doubt_.ok()) {
    return kv::ApplyResult{kv::ApplyOutcome::kUnknown, 0, std::move(recovered)};
  }
  const kv::EngineHead before = head();
  ASSIGN_OR_RETURN(const std::optional<kv::ApplyResult> answer,
                   kv::CheckFollows(before, group));
  if (answer.has_value()) {
    return *answer;
  }
  if (!recovered.ok()) {
    tuning_.errors->NoteWrite(recovered);
    return recovered;
  }
  rocksdb::WriteBatch batch;
  BatchSink sink(*database, batch);
  RETURN_IF_ERROR(kv::ApplyEffects(
      spaces_, group.record,
      [this](kv::SpaceId space, absl::string_view key) {
        return newest_.Get(Context(), space, key, kv::ReadTier::kAll);
      },
      sink));
  RETURN_IF_ERROR(sink.status());
  const kv::EngineHead after = kv::HeadAfter(group);
  RETURN_IF_ERROR(
      ToStatus(batch.Put(database->family(Family::kLog),
                         LogKey(group.record.first_revision), group.bytes),
               "apply"));
  RETURN_IF_ERROR(ToStatus(
      batch.Put(database->family(Family::kPoints), kHeadKey, EncodeHead(after)),
      "apply"));
  if (durability == kv::Durability::kOs && !is_lazy_) {
    RETURN_IF_ERROR(directory_->MarkLazy());
    is_lazy_ = true;
  }
  rocksdb::WriteOptions options;
  options.sync = durability == kv::Durability::kFsync;
  absl::Status written = ToStatus(database->Write(options, batch), "apply");
  if (!written.ok() && !tuning_.errors->damage().ok()) {
    written = tuning_.errors->damage();  // which says where
  }
  tuning_.errors->NoteWrite(written);
  if (!written.ok()) {
    doubt_ = written;
    return kv::ApplyResult{kv::ApplyOutcome::kUnknown, 0, std::move(written)};
  }
  if (options.sync) {
    NoteLog(*database);
  }
  {
    MutexLock lock(mutex_);
    head_ = after;
  }
  size_.Note(after.revision, group.bytes.size() + sink.history_bytes());
  graves_.Note(database->db(), database->family(Family::kChurning),
               sink.graves());
  if (opened_as() == kv::OpenedAs::kCopy &&
      after.incarnation.epoch != before.incarnation.epoch) {
    // Where that fails, the next opening begins one more epoch.
    directory_->ForgetCopy().IgnoreError();
  }
  return kv::ApplyResult{kv::ApplyOutcome::kApplied, after.revision,
                         absl::OkStatus()};
}

absl::Status RocksEngine::ReadLog(
    const Context& ctx, kv::Revision from,
    absl::FunctionRef<bool(absl::string_view record)> visit) const {
  const std::shared_ptr<Database> database = database_.Get();
  const auto iterator = LogIterator(*database);
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
  const auto iterator = LogIterator(database);
  iterator->SeekForPrev(LogKey(floor));
  if (iterator->Valid()) {
    return iterator->key().ToString();
  }
  RETURN_IF_ERROR(ToStatus(iterator->status(), "trim", "log"));
  return std::string();
}

// Not RocksDB's call for it, which ends the process where a write of the log
// has failed before.
absl::Status RocksEngine::SyncLog(Database& database) {
  rocksdb::WriteOptions options;
  options.sync = true;
  rocksdb::WriteBatch nothing;
  return ToStatus(database.Write(options, nothing), "sync log");
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

absl::Status RocksEngine::Checkpoint(const std::string& path) {
  ASSIGN_OR_RETURN(Database* const database, Written());
  ASSIGN_OR_RETURN(const bool is_taken, Exists(path));
  if (is_taken) {
    return FailedPrecondition(v1::ERROR_REASON_INVALID_FIELD,
                              "the directory for the copy exists already");
  }
  rocksdb::Checkpoint* made = nullptr;
  RETURN_IF_ERROR(ToStatus(rocksdb::Checkpoint::Create(&database->db(), &made),
                           "checkpoint"));
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);
  // There whole and marked or not at all.
  const std::string unfinished = path + ".unfinished";
  RETURN_IF_ERROR(RemoveAll(unfinished));
  RETURN_IF_ERROR(
      ToStatus(checkpoint->CreateCheckpoint(unfinished), "checkpoint"));
  RETURN_IF_ERROR(StoreDirectory::MarkCopy(unfinished));
  return RenameDurably(unfinished, path);
}

absl::StatusOr<kv::Backup> RocksEngine::CreateBackup(
    const Context& ctx, const std::string& directory) {
  RETURN_IF_ERROR(ctx.Check());
  MutexLock lock(backup_mutex_);
  RETURN_IF_ERROR(ClaimForBackups(StoreId(), directory));
  // Less log to copy, and to read again at a restore; and what fails from here
  // on is not the disk of the store.
  RETURN_IF_ERROR(Flush());
  ASSIGN_OR_RETURN(Database* const database, Written());
  return kv_rocks::CreateBackup(ctx, *database, directory);
}

absl::Status RocksEngine::Flush() {
  ASSIGN_OR_RETURN(Database* const database, Written());
  {
    MutexLock writing(write_mutex_);
    RETURN_IF_ERROR(Recover(*database));
  }
  for (rocksdb::ColumnFamilyHandle* each : database->families().all()) {
    RETURN_IF_ERROR(UnlessCleared(
        database->db().Flush(rocksdb::FlushOptions(), each), "flush", each));
  }
  return absl::OkStatus();
}

absl::Status RocksEngine::Compact(const Context& ctx) {
  ASSIGN_OR_RETURN(Database* const database, Written());
  std::atomic<bool> is_cancelled{false};
  rocksdb::CompactRangeOptions options;
  options.canceled = &is_cancelled;
  const CancelWatch watch(ctx, is_cancelled);
  // Also the last level, where expired history lies.
  options.bottommost_level_compaction =
      rocksdb::BottommostLevelCompaction::kForceOptimized;
  const kv::Revision floor = history_floor_.load();
  // Compaction that meets damage stops the whole database.
  ASSIGN_OR_RETURN(const std::vector<kv::Damage> damages, Verify(ctx));
  std::set<std::string> damaged;
  for (const kv::Damage& damage : damages) {
    damaged.insert(MetadataOf(damage.status, "space"));
  }
  for (rocksdb::ColumnFamilyHandle* each : database->families().all()) {
    if (damaged.contains(each->GetName())) {
      continue;
    }
    const rocksdb::Status status =
        database->db().CompactRange(options, each, nullptr, nullptr);
    RETURN_IF_ERROR(ctx.Check());
    RETURN_IF_ERROR(UnlessCleared(status, "compact", each));
  }
  if (!damaged.empty()) {
    return DataLoss("stored bytes are damaged; what is whole was compacted",
                    {{"space", absl::StrJoin(damaged, ",")}});
  }
  size_.Left(floor);
  return absl::OkStatus();
}

kv::EngineStats RocksEngine::Stats() const {
  using P = rocksdb::DB::Properties;
  const std::shared_ptr<Database> database = database_.Get();
  const auto number = [&](Family which, const std::string& property) {
    uint64_t value = 0;
    database->db().GetIntProperty(database->family(which), property, &value);
    return value;
  };
  kv::EngineStats stats;
  uint64_t buffers = 0;
  for (int i = 0; i < kFamilyCount; ++i) {
    const auto which = static_cast<Family>(i);
    const kv::PartStats& part = stats.parts.emplace_back(
        kv::PartStats{.name = NameOf(which),
                      .disk_bytes = number(which, P::kLiveSstFilesSize),
                      .buffer_bytes = number(which, P::kCurSizeAllMemTables),
                      .rows = number(which, P::kEstimateNumKeys)});
    buffers += part.buffer_bytes;
  }
  stats.disk_bytes = DiskBytesOf(directory_->path());
  const auto bytes_of = [&stats](Family which) {
    const kv::PartStats& part = stats.parts[static_cast<size_t>(which)];
    return part.disk_bytes + part.buffer_bytes;
  };
  stats.history_bytes = bytes_of(Family::kHistory);
  stats.log_bytes = bytes_of(Family::kLog);
  // Write buffers are charged to the cache.
  stats.memory_bytes = std::max<uint64_t>(tuning_.cache->GetUsage(), buffers);
  stats.memory_limit_bytes = tuning_.cache->GetCapacity();
  stats.write_failure =
      database_.written() != nullptr ? tuning_.errors->failure() : read_only();
  return stats;
}

// Everything in durable files, then the mark that says so. Where the disk takes
// no more, what is there is left as the end of the process would leave it.
void RocksEngine::Close() {
  sweeper_.Stop();
  begins_writing_.Stop();
  Database* const database = database_.written();
  if (database == nullptr) {
    directory_->PutCleanMarkBack().IgnoreError();
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

// A store that could not take its first commit is not begun: it would be a
// graph in the way of a restore.
absl::Status CheckRoomForNew(const StoreOptions& options) {
  std::filesystem::path place = AbsolutePath(options.directory);
  std::error_code error;
  if (std::filesystem::exists(place, error)) {
    return absl::OkStatus();
  }
  while (place.has_relative_path() && !std::filesystem::exists(place, error)) {
    place = place.parent_path();
  }
  return DiskSpace(EnvOf(options), place, options.disk_reserve_bytes)
      .CheckRoomToOpen(options.disk_reserve_bytes + kOptionsAndLists);
}

}  // namespace

absl::StatusOr<std::unique_ptr<kv::Engine>> OpenEngine(
    const std::vector<kv::SpaceSpec>& spaces, const StoreOptions& options) {
  RETURN_IF_ERROR(CheckRoomForNew(options));
  ASSIGN_OR_RETURN(
      std::unique_ptr<StoreDirectory> directory,
      StoreDirectory::Open(options.directory, options.accept_lost_commits));
  auto engine =
      std::make_unique<RocksEngine>(spaces, std::move(directory), options);
  RETURN_IF_ERROR(engine->Open());
  return engine;
}

}  // namespace twingraph::kv_rocks
