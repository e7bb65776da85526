// Covered by tests/storage/kv_rocks/backup_test.cc.
#include "storage/kv_rocks/backup.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "rocksdb/table.h"
#include "rocksdb/utilities/backup_engine.h"

#include "storage/base/log.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/kv_rocks/directory.h"
#include "storage/kv_rocks/durable_file.h"
#include "storage/kv_rocks/engine_log.h"
#include "storage/kv_rocks/head_row.h"
#include "storage/kv_rocks/read_file.h"
#include "storage/kv_rocks/status_mapping.h"
#include "storage/kv_rocks/store.h"

namespace twingraph::kv_rocks {
namespace {

// Bytes copied between two looks at the caller's clock.
constexpr uint64_t kBytesPerCheck = 1 << 20;

rocksdb::BackupEngineOptions OptionsFor(const std::string& directory) {
  // RocksDB takes paths from the root only.
  rocksdb::BackupEngineOptions options(AbsolutePath(directory));
  options.callback_trigger_interval_size = kBytesPerCheck;
  return options;
}

absl::Status NotUsable(absl::string_view message) {
  return FailedPrecondition(v1::ERROR_REASON_BACKUP_UNUSABLE, message);
}

// A directory that the system refuses, or that is full, is the operator's to
// mend.
absl::Status Refused(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsResourceExhausted(status)
             ? NotUsable(absl::StrCat("the backup directory cannot be used: ",
                                      status.message()))
             : status;
}

// What RocksDB met in a directory of backups, which is not the store.
absl::Status DirectoryStatus(const rocksdb::Status& status,
                             absl::string_view what,
                             const std::string& directory) {
  const absl::Status mapped = ToStatus(status, what);
  if (absl::IsResourceExhausted(mapped)) {
    return NotUsable(absl::StrCat("the disk of the backup directory ",
                                  directory,
                                  " is full; make room, or use another disk"));
  }
  return absl::IsUnavailable(mapped)
             ? NotUsable(absl::StrCat(
                   "the backup directory ", directory,
                   " is damaged or its disk fails, and the log says how; use "
                   "another directory"))
             : mapped;
}

std::string RevisionPath(const std::string& directory, uint32_t id) {
  return absl::StrCat(directory, "/revisions/", id);
}

absl::Status Damaged(const std::string& directory, uint32_t id) {
  return DataLoss(absl::StrCat("backup ", id, " in ", directory,
                               " is damaged; name another one with "
                               "--restore-backup N"),
                  {{"space", "store"}, {"while", "backup"}});
}

// Where a finished backup stands.
struct Place {
  kv::Revision revision = 0;
  uint64_t epoch = 0;
};

// Ids of the backups that came to their end, smallest first.
absl::StatusOr<std::vector<uint32_t>> FinishedIds(
    const std::string& directory) {
  const auto names = NamesIn(directory + "/revisions");
  RETURN_IF_ERROR(Refused(names.status()));
  std::vector<uint32_t> ids;
  for (const std::string& name : *names) {
    uint32_t id = 0;
    if (absl::SimpleAtoi(name, &id)) {
      ids.push_back(id);
    }
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

absl::Status Missing(const std::string& directory, absl::string_view part) {
  return NotUsable(absl::StrCat("the backup directory ", directory,
                                " is damaged: its part ", part,
                                " is missing; put it back, or use another "
                                "directory"));
}

absl::StatusOr<Place> ReadPlace(const std::string& directory, uint32_t id) {
  const auto text = ReadFile(RevisionPath(directory, id));
  RETURN_IF_ERROR(Refused(text.status()));
  const std::vector<std::string> words =
      absl::StrSplit(absl::StripAsciiWhitespace(text->value_or("")), ' ');
  Place place;
  if (words.size() != 2 || !absl::SimpleAtoi(words[0], &place.revision) ||
      !absl::SimpleAtoi(words[1], &place.epoch)) {
    return Damaged(directory, id);
  }
  return place;
}

// The store whose backups these are; nullopt where there are none.
absl::StatusOr<std::optional<std::string>> OwnerOf(
    const std::string& directory) {
  auto text = ReadFile(directory + "/STORE");
  RETURN_IF_ERROR(Refused(text.status()));
  if (text->has_value()) {
    absl::StripAsciiWhitespace(&**text);
  }
  return *std::move(text);
}

kv::Backup ToBackup(const rocksdb::BackupInfo& backup, const Place& place) {
  return {.id = backup.backup_id,
          .revision = place.revision,
          .epoch = place.epoch,
          .time = absl::FromUnixSeconds(backup.timestamp),
          .bytes = backup.size};
}

absl::StatusOr<std::unique_ptr<rocksdb::BackupEngine>> OpenForWriting(
    const std::string& directory) {
  rocksdb::BackupEngine* opened = nullptr;
  RETURN_IF_ERROR(DirectoryStatus(
      rocksdb::BackupEngine::Open(rocksdb::Env::Default(),
                                  OptionsFor(directory), &opened),
      "backup", directory));
  return std::unique_ptr<rocksdb::BackupEngine>(opened);
}

absl::StatusOr<std::unique_ptr<rocksdb::BackupEngineReadOnly>> OpenForReading(
    const std::string& directory) {
  for (const char* part : {"meta", "private", "shared_checksum"}) {
    const std::string path = absl::StrCat(directory, "/", part);
    const auto is_there = Exists(path);
    RETURN_IF_ERROR(Refused(is_there.status()));
    if (!*is_there) {
      return Missing(directory, part);
    }
    RETURN_IF_ERROR(Refused(NamesIn(path).status()));
  }
  rocksdb::BackupEngineReadOnly* opened = nullptr;
  RETURN_IF_ERROR(DirectoryStatus(
      rocksdb::BackupEngineReadOnly::Open(rocksdb::Env::Default(),
                                          OptionsFor(directory), &opened),
      "read backups", directory));
  return std::unique_ptr<rocksdb::BackupEngineReadOnly>(opened);
}

// Opens a backup as it lies there, without restoring it, and reads where it
// stands: a backup that cannot be opened is none.
absl::StatusOr<Place> OpenOnce(const rocksdb::BackupInfo& backup,
                               const std::string& directory) {
  rocksdb::Options options;
  options.env = backup.env_for_open.get();
  options.info_log = std::make_shared<EngineLog>();
  rocksdb::DB* opened = nullptr;
  RETURN_IF_ERROR(DirectoryStatus(
      rocksdb::DB::OpenForReadOnly(options, backup.name_for_open, &opened),
      "backup", directory));
  const std::unique_ptr<rocksdb::DB> db(opened);
  ASSIGN_OR_RETURN(const std::optional<kv::EngineHead> head,
                   ReadHead(*db, db->DefaultColumnFamily(), nullptr));
  return head.has_value() ? Place{head->revision, head->incarnation.epoch}
                          : Place();
}

// What earlier calls left that did not come to their end.
absl::Status RemoveUnfinished(const std::string& directory,
                              rocksdb::BackupEngine& engine) {
  ASSIGN_OR_RETURN(const auto finished, FinishedIds(directory));
  std::vector<rocksdb::BackupInfo> backups;
  engine.GetBackupInfo(&backups);
  for (const rocksdb::BackupInfo& backup : backups) {
    if (!std::binary_search(finished.begin(), finished.end(),
                            backup.backup_id)) {
      RETURN_IF_ERROR(DirectoryStatus(engine.DeleteBackup(backup.backup_id),
                                      "backup", directory));
    }
  }
  return DirectoryStatus(engine.GarbageCollect(), "backup", directory);
}

std::vector<kv::Backup> Doomed(const std::vector<kv::Backup>& backups,
                               const kv::Pruning& pruning) {
  const bool has_whole =
      !std::all_of(backups.begin(), backups.end(),
                   [](const kv::Backup& backup) { return backup.is_damaged; });
  std::vector<kv::Backup> doomed;
  uint32_t newer = 0;  // and whole
  for (auto backup = backups.rbegin(); backup != backups.rend(); ++backup) {
    if (newer >= pruning.keep ||
        (backup->is_damaged && pruning.damaged && has_whole)) {
      doomed.push_back(*backup);
    }
    newer += backup->is_damaged ? 0 : 1;
  }
  std::reverse(doomed.begin(), doomed.end());
  return doomed;
}

// The backup to restore: that with an id, or the newest one with id 0. Never an
// older one because the newest is damaged.
absl::StatusOr<uint32_t> Choose(const std::string& directory, uint32_t id) {
  const auto is_there = Exists(directory);
  RETURN_IF_ERROR(Refused(is_there.status()));
  if (!*is_there) {
    return NotFound(v1::ERROR_REASON_BACKUP_NOT_FOUND,
                    absl::StrCat("there is no directory ", directory,
                                 "; name the directory that the server had as "
                                 "--backup-dir"),
                    {{"backup", absl::StrCat(id)}});
  }
  ASSIGN_OR_RETURN(const auto owner, OwnerOf(directory));
  ASSIGN_OR_RETURN(const auto finished, FinishedIds(directory));
  if (!owner.has_value() || finished.empty()) {
    return NotFound(
        v1::ERROR_REASON_BACKUP_NOT_FOUND,
        absl::StrCat("the directory ", directory, " holds no backups"),
        {{"backup", absl::StrCat(id)}});
  }
  if (id == 0) {
    return finished.back();
  }
  if (!std::binary_search(finished.begin(), finished.end(), id)) {
    return NotFound(v1::ERROR_REASON_BACKUP_NOT_FOUND,
                    absl::StrCat("there is no backup ", id, " in ", directory,
                                 "; the newest one is ", finished.back()),
                    {{"backup", absl::StrCat(id)}});
  }
  return id;
}

// Puts the files of a backup beside their place and gives them their name: a
// restore is there whole or not at all.
absl::Status Restore(std::unique_ptr<rocksdb::BackupEngineReadOnly> engine,
                     const std::string& directory, uint32_t id,
                     const std::string& target) {
  const std::string unfinished = UnfinishedRestore(target);
  RETURN_IF_ERROR(RemoveAll(unfinished));
  RETURN_IF_ERROR(MakeDirectories(unfinished));
  const rocksdb::Status restored =
      engine->RestoreDBFromBackup(id, unfinished, unfinished);
  if (!restored.ok()) {
    // Ends its threads, which may still copy.
    engine.reset();
    RemoveAll(unfinished).IgnoreError();
    const absl::Status status = ToStatus(restored, "restore");
    return absl::IsDataLoss(status) ? Damaged(directory, id) : status;
  }
  RETURN_IF_ERROR(StoreDirectory::MarkCopy(unfinished));
  return RenameDurably(unfinished, target);
}

}  // namespace

absl::Status CheckOwner(absl::string_view store_id,
                        const std::string& directory) {
  ASSIGN_OR_RETURN(const auto owner, OwnerOf(directory));
  if (!owner.has_value() || *owner == store_id) {
    return absl::OkStatus();
  }
  return FailedPrecondition(
      v1::ERROR_REASON_BACKUP_UNUSABLE,
      "the backup directory holds backups of another store",
      {{"store", *owner}});
}

absl::Status ClaimForBackups(absl::string_view store_id,
                             const std::string& directory) {
  RETURN_IF_ERROR(CheckOwner(store_id, directory));
  // RocksDB would make its own without syncing their parent.
  for (const char* part : {"revisions", "meta", "private", "shared_checksum"}) {
    RETURN_IF_ERROR(
        Refused(MakeDirectories(absl::StrCat(directory, "/", part))));
  }
  ASSIGN_OR_RETURN(const auto owner, OwnerOf(directory));
  return owner.has_value()
             ? absl::OkStatus()
             : Refused(WriteDurably(directory, "STORE",
                                    absl::StrCat(store_id, "\n")));
}

absl::StatusOr<kv::Backup> CreateBackup(const Context& ctx, rocksdb::DB& db,
                                        const std::string& directory) {
  ASSIGN_OR_RETURN(const auto engine, OpenForWriting(directory));
  RETURN_IF_ERROR(RemoveUnfinished(directory, *engine));
  rocksdb::CreateBackupOptions options;
  options.progress_callback = [&ctx, &engine] {
    if (!ctx.Check().ok()) {
      engine->StopBackup();
    }
  };
  rocksdb::BackupID id = 0;
  const rocksdb::Status made = engine->CreateNewBackup(options, &db, &id);
  RETURN_IF_ERROR(ctx.Check());
  RETURN_IF_ERROR(DirectoryStatus(made, "backup", directory));
  rocksdb::BackupInfo backup;
  RETURN_IF_ERROR(DirectoryStatus(
      engine->GetBackupInfo(id, &backup, /*include_file_details=*/true),
      "backup", directory));
  ASSIGN_OR_RETURN(const Place place, OpenOnce(backup, directory));
  RETURN_IF_ERROR(Refused(
      WriteDurably(directory + "/revisions", absl::StrCat(id).c_str(),
                   absl::StrCat(place.revision, " ", place.epoch, "\n"))));
  return ToBackup(backup, place);
}

absl::StatusOr<std::vector<kv::Backup>> ListBackups(
    const std::string& directory) {
  std::vector<kv::Backup> found;
  ASSIGN_OR_RETURN(const auto owner, OwnerOf(directory));
  if (!owner.has_value()) {
    return found;
  }
  ASSIGN_OR_RETURN(const auto finished, FinishedIds(directory));
  ASSIGN_OR_RETURN(const auto engine, OpenForReading(directory));
  for (const uint32_t id : finished) {
    rocksdb::BackupInfo backup;
    backup.backup_id = id;
    const bool is_whole = engine->GetBackupInfo(id, &backup).ok();
    const absl::StatusOr<Place> place = ReadPlace(directory, id);
    kv::Backup& entry =
        found.emplace_back(ToBackup(backup, place.value_or(Place())));
    entry.is_damaged = !is_whole || !place.ok();
    if (entry.is_damaged) {
      LogWarning("backup_damaged",
                 {{"backup", absl::StrCat(id)}, {"directory", directory}});
    }
  }
  return found;
}

absl::StatusOr<std::vector<kv::Backup>> DeleteOldBackups(
    const std::string& directory, const kv::Pruning& pruning) {
  ASSIGN_OR_RETURN(const std::vector<kv::Backup> backups,
                   ListBackups(directory));
  std::vector<kv::Backup> doomed = Doomed(backups, pruning);
  if (doomed.empty()) {
    return doomed;
  }
  ASSIGN_OR_RETURN(const auto engine, OpenForWriting(directory));
  for (const kv::Backup& backup : doomed) {
    // First the mark: what is left of a backup without one is removed later.
    RETURN_IF_ERROR(Refused(RemoveAll(RevisionPath(directory, backup.id))));
    const rocksdb::Status deleted = engine->DeleteBackup(backup.id);
    if (!deleted.IsNotFound()) {  // as one is that has lost its list of files
      RETURN_IF_ERROR(DirectoryStatus(deleted, "delete backups", directory));
    }
  }
  // RocksDB does not know which files a damaged one had.
  RETURN_IF_ERROR(
      DirectoryStatus(engine->GarbageCollect(), "delete backups", directory));
  return doomed;
}

absl::StatusOr<kv::Backup> RestoreBackup(const std::string& directory,
                                         uint32_t id,
                                         const std::string& target) {
  ASSIGN_OR_RETURN(const uint32_t chosen, Choose(directory, id));
  ASSIGN_OR_RETURN(const bool is_taken, Exists(target));
  if (is_taken) {
    return NotUsable(absl::StrCat(
        "a restore needs a data directory without a graph; move the old one "
        "away first: ",
        target));
  }
  ASSIGN_OR_RETURN(auto engine, OpenForReading(directory));
  std::vector<rocksdb::BackupInfo> backups;
  engine->GetBackupInfo(&backups);
  const auto found = std::find_if(backups.begin(), backups.end(),
                                  [chosen](const rocksdb::BackupInfo& backup) {
                                    return backup.backup_id == chosen;
                                  });
  if (found == backups.end()) {
    return Damaged(directory, chosen);
  }
  ASSIGN_OR_RETURN(const Place place, ReadPlace(directory, chosen));
  RETURN_IF_ERROR(Restore(std::move(engine), directory, chosen, target));
  return ToBackup(*found, place);
}

}  // namespace twingraph::kv_rocks
