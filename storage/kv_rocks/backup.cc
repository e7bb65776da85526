// Covered by tests/storage/kv_rocks/backup_test.cc.
#include "storage/kv_rocks/backup.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>

#include "absl/strings/str_cat.h"
#include "rocksdb/table.h"
#include "rocksdb/utilities/backup_engine.h"

#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/kv_rocks/directory.h"
#include "storage/kv_rocks/durable_file.h"
#include "storage/kv_rocks/head_row.h"
#include "storage/kv_rocks/status_mapping.h"
#include "storage/kv_rocks/store.h"

namespace twingraph::kv_rocks {
namespace {

namespace fs = std::filesystem;

// Bytes copied between two looks at the caller's clock.
constexpr uint64_t kBytesPerCheck = 1 << 20;

rocksdb::BackupEngineOptions OptionsFor(const std::string& directory) {
  rocksdb::BackupEngineOptions options(directory);
  options.callback_trigger_interval_size = kBytesPerCheck;
  return options;
}

std::string RevisionPath(const std::string& directory, uint32_t id) {
  return absl::StrCat(directory, "/revisions/", id);
}

// Where a finished backup stands; nullopt where it is not finished.
struct Place {
  kv::Revision revision = 0;
  uint64_t epoch = 0;
};

std::optional<Place> ReadPlace(const std::string& directory, uint32_t id) {
  std::ifstream file(RevisionPath(directory, id));
  Place place;
  if (!(file >> place.revision >> place.epoch)) {
    return std::nullopt;
  }
  return place;
}

kv::Backup ToBackup(const rocksdb::BackupInfo& backup, const Place& place) {
  return {.id = backup.backup_id,
          .revision = place.revision,
          .epoch = place.epoch,
          .time = absl::FromUnixSeconds(backup.timestamp),
          .bytes = backup.size};
}

// Makes the directory one of this store, or checks that it is.
absl::Status ClaimFor(absl::string_view store_id,
                      const std::string& directory) {
  // RocksDB would make its own without syncing their parent.
  for (const char* part : {"revisions", "meta", "private", "shared_checksum"}) {
    RETURN_IF_ERROR(MakeDirectories(absl::StrCat(directory, "/", part)));
  }
  std::ifstream file(directory + "/STORE");
  std::string owner;
  if (!(file >> owner)) {
    return WriteDurably(directory, "STORE", absl::StrCat(store_id, "\n"));
  }
  if (owner == store_id) {
    return absl::OkStatus();
  }
  return FailedPrecondition(
      v1::ERROR_REASON_BACKUP_UNUSABLE,
      "the backup directory holds backups of another store",
      {{"store", owner}});
}

// Opens a backup as it lies there, without restoring it, and reads where it
// stands: a backup that cannot be opened is none.
absl::StatusOr<Place> OpenOnce(const rocksdb::BackupInfo& backup) {
  rocksdb::Options options;
  options.env = backup.env_for_open.get();
  options.info_log_level = rocksdb::HEADER_LEVEL;
  rocksdb::DB* opened = nullptr;
  RETURN_IF_ERROR(ToStatus(
      rocksdb::DB::OpenForReadOnly(options, backup.name_for_open, &opened),
      "backup"));
  const std::unique_ptr<rocksdb::DB> db(opened);
  ASSIGN_OR_RETURN(const std::optional<kv::EngineHead> head,
                   ReadHead(*db, db->DefaultColumnFamily(), nullptr));
  return head.has_value() ? Place{head->revision, head->incarnation.epoch}
                          : Place();
}

// What earlier calls left that did not come to their end.
absl::Status RemoveUnfinished(const std::string& directory,
                              rocksdb::BackupEngine& engine) {
  std::vector<rocksdb::BackupInfo> backups;
  engine.GetBackupInfo(&backups);
  for (const rocksdb::BackupInfo& backup : backups) {
    if (!ReadPlace(directory, backup.backup_id).has_value()) {
      RETURN_IF_ERROR(
          ToStatus(engine.DeleteBackup(backup.backup_id), "backup"));
    }
  }
  return ToStatus(engine.GarbageCollect(), "backup");
}

}  // namespace

absl::StatusOr<kv::Backup> CreateBackup(const Context& ctx, rocksdb::DB& db,
                                        absl::string_view store_id,
                                        const std::string& directory) {
  RETURN_IF_ERROR(ctx.Check());
  RETURN_IF_ERROR(ClaimFor(store_id, directory));
  rocksdb::BackupEngine* opened = nullptr;
  RETURN_IF_ERROR(
      ToStatus(rocksdb::BackupEngine::Open(rocksdb::Env::Default(),
                                           OptionsFor(directory), &opened),
               "backup"));
  const std::unique_ptr<rocksdb::BackupEngine> engine(opened);
  RETURN_IF_ERROR(RemoveUnfinished(directory, *engine));
  rocksdb::CreateBackupOptions options;
  // Less log to copy, and to read again at a restore.
  options.flush_before_backup = true;
  options.progress_callback = [&ctx, &engine] {
    if (!ctx.Check().ok()) {
      engine->StopBackup();
    }
  };
  rocksdb::BackupID id = 0;
  const rocksdb::Status made = engine->CreateNewBackup(options, &db, &id);
  RETURN_IF_ERROR(ctx.Check());
  RETURN_IF_ERROR(ToStatus(made, "backup"));
  rocksdb::BackupInfo backup;
  RETURN_IF_ERROR(ToStatus(
      engine->GetBackupInfo(id, &backup, /*include_file_details=*/true),
      "backup"));
  ASSIGN_OR_RETURN(const Place place, OpenOnce(backup));
  RETURN_IF_ERROR(
      WriteDurably(directory + "/revisions", absl::StrCat(id).c_str(),
                   absl::StrCat(place.revision, " ", place.epoch, "\n")));
  return ToBackup(backup, place);
}

absl::StatusOr<std::vector<kv::Backup>> ListBackups(
    const std::string& directory) {
  std::vector<kv::Backup> found;
  if (!fs::exists(directory + "/STORE")) {
    return found;
  }
  rocksdb::BackupEngineReadOnly* opened = nullptr;
  RETURN_IF_ERROR(
      ToStatus(rocksdb::BackupEngineReadOnly::Open(
                   rocksdb::Env::Default(), OptionsFor(directory), &opened),
               "list backups"));
  const std::unique_ptr<rocksdb::BackupEngineReadOnly> engine(opened);
  std::vector<rocksdb::BackupInfo> backups;
  engine->GetBackupInfo(&backups);
  for (const rocksdb::BackupInfo& backup : backups) {
    const auto place = ReadPlace(directory, backup.backup_id);
    if (place.has_value()) {
      found.push_back(ToBackup(backup, *place));
    }
  }
  return found;
}

absl::Status DeleteOldBackups(const std::string& directory, uint32_t keep) {
  ASSIGN_OR_RETURN(const std::vector<kv::Backup> backups,
                   ListBackups(directory));
  if (backups.size() <= keep) {
    return absl::OkStatus();
  }
  rocksdb::BackupEngine* opened = nullptr;
  RETURN_IF_ERROR(
      ToStatus(rocksdb::BackupEngine::Open(rocksdb::Env::Default(),
                                           OptionsFor(directory), &opened),
               "delete backups"));
  const std::unique_ptr<rocksdb::BackupEngine> engine(opened);
  for (size_t i = 0; i + keep < backups.size(); ++i) {
    // First the mark: what is left of a backup without one is removed later.
    std::error_code error;
    fs::remove(RevisionPath(directory, backups[i].id), error);
    RETURN_IF_ERROR(
        ToStatus(engine->DeleteBackup(backups[i].id), "delete backups"));
  }
  return absl::OkStatus();
}

absl::StatusOr<kv::Backup> RestoreBackup(const std::string& directory,
                                         uint32_t id,
                                         const std::string& target) {
  ASSIGN_OR_RETURN(const std::vector<kv::Backup> backups,
                   ListBackups(directory));
  const auto found =
      id == 0 ? (backups.empty() ? backups.end() : std::prev(backups.end()))
              : std::find_if(backups.begin(), backups.end(),
                             [id](const kv::Backup& b) { return b.id == id; });
  if (found == backups.end()) {
    return NotFound(v1::ERROR_REASON_BACKUP_NOT_FOUND, "no such backup",
                    {{"backup", absl::StrCat(id)}});
  }
  if (fs::exists(target)) {
    return FailedPrecondition(v1::ERROR_REASON_BACKUP_UNUSABLE,
                              "a restore needs a data directory without a "
                              "graph; move the old one away first");
  }
  rocksdb::BackupEngineReadOnly* opened = nullptr;
  RETURN_IF_ERROR(
      ToStatus(rocksdb::BackupEngineReadOnly::Open(
                   rocksdb::Env::Default(), OptionsFor(directory), &opened),
               "restore"));
  const std::unique_ptr<rocksdb::BackupEngineReadOnly> engine(opened);
  // There whole or not at all.
  const std::string unfinished = target + ".restoring";
  std::error_code error;
  fs::remove_all(unfinished, error);
  RETURN_IF_ERROR(MakeDirectories(unfinished));
  RETURN_IF_ERROR(
      ToStatus(engine->RestoreDBFromBackup(found->id, unfinished, unfinished),
               "restore"));
  RETURN_IF_ERROR(StoreDirectory::MarkCopy(unfinished));
  RETURN_IF_ERROR(RenameDurably(unfinished, target));
  return *found;
}

}  // namespace twingraph::kv_rocks
