#pragma once

// Writes one backup of an open database into a directory of backups. Files that
// earlier backups share with it are read and not copied; where they are
// damaged they are replaced, which mends the earlier backups too. So a backup
// that is made was whole at that moment.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "rocksdb/db.h"
#include "rocksdb/metadata.h"

#include "storage/base/context.h"
#include "storage/kv_rocks/backup_check.h"
#include "storage/kv_rocks/backup_manifest.h"
#include "storage/kv_rocks/database.h"

namespace twingraph::kv_rocks {

class BackupWriter {
 public:
  // `id` is that of no backup yet. `database` outlives this.
  BackupWriter(const Database& database, std::string directory, uint32_t id)
      : db_(database.db()),
        families_(database.families()),
        directory_(std::move(directory)),
        id_(id),
        check_(directory_) {}

  // Copies what the directory lacks and writes the list of all files, as
  // durable as it will be. What it leaves after an error is in no backup; then
  // RemoveAdded and RemoveUnfinished are called.
  // Errors: as CreateBackup.
  absl::StatusOr<BackupManifest> Write(const Context& ctx);

  // Takes the shared files away that were not there before.
  void RemoveAdded() const;

 private:
  // What is not in a live file's own description.
  struct Table {
    std::string session;  // of the process that wrote it
    std::string family;
  };

  absl::Status ReadShared(const Context& ctx);
  absl::StatusOr<std::vector<rocksdb::LiveFileStorageInfo>> LiveFiles();
  absl::StatusOr<std::optional<FileSum>> Shared(const Context& ctx,
                                                const std::string& path);
  std::map<std::string, Table> Tables() const;
  absl::StatusOr<BackupFile> Add(const Context& ctx,
                                 const rocksdb::LiveFileStorageInfo& live);
  absl::StatusOr<BackupFile> AddTable(const Context& ctx,
                                      const rocksdb::LiveFileStorageInfo& live);
  absl::StatusOr<BackupFile> AddPrivate(
      const Context& ctx, const rocksdb::LiveFileStorageInfo& live);
  absl::StatusOr<FileSum> Copy(const Context& ctx,
                               const rocksdb::LiveFileStorageInfo& live,
                               const std::string& to) const;
  absl::StatusOr<FileSum> SumOf(const Context& ctx,
                                const rocksdb::LiveFileStorageInfo& live) const;
  std::string SharedPath(const rocksdb::LiveFileStorageInfo& live,
                         const FileSum& sum) const;
  std::string FamilyOf(const rocksdb::LiveFileStorageInfo& live) const;
  absl::Status SyncParts() const;

  rocksdb::DB& db_;
  const Families& families_;
  const std::string directory_;
  const uint32_t id_;
  BackupCheck check_;
  std::map<std::string, Table> tables_;  // by name
  std::vector<std::string> added_;       // paths
};

}  // namespace twingraph::kv_rocks
