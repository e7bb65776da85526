#pragma once

// Backups in a directory, laid out as RocksDB's backup engine does: tables that
// an earlier backup holds are not copied again. The engine itself writes
// nothing here: it believes every file that lies there already, and removes
// what damaged backups have. Files of ours beside RocksDB's:
//
//   STORE           id of the store whose backups these are, as text
//   revisions/ID    newest revision of backup ID, its epoch, and a hash of both
//                   and of the list of files (`meta/ID`), as text; written
//                   last, when the backup was opened once: without it there is
//                   no backup
//
// A process that ends in the middle leaves the earlier backups as they are;
// what it began is removed by the next CreateBackup. One process at a time
// writes.

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "storage/base/context.h"
#include "storage/kv/backup.h"
#include "storage/kv_rocks/database.h"

namespace twingraph::kv_rocks {

// Makes the directory one for backups of this store, or checks that it is.
// Errors: FAILED_PRECONDITION / BACKUP_UNUSABLE.
absl::Status ClaimForBackups(absl::string_view store_id,
                             const std::string& directory);

// Adds a backup of an open database that was flushed just now. Commits go on
// meanwhile: the backup has one state between begin and end of the call. Tables
// that it shares with earlier backups are read, and replaced where they are
// damaged, so that it can be restored: takes as long as reading all of it.
// Errors: FAILED_PRECONDITION / BACKUP_UNUSABLE where the directory or its disk
// cannot be used, is full, or holds backups of another store; DATA_LOSS /
// STORE_CORRUPT where bytes of the store that it copies are damaged; CANCELLED,
// DEADLINE_EXCEEDED / CALL_ENDED. Leaves nothing behind after an error.
absl::StatusOr<kv::Backup> CreateBackup(const Context& ctx,
                                        const Database& database,
                                        const std::string& directory);

// OK where the directory holds no backups of another store.
// Errors: FAILED_PRECONDITION / BACKUP_UNUSABLE.
absl::Status CheckOwner(absl::string_view store_id,
                        const std::string& directory);

// The backups of a directory, oldest first, damaged ones among them; none where
// it does not exist. Looks for each file and its size, and reads none of them.
// Logs those that are damaged, and where.
// Errors: FAILED_PRECONDITION / BACKUP_UNUSABLE where the directory cannot be
// read.
absl::StatusOr<std::vector<kv::Backup>> ListBackups(
    const std::string& directory);

// The same after reading all files, each one once.
// Errors: as ListBackups; CANCELLED, DEADLINE_EXCEEDED / CALL_ENDED.
absl::StatusOr<std::vector<kv::Backup>> VerifyBackups(
    const Context& ctx, const std::string& directory);

// Removes backups, and what only they need; returns which, oldest first. Reads
// those that are counted as whole. A damaged one never goes where none is
// whole. Errors: as VerifyBackups; nothing was removed then, unless it is the
// directory that refuses.
absl::StatusOr<std::vector<kv::Backup>> DeleteOldBackups(
    const Context& ctx, const std::string& directory,
    const kv::Pruning& pruning);

}  // namespace twingraph::kv_rocks
