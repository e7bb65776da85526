// Covered by tests/storage/kv_rocks/backup_test.cc.
#include "storage/kv_rocks/backup_writer.h"

#include <filesystem>
#include <limits>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "rocksdb/utilities/backup_engine.h"

#include "storage/base/log.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/kv_rocks/durable_file.h"
#include "storage/kv_rocks/read_file.h"
#include "storage/kv_rocks/status_mapping.h"

namespace twingraph::kv_rocks {
namespace {

using LiveFile = rocksdb::LiveFileStorageInfo;

std::string PathOf(const LiveFile& live) {
  return absl::StrCat(live.directory, "/", live.relative_filename);
}

bool HasChecksum(const LiveFile& live) {
  return live.file_checksum_func_name == rocksdb::kDbFileChecksumFuncName;
}

// The table's name, and behind it what tells it from another one of the name,
// which a restored store may write.
std::string SharedName(const LiveFile& live, const std::string& writer,
                       uint64_t bytes) {
  const std::filesystem::path name = live.relative_filename;
  return absl::StrCat("shared_checksum/", name.stem().string(), "_", writer,
                      "_", bytes, name.extension().string());
}

absl::Status Damaged(const LiveFile& live, const std::string& family) {
  absl::Status status = DataLoss(
      absl::StrCat("stored bytes are damaged: ", live.relative_filename),
      {{"space", family}, {"while", "backup"}});
  AddMetadata(status, "file", live.relative_filename);
  return status;
}

}  // namespace

absl::StatusOr<BackupManifest> BackupWriter::Write(const Context& ctx) {
  RETURN_IF_ERROR(ReadShared(ctx));
  RETURN_IF_ERROR(ToStatus(db_.DisableFileDeletions(), "backup"));
  const absl::Cleanup allow = [this] {
    db_.EnableFileDeletions(/*force=*/false).PermitUncheckedError();
  };
  // As the list of files keeps it.
  BackupManifest manifest{
      .time = absl::FromUnixSeconds(absl::ToUnixSeconds(absl::Now())),
      .sequence = db_.GetLatestSequenceNumber()};
  ASSIGN_OR_RETURN(const std::vector<LiveFile> files, LiveFiles());
  RETURN_IF_ERROR(BackupsRefused(
      MakeDirectories(absl::StrCat(directory_, "/private/", id_))));
  for (const LiveFile& live : files) {
    ASSIGN_OR_RETURN(manifest.files.emplace_back(), Add(ctx, live));
  }
  RETURN_IF_ERROR(SyncParts());
  RETURN_IF_ERROR(BackupsRefused(WriteDurably(directory_ + "/meta",
                                              absl::StrCat(id_).c_str(),
                                              FormatManifest(manifest))));
  return manifest;
}

void BackupWriter::RemoveAdded() const {
  for (const std::string& path : added_) {
    RemoveAll(path).IgnoreError();
  }
}

// While files are held the store takes more room, so what is read long is read
// before.
absl::Status BackupWriter::ReadShared(const Context& ctx) {
  ASSIGN_OR_RETURN(const std::vector<LiveFile> files, LiveFiles());
  for (const LiveFile& live : files) {
    if (HasChecksum(live)) {
      ASSIGN_OR_RETURN(const FileSum wanted, SumOf(ctx, live));
      RETURN_IF_ERROR(Shared(ctx, SharedPath(live, wanted)).status());
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<LiveFile>> BackupWriter::LiveFiles() {
  rocksdb::LiveFilesStorageInfoOptions options;
  options.include_checksum_info = true;
  options.wal_size_for_flush = std::numeric_limits<uint64_t>::max();
  std::vector<LiveFile> files;
  RETURN_IF_ERROR(
      ToStatus(db_.GetLiveFilesStorageInfo(options, &files), "backup"));
  tables_ = Tables();
  return files;
}

// What lies at a shared path; nullopt where nothing does, or nothing whole.
absl::StatusOr<std::optional<FileSum>> BackupWriter::Shared(
    const Context& ctx, const std::string& path) {
  const auto is_there = Exists(absl::StrCat(directory_, "/", path));
  RETURN_IF_ERROR(BackupsRefused(is_there.status()));
  if (!*is_there) {
    return std::nullopt;
  }
  return check_.Sum(ctx, path);
}

std::map<std::string, BackupWriter::Table> BackupWriter::Tables() const {
  std::map<std::string, Table> tables;
  for (rocksdb::ColumnFamilyHandle* family : families_.all()) {
    rocksdb::TablePropertiesCollection found;
    // A table that is not found gets its name from its checksum.
    db_.GetPropertiesOfAllTables(family, &found).PermitUncheckedError();
    for (const auto& [path, properties] : found) {
      tables[std::filesystem::path(path).filename()] = {
          .session = properties->db_session_id, .family = family->GetName()};
    }
  }
  return tables;
}

absl::StatusOr<BackupFile> BackupWriter::Add(const Context& ctx,
                                             const LiveFile& live) {
  return live.file_type == rocksdb::kTableFile ? AddTable(ctx, live)
                                               : AddPrivate(ctx, live);
}

absl::StatusOr<BackupFile> BackupWriter::AddTable(const Context& ctx,
                                                  const LiveFile& live) {
  ASSIGN_OR_RETURN(const FileSum wanted, SumOf(ctx, live));
  BackupFile file{.path = SharedPath(live, wanted),
                  .crc32c = wanted.crc32c,
                  .bytes = wanted.bytes};
  ASSIGN_OR_RETURN(const auto found, Shared(ctx, file.path));
  if (found == wanted) {
    return file;
  }
  const std::string path = absl::StrCat(directory_, "/", file.path);
  const std::string unfinished = path + ".new";
  ASSIGN_OR_RETURN(const FileSum copied, Copy(ctx, live, unfinished));
  if (copied != wanted) {
    return Damaged(live, FamilyOf(live));
  }
  const auto is_there = Exists(path);
  RETURN_IF_ERROR(BackupsRefused(is_there.status()));
  if (*is_there) {
    LogWarning("backup_file_replaced",
               {{"directory", directory_}, {"file", file.path}});
  } else {
    added_.push_back(path);
  }
  RETURN_IF_ERROR(BackupsRefused(RenameDurably(unfinished, path)));
  return file;
}

absl::StatusOr<BackupFile> BackupWriter::AddPrivate(const Context& ctx,
                                                    const LiveFile& live) {
  const std::string name = live.relative_filename;
  BackupFile file{.path = absl::StrCat("private/", id_, "/", name)};
  const std::string path = absl::StrCat(directory_, "/", file.path);
  FileSum sum;
  if (live.replacement_contents.empty()) {
    ASSIGN_OR_RETURN(sum, Copy(ctx, live, path));
    if (sum.bytes != live.size) {
      return Damaged(live, "store");
    }
  } else {
    RETURN_IF_ERROR(
        BackupsRefused(WriteDurably(absl::StrCat(directory_, "/private/", id_),
                                    name.c_str(), live.replacement_contents)));
    sum = SumText(live.replacement_contents);
  }
  file.crc32c = sum.crc32c;
  file.bytes = sum.bytes;
  return file;
}

absl::StatusOr<FileSum> BackupWriter::Copy(const Context& ctx,
                                           const LiveFile& live,
                                           const std::string& to) const {
  return CopyFile(ctx, {.env = *db_.GetEnv(),
                        .from = PathOf(live),
                        .to = to,
                        .limit = live.size,
                        .read_error =
                            [&](const rocksdb::Status& status) {
                              return ToStatus(status, "backup", FamilyOf(live));
                            },
                        .write_error =
                            [&](const rocksdb::Status& status) {
                              return BackupsFailed(status, directory_);
                            }});
}

// What a table has to be. One of a store that noted no checksums is what it is
// found to be.
absl::StatusOr<FileSum> BackupWriter::SumOf(const Context& ctx,
                                            const LiveFile& live) const {
  if (HasChecksum(live)) {
    return FileSum{.bytes = live.size,
                   .crc32c = Crc32cFrom(live.file_checksum)};
  }
  return SumFile(ctx, *db_.GetEnv(), PathOf(live),
                 [&](const rocksdb::Status& status) {
                   return ToStatus(status, "backup", FamilyOf(live));
                 });
}

std::string BackupWriter::SharedPath(const LiveFile& live,
                                     const FileSum& sum) const {
  const auto table = tables_.find(live.relative_filename);
  const bool has_session = HasChecksum(live) && table != tables_.end() &&
                           !table->second.session.empty();
  return SharedName(live,
                    has_session ? absl::StrCat("s", table->second.session)
                                : absl::StrCat(sum.crc32c),
                    sum.bytes);
}

std::string BackupWriter::FamilyOf(const LiveFile& live) const {
  const auto table = tables_.find(live.relative_filename);
  return table == tables_.end() ? "store" : table->second.family;
}

absl::Status BackupWriter::SyncParts() const {
  for (const std::string& part :
       {absl::StrCat("private/", id_), std::string("shared_checksum")}) {
    RETURN_IF_ERROR(
        BackupsRefused(SyncDirectory(absl::StrCat(directory_, "/", part))));
  }
  return absl::OkStatus();
}

}  // namespace twingraph::kv_rocks
