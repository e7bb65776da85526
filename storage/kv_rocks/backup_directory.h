#pragma once

// What lies in a directory of backups, and how it is taken away. The layout of
// `meta`, `private` and `shared_checksum` is that of RocksDB's backup engine;
// STORE and `revisions` are ours (see backup.h).
//
// What cannot be known for sure is never removed: while the list of files of
// one backup is damaged, no shared file goes. Errors of each:
// FAILED_PRECONDITION / BACKUP_UNUSABLE where the directory cannot be used. One
// caller at a time changes a directory.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "rocksdb/status.h"

#include "storage/kv/backup.h"
#include "storage/kv_rocks/backup_manifest.h"
#include "storage/kv_rocks/file_lock.h"

namespace twingraph::kv_rocks {

// A backup as its mark and its list of files tell of it.
struct BackupRecord {
  // Damaged: the mark or the list is not as it was written.
  kv::Backup backup;
  // None where it is damaged.
  std::vector<BackupFile> files;
};

absl::Status BackupsUnusable(absl::string_view message);

// What the system answered about a path in a directory of backups: what it
// refuses, or has no room for, is the operator's to mend.
absl::Status BackupsRefused(const absl::Status& status);

// What RocksDB met in a directory of backups, which is not the store.
absl::Status BackupsFailed(const rocksdb::Status& status,
                           const std::string& directory);

// The store whose backups these are; nullopt where there are none.
absl::StatusOr<std::optional<std::string>> OwnerOfBackups(
    const std::string& directory);

// Whoever adds or removes backups holds this: another server may have the same
// directory, as one that was restored from it. Null where there is no
// directory.
absl::StatusOr<std::unique_ptr<FileLock>> LockBackups(
    const std::string& directory);

// Did any backup come to its end here?
absl::StatusOr<bool> HoldsBackups(const std::string& directory);

// Makes the parts of a directory for a new owner.
absl::Status MakeParts(const std::string& directory);

// Are all parts there? Refused by name where not.
absl::Status CheckParts(const std::string& directory);

// Is the backup marked as finished?
absl::StatusOr<bool> IsFinished(const std::string& directory, uint32_t id);

// The backups that came to their end, oldest first. Looks at none of their
// files.
absl::StatusOr<std::vector<BackupRecord>> ReadRecords(
    const std::string& directory);

// Puts the mark of a backup whose files are durable.
absl::Status Finish(const std::string& directory, uint32_t id,
                    const BackupPlace& place, absl::string_view manifest);

// Takes the mark of a backup away: it is none from then on.
absl::Status Unfinish(const std::string& directory, uint32_t id);

// Removes what no finished backup has.
absl::Status RemoveUnfinished(const std::string& directory);

}  // namespace twingraph::kv_rocks
