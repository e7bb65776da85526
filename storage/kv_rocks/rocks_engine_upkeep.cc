// Covered by tests/storage/kv_rocks/store_test.cc and corruption_test.cc.
#include <algorithm>
#include <set>

#include "absl/strings/str_join.h"
#include "rocksdb/db.h"
#include "rocksdb/utilities/checkpoint.h"

#include "storage/base/status.h"
#include "storage/kv_rocks/backup.h"
#include "storage/kv_rocks/cancel_watch.h"
#include "storage/kv_rocks/disk_bytes.h"
#include "storage/kv_rocks/durable_file.h"
#include "storage/kv_rocks/family.h"
#include "storage/kv_rocks/read_file.h"
#include "storage/kv_rocks/rocks_engine.h"
#include "storage/kv_rocks/status_mapping.h"

namespace twingraph::kv_rocks {
namespace {

// A family that was cleared meanwhile leaves nothing to do.
absl::Status UnlessCleared(const rocksdb::Status& status,
                           absl::string_view what,
                           rocksdb::ColumnFamilyHandle* family) {
  return status.IsColumnFamilyDropped()
             ? absl::OkStatus()
             : ToStatus(status, what, family->GetName());
}

}  // namespace

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
  {
    // Where that fails, or something is damaged, what follows tells.
    MutexLock writing(write_mutex_);
    Recover(*database).IgnoreError();
  }
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

}  // namespace twingraph::kv_rocks
