// Covered by tests/storage/kv_rocks/backup_test.cc.
#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/kv_rocks/backup_directory.h"
#include "storage/kv_rocks/copy_file.h"
#include "storage/kv_rocks/directory.h"
#include "storage/kv_rocks/durable_file.h"
#include "storage/kv_rocks/read_file.h"
#include "storage/kv_rocks/status_mapping.h"
#include "storage/kv_rocks/store.h"

namespace twingraph::kv_rocks {
namespace {

absl::Status Damaged(const std::string& directory, uint32_t id) {
  return DataLoss(absl::StrCat("backup ", id, " in ", directory,
                               " is damaged; name another one with "
                               "--restore-backup N"),
                  {{"space", "store"}, {"while", "backup"}});
}

absl::Status NoBackup(uint32_t id, absl::string_view message) {
  return NotFound(v1::ERROR_REASON_BACKUP_NOT_FOUND, message,
                  {{"backup", absl::StrCat(id)}});
}

// The backup to restore: that with an id, or the newest one with id 0. Never an
// older one because the newest is damaged.
absl::StatusOr<BackupRecord> Choose(const std::string& directory, uint32_t id) {
  const auto is_there = Exists(directory);
  RETURN_IF_ERROR(BackupsRefused(is_there.status()));
  if (!*is_there) {
    return NoBackup(id, absl::StrCat("there is no directory ", directory,
                                     "; name the directory that the server had "
                                     "as --backup-dir"));
  }
  // Whose they are does not matter here.
  ASSIGN_OR_RETURN(const bool has_any, HoldsBackups(directory));
  std::vector<BackupRecord> records;
  if (has_any) {
    ASSIGN_OR_RETURN(records, ReadRecords(directory));
  }
  if (records.empty()) {
    return NoBackup(
        id, absl::StrCat("the directory ", directory, " holds no backups"));
  }
  const auto chosen = std::find_if(
      records.begin(), records.end(),
      [id](const BackupRecord& record) { return record.backup.id == id; });
  if (id != 0 && chosen == records.end()) {
    return NoBackup(
        id, absl::StrCat("there is no backup ", id, " in ", directory,
                         "; the newest one is ", records.back().backup.id));
  }
  return id == 0 ? records.back() : *chosen;
}

// The files of a backup under their names in a store.
absl::Status CopyAll(const std::string& directory, const BackupRecord& record,
                     const std::string& target) {
  for (const BackupFile& file : record.files) {
    const auto copied = CopyFile(
        Context(), {.env = *rocksdb::Env::Default(),
                    .from = absl::StrCat(directory, "/", file.path),
                    .to = absl::StrCat(target, "/", file.store_name()),
                    .read_error =
                        [&](const rocksdb::Status& status) {
                          return ToStatus(status, "read backup").ok()
                                     ? absl::OkStatus()
                                     : Damaged(directory, record.backup.id);
                        },
                    .write_error =
                        [](const rocksdb::Status& status) {
                          return ToStatus(status, "restore");
                        }});
    RETURN_IF_ERROR(copied.status());
    if (copied->crc32c != file.crc32c) {
      return Damaged(directory, record.backup.id);
    }
  }
  return SyncDirectory(target);
}

}  // namespace

absl::StatusOr<kv::Backup> RestoreBackup(const std::string& directory,
                                         uint32_t id,
                                         const std::string& target) {
  ASSIGN_OR_RETURN(const BackupRecord chosen, Choose(directory, id));
  ASSIGN_OR_RETURN(const bool is_taken, Exists(target));
  if (is_taken) {
    return BackupsUnusable(absl::StrCat(
        "a restore needs a data directory without a graph; move the old one "
        "away first: ",
        target));
  }
  if (chosen.backup.is_damaged) {
    return Damaged(directory, chosen.backup.id);
  }
  // Beside its place until it is whole: there whole or not at all.
  const std::string unfinished = UnfinishedRestore(target);
  RETURN_IF_ERROR(RemoveAll(unfinished));
  RETURN_IF_ERROR(MakeDirectories(unfinished));
  absl::Status copied = CopyAll(directory, chosen, unfinished);
  if (!copied.ok()) {
    RemoveAll(unfinished).IgnoreError();
    return copied;
  }
  RETURN_IF_ERROR(StoreDirectory::MarkCopy(unfinished));
  RETURN_IF_ERROR(RenameDurably(unfinished, target));
  return chosen.backup;
}

}  // namespace twingraph::kv_rocks
