#pragma once

// Backups in a directory, made with RocksDB's backup engine: tables that an
// earlier backup holds are not copied again. Files of ours beside RocksDB's:
//
//   STORE           id of the store whose backups these are, as text
//   revisions/ID    newest revision of backup ID and its epoch, as text;
//   written
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
#include "rocksdb/db.h"

#include "storage/base/context.h"
#include "storage/kv/backup.h"

namespace twingraph::kv_rocks {

// Makes the directory one for backups of this store, or checks that it is.
// Errors: FAILED_PRECONDITION / BACKUP_UNUSABLE.
absl::Status ClaimForBackups(absl::string_view store_id,
                             const std::string& directory);

// Adds a backup of an open database that was flushed just now. Commits go on
// meanwhile: the backup has one state between begin and end of the call.
// Errors: FAILED_PRECONDITION / BACKUP_UNUSABLE where the directory or its disk
// cannot be used, is full, or holds backups of another store; DATA_LOSS /
// STORE_CORRUPT where bytes that it copies are damaged; CANCELLED,
// DEADLINE_EXCEEDED / CALL_ENDED.
absl::StatusOr<kv::Backup> CreateBackup(const Context& ctx, rocksdb::DB& db,
                                        const std::string& directory);

// OK where the directory holds no backups of another store.
// Errors: FAILED_PRECONDITION / BACKUP_UNUSABLE.
absl::Status CheckOwner(absl::string_view store_id,
                        const std::string& directory);

// The backups of a directory, oldest first, damaged ones among them; none where
// it does not exist. Logs those that are damaged.
// Errors: FAILED_PRECONDITION / BACKUP_UNUSABLE where the directory cannot be
// read.
absl::StatusOr<std::vector<kv::Backup>> ListBackups(
    const std::string& directory);

// Removes backups, and what only they need; returns which, oldest first. A
// damaged one never goes where none is whole. Errors: as ListBackups.
absl::StatusOr<std::vector<kv::Backup>> DeleteOldBackups(
    const std::string& directory, const kv::Pruning& pruning);

}  // namespace twingraph::kv_rocks
