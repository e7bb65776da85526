// Covered by tests/storage/kv_rocks/backup_test.cc.
#include "storage/kv_rocks/backup.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "rocksdb/utilities/backup_engine.h"

#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/kv_rocks/backup_check.h"
#include "storage/kv_rocks/backup_directory.h"
#include "storage/kv_rocks/backup_manifest.h"
#include "storage/kv_rocks/backup_writer.h"
#include "storage/kv_rocks/durable_file.h"
#include "storage/kv_rocks/engine_log.h"
#include "storage/kv_rocks/head_row.h"
#include "storage/kv_rocks/read_file.h"
#include "storage/kv_rocks/status_mapping.h"

namespace twingraph::kv_rocks {
namespace {

// Opens a backup as it lies there, without restoring it, and reads where it
// stands: a backup that cannot be opened is none. REQUIRES: it is the newest.
absl::StatusOr<BackupPlace> OpenOnce(const std::string& directory,
                                     uint32_t id) {
  // RocksDB takes paths from the root only.
  rocksdb::BackupEngineOptions engine_options(AbsolutePath(directory));
  // What is wrong with older ones is not asked here.
  engine_options.max_valid_backups_to_open = 1;
  rocksdb::BackupEngineReadOnly* found = nullptr;
  RETURN_IF_ERROR(
      BackupsFailed(rocksdb::BackupEngineReadOnly::Open(rocksdb::Env::Default(),
                                                        engine_options, &found),
                    directory));
  const std::unique_ptr<rocksdb::BackupEngineReadOnly> engine(found);
  rocksdb::BackupInfo backup;
  RETURN_IF_ERROR(BackupsFailed(
      engine->GetBackupInfo(id, &backup, /*include_file_details=*/true),
      directory));
  rocksdb::Options options;
  options.env = backup.env_for_open.get();
  options.info_log = std::make_shared<EngineLog>();
  rocksdb::DB* opened = nullptr;
  const rocksdb::Status status =
      rocksdb::DB::OpenForReadOnly(options, backup.name_for_open, &opened);
  // All of it is as the store has it, so what is damaged is damaged there.
  RETURN_IF_ERROR(status.IsCorruption() ? ToStatus(status, "backup")
                                        : BackupsFailed(status, directory));
  const std::unique_ptr<rocksdb::DB> db(opened);
  const auto head = ReadHead(*db, db->DefaultColumnFamily(), nullptr);
  RETURN_IF_ERROR(BackupsRefused(head.status()));
  return head->has_value()
             ? BackupPlace{(*head)->revision, (*head)->incarnation.epoch}
             : BackupPlace();
}

absl::StatusOr<kv::Backup> MakeBackup(const Context& ctx, BackupWriter& writer,
                                      const std::string& directory,
                                      uint32_t id) {
  ASSIGN_OR_RETURN(const BackupManifest manifest, writer.Write(ctx));
  ASSIGN_OR_RETURN(const BackupPlace place, OpenOnce(directory, id));
  RETURN_IF_ERROR(ctx.Check());
  RETURN_IF_ERROR(Finish(directory, id, place, FormatManifest(manifest)));
  kv::Backup made{.id = id,
                  .revision = place.revision,
                  .epoch = place.epoch,
                  .time = manifest.time};
  for (const BackupFile& file : manifest.files) {
    made.bytes += file.bytes.value_or(0);
  }
  return made;
}

// What is told of a backup. A damaged one may have no list of files.
kv::Backup ToBackup(const BackupRecord& record, bool is_whole,
                    BackupCheck& check) {
  kv::Backup backup = record.backup;
  backup.bytes = check.BytesOf(record);
  backup.is_damaged = !is_whole;
  return backup;
}

// 16 bytes in hexadecimal, as StoreId says them.
bool IsStoreId(absl::string_view text) {
  return text.size() == 32 &&
         std::all_of(text.begin(), text.end(), absl::ascii_isxdigit);
}

// The backups of a directory, each after a look that says whether it is whole.
template <typename Look>
absl::StatusOr<std::vector<kv::Backup>> LookAtAll(const std::string& directory,
                                                  Look look) {
  std::vector<kv::Backup> found;
  ASSIGN_OR_RETURN(const auto owner, OwnerOfBackups(directory));
  if (!owner.has_value()) {
    return found;
  }
  ASSIGN_OR_RETURN(const auto records, ReadRecords(directory));
  BackupCheck check(directory);
  for (const BackupRecord& record : records) {
    ASSIGN_OR_RETURN(const bool is_whole, look(check, record));
    // One that is just being deleted lacks files too.
    ASSIGN_OR_RETURN(const bool is_there,
                     is_whole ? true : IsFinished(directory, record.backup.id));
    if (is_there) {
      found.push_back(ToBackup(record, is_whole, check));
    }
  }
  return found;
}

// Which backups go, newest first. Those that are to stay are read; what is
// older than they are is not.
absl::StatusOr<std::vector<kv::Backup>> Doomed(
    const Context& ctx, const std::string& directory,
    const std::vector<BackupRecord>& records, const kv::Pruning& pruning) {
  BackupCheck check(directory);
  std::vector<kv::Backup> doomed;
  uint32_t whole = 0;
  for (auto record = records.rbegin(); record != records.rend(); ++record) {
    RETURN_IF_ERROR(ctx.Check());
    if (whole >= pruning.keep) {
      doomed.push_back(ToBackup(*record, check.HasFiles(*record), check));
      continue;
    }
    ASSIGN_OR_RETURN(const bool is_whole, check.IsWhole(ctx, *record));
    whole += is_whole ? 1 : 0;
    if (!is_whole && pruning.damaged) {
      doomed.push_back(ToBackup(*record, is_whole, check));
    }
  }
  if (whole == 0) {
    doomed.clear();
  }
  return doomed;
}

}  // namespace

absl::Status CheckOwner(absl::string_view store_id,
                        const std::string& directory) {
  ASSIGN_OR_RETURN(const auto owner, OwnerOfBackups(directory));
  if (owner == store_id) {
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const bool is_used, HoldsBackups(directory));
  if (!owner.has_value() && !is_used) {
    return absl::OkStatus();
  }
  if (!IsStoreId(owner.value_or(""))) {
    return BackupsUnusable(absl::StrCat(
        "the backup directory ", directory,
        " is damaged: its part STORE does not say whose backups these are; if "
        "they are this store's, put ",
        store_id, " into it; a restore needs it not"));
  }
  return FailedPrecondition(
      v1::ERROR_REASON_BACKUP_UNUSABLE,
      "the backup directory holds backups of another store",
      {{"store", *owner}});
}

absl::Status ClaimForBackups(absl::string_view store_id,
                             const std::string& directory) {
  RETURN_IF_ERROR(CheckOwner(store_id, directory));
  ASSIGN_OR_RETURN(const auto owner, OwnerOfBackups(directory));
  if (owner.has_value()) {
    // Without its parts everything in it would be of no backup, and go.
    return CheckParts(directory);
  }
  RETURN_IF_ERROR(MakeParts(directory));
  return BackupsRefused(
      WriteDurably(directory, "STORE", absl::StrCat(store_id, "\n")));
}

absl::StatusOr<kv::Backup> CreateBackup(const Context& ctx,
                                        const Database& database,
                                        const std::string& directory) {
  ASSIGN_OR_RETURN(const auto lock, LockBackups(directory));
  RETURN_IF_ERROR(RemoveUnfinished(directory));
  ASSIGN_OR_RETURN(const auto records, ReadRecords(directory));
  const uint32_t id = records.empty() ? 1 : records.back().backup.id + 1;
  BackupWriter writer(database, directory, id);
  absl::StatusOr<kv::Backup> made = MakeBackup(ctx, writer, directory, id);
  if (!made.ok()) {
    writer.RemoveAdded();
    RemoveUnfinished(directory).IgnoreError();
  }
  return made;
}

absl::StatusOr<std::vector<kv::Backup>> ListBackups(
    const std::string& directory) {
  return LookAtAll(directory,
                   [](BackupCheck& check,
                      const BackupRecord& record) -> absl::StatusOr<bool> {
                     return check.HasFiles(record);
                   });
}

absl::StatusOr<std::vector<kv::Backup>> VerifyBackups(
    const Context& ctx, const std::string& directory) {
  return LookAtAll(directory,
                   [&ctx](BackupCheck& check, const BackupRecord& record) {
                     return check.IsWhole(ctx, record);
                   });
}

absl::StatusOr<std::vector<kv::Backup>> DeleteOldBackups(
    const Context& ctx, const std::string& directory,
    const kv::Pruning& pruning) {
  ASSIGN_OR_RETURN(const auto owner, OwnerOfBackups(directory));
  if (!owner.has_value()) {
    return std::vector<kv::Backup>();
  }
  ASSIGN_OR_RETURN(const auto lock, LockBackups(directory));
  ASSIGN_OR_RETURN(const auto records, ReadRecords(directory));
  if (records.size() <= pruning.keep && !pruning.damaged) {
    return std::vector<kv::Backup>();  // all stay, whole or not
  }
  ASSIGN_OR_RETURN(std::vector<kv::Backup> doomed,
                   Doomed(ctx, directory, records, pruning));
  if (doomed.empty()) {
    return doomed;
  }
  std::reverse(doomed.begin(), doomed.end());
  for (const kv::Backup& backup : doomed) {
    // What is left of a backup without its mark is removed, now or later.
    RETURN_IF_ERROR(Unfinish(directory, backup.id));
  }
  RETURN_IF_ERROR(RemoveUnfinished(directory));
  return doomed;
}

}  // namespace twingraph::kv_rocks
