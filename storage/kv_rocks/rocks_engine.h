#pragma once

// A store in RocksDB. Opening, applying, history and upkeep have a file each
// (rocks_engine_*.cc). Threads as kv::Engine.

// Covered by tests/conformance/kv.

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "rocksdb/env.h"
#include "rocksdb/write_batch.h"

#include "storage/base/bytes.h"
#include "storage/base/mutex.h"
#include "storage/base/retry_thread.h"
#include "storage/base/status_macros.h"
#include "storage/kv/engine.h"
#include "storage/kv/history_size.h"
#include "storage/kv_rocks/backup.h"
#include "storage/kv_rocks/batch_sink.h"
#include "storage/kv_rocks/database.h"
#include "storage/kv_rocks/directory.h"
#include "storage/kv_rocks/disk_space.h"
#include "storage/kv_rocks/grave_sweeper.h"
#include "storage/kv_rocks/history_sweeper.h"
#include "storage/kv_rocks/options.h"
#include "storage/kv_rocks/state.h"
#include "storage/kv_rocks/store.h"
#include "storage/kv_rocks/verify.h"
#include "storage/kv_rocks/wal_note.h"

namespace twingraph::kv_rocks {

// The file system of a store.
inline rocksdb::Env& EnvOf(const StoreOptions& options) {
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
  void LeaveAsFound();
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
  absl::Status Collect(const Database& database, const kv::EncodedGroup& group,
                       const kv::EngineHead& after, BatchSink& sink,
                       rocksdb::WriteBatch& batch) const;
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

}  // namespace twingraph::kv_rocks
