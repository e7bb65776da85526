// Covered by tests/storage/kv_rocks/backup_test.cc.
#include "storage/kv_rocks/backup_directory.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/kv_rocks/durable_file.h"
#include "storage/kv_rocks/read_file.h"
#include "storage/kv_rocks/status_mapping.h"

namespace twingraph::kv_rocks {
namespace {

constexpr const char* kParts[] = {"revisions", "meta", "private",
                                  "shared_checksum"};

std::string PathOf(const std::string& directory, absl::string_view part,
                   uint32_t id) {
  return absl::StrCat(directory, "/", part, "/", id);
}

absl::StatusOr<std::vector<std::string>> NamesOf(const std::string& directory,
                                                 absl::string_view part) {
  auto names = NamesIn(absl::StrCat(directory, "/", part));
  RETURN_IF_ERROR(BackupsRefused(names.status()));
  return *std::move(names);
}

// Ids of the backups that came to their end, smallest first.
absl::StatusOr<std::vector<uint32_t>> FinishedIds(
    const std::string& directory) {
  ASSIGN_OR_RETURN(const auto names, NamesOf(directory, "revisions"));
  std::vector<uint32_t> ids;
  for (const std::string& name : names) {
    uint32_t id = 0;
    if (absl::SimpleAtoi(name, &id) && name == absl::StrCat(id)) {
      ids.push_back(id);
    }
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

// The text of a file; nothing where it is absent or no file at all.
absl::StatusOr<std::string> TextOf(const std::string& path) {
  const auto text = ReadFile(path);
  if (absl::IsDataLoss(text.status())) {
    return std::string();
  }
  RETURN_IF_ERROR(BackupsRefused(text.status()));
  return text->value_or("");
}

absl::StatusOr<BackupRecord> ReadRecord(const std::string& directory,
                                        uint32_t id) {
  ASSIGN_OR_RETURN(const std::string mark,
                   TextOf(PathOf(directory, "revisions", id)));
  ASSIGN_OR_RETURN(const std::string text,
                   TextOf(PathOf(directory, "meta", id)));
  std::optional<BackupManifest> manifest = ParseManifest(text, id);
  const std::optional<BackupPlace> place = ParseMark(mark, text);
  BackupRecord record;
  record.backup.id = id;
  record.backup.is_damaged = !manifest.has_value() || !place.has_value();
  if (record.backup.is_damaged) {
    return record;
  }
  record.backup.revision = place->revision;
  record.backup.epoch = place->epoch;
  record.backup.time = manifest->time;
  record.files = std::move(manifest->files);
  return record;
}

// A name that a backup engine or this code gives. Whatever else lies there is
// the operator's.
bool IsOurs(const std::string& name) {
  uint32_t id = 0;
  return absl::SimpleAtoi(name, &id) || absl::EndsWith(name, ".sst") ||
         absl::EndsWith(name, ".new") || absl::EndsWith(name, ".tmp");
}

absl::Status RemoveAllBut(const std::set<std::string>& kept,
                          const std::string& directory,
                          absl::string_view part) {
  ASSIGN_OR_RETURN(const auto names, NamesOf(directory, part));
  for (const std::string& name : names) {
    if (IsOurs(name) && kept.count(name) == 0) {
      RETURN_IF_ERROR(BackupsRefused(
          RemoveAll(absl::StrCat(directory, "/", part, "/", name))));
    }
  }
  return absl::OkStatus();
}

// Names of the shared files that backups have; nullopt where that is not known.
std::optional<std::set<std::string>> SharedNames(
    const std::vector<BackupRecord>& records) {
  std::set<std::string> names;
  for (const BackupRecord& record : records) {
    if (record.backup.is_damaged) {
      return std::nullopt;
    }
    for (const BackupFile& file : record.files) {
      if (file.is_shared()) {
        names.insert(file.path.substr(file.path.find('/') + 1));
      }
    }
  }
  return names;
}

absl::Status RemoveShared(const std::string& directory,
                          const std::optional<std::set<std::string>>& kept) {
  if (kept.has_value()) {
    return RemoveAllBut(*kept, directory, "shared_checksum");
  }
  // The tables stay; what was cut off while it was copied does not.
  ASSIGN_OR_RETURN(const auto names, NamesOf(directory, "shared_checksum"));
  std::set<std::string> tables;
  for (const std::string& name : names) {
    if (absl::EndsWith(name, ".sst")) {
      tables.insert(name);
    }
  }
  return RemoveAllBut(tables, directory, "shared_checksum");
}

}  // namespace

absl::Status BackupsUnusable(absl::string_view message) {
  return FailedPrecondition(v1::ERROR_REASON_BACKUP_UNUSABLE, message);
}

absl::Status BackupsRefused(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsResourceExhausted(status)
             ? BackupsUnusable(absl::StrCat(
                   "the backup directory cannot be used: ", status.message()))
             : status;
}

absl::Status BackupsFailed(const rocksdb::Status& status,
                           const std::string& directory) {
  if (status.ok()) {
    return absl::OkStatus();
  }
  return absl::IsResourceExhausted(ToStatus(status, "backup"))
             ? BackupsUnusable(
                   absl::StrCat("the disk of the backup directory ", directory,
                                " is full; make room, or use another disk"))
             : BackupsUnusable(absl::StrCat(
                   "the backup directory ", directory,
                   " is damaged or its disk fails, and the log says how; use "
                   "another directory"));
}

absl::StatusOr<std::optional<std::string>> OwnerOfBackups(
    const std::string& directory) {
  auto text = ReadFile(directory + "/STORE");
  RETURN_IF_ERROR(BackupsRefused(text.status()));
  if (text->has_value()) {
    absl::StripAsciiWhitespace(&**text);
  }
  return *std::move(text);
}

absl::StatusOr<std::unique_ptr<FileLock>> LockBackups(
    const std::string& directory) {
  const auto is_there = Exists(directory);
  RETURN_IF_ERROR(BackupsRefused(is_there.status()));
  if (!*is_there) {
    return nullptr;
  }
  auto lock = FileLock::TryTake(directory + "/LOCK");
  RETURN_IF_ERROR(BackupsRefused(lock.status()));
  if (*lock == nullptr) {
    return BackupsUnusable(
        absl::StrCat("another server is at work in the backup directory ",
                     directory, "; give each one its own, or try again later"));
  }
  return *std::move(lock);
}

absl::StatusOr<bool> HoldsBackups(const std::string& directory) {
  ASSIGN_OR_RETURN(const auto ids, FinishedIds(directory));
  return !ids.empty();
}

absl::Status MakeParts(const std::string& directory) {
  for (const char* part : kParts) {
    RETURN_IF_ERROR(
        BackupsRefused(MakeDirectories(absl::StrCat(directory, "/", part))));
  }
  return absl::OkStatus();
}

absl::Status CheckParts(const std::string& directory) {
  for (const char* part : kParts) {
    const auto is_there = Exists(absl::StrCat(directory, "/", part));
    RETURN_IF_ERROR(BackupsRefused(is_there.status()));
    if (!*is_there) {
      return BackupsUnusable(absl::StrCat("the backup directory ", directory,
                                          " is damaged: its part ", part,
                                          " is missing; put it back, or use "
                                          "another directory"));
    }
    RETURN_IF_ERROR(NamesOf(directory, part).status());
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> IsFinished(const std::string& directory, uint32_t id) {
  const auto is_there = Exists(PathOf(directory, "revisions", id));
  RETURN_IF_ERROR(BackupsRefused(is_there.status()));
  return *is_there;
}

absl::StatusOr<std::vector<BackupRecord>> ReadRecords(
    const std::string& directory) {
  RETURN_IF_ERROR(CheckParts(directory));
  ASSIGN_OR_RETURN(const auto ids, FinishedIds(directory));
  std::vector<BackupRecord> records;
  records.reserve(ids.size());
  for (const uint32_t id : ids) {
    ASSIGN_OR_RETURN(records.emplace_back(), ReadRecord(directory, id));
  }
  return records;
}

absl::Status Finish(const std::string& directory, uint32_t id,
                    const BackupPlace& place, absl::string_view manifest) {
  return BackupsRefused(WriteDurably(directory + "/revisions",
                                     absl::StrCat(id).c_str(),
                                     FormatMark(place, manifest)));
}

absl::Status Unfinish(const std::string& directory, uint32_t id) {
  RETURN_IF_ERROR(
      BackupsRefused(RemoveAll(PathOf(directory, "revisions", id))));
  return BackupsRefused(SyncDirectory(directory + "/revisions"));
}

absl::Status RemoveUnfinished(const std::string& directory) {
  ASSIGN_OR_RETURN(const auto records, ReadRecords(directory));
  std::set<std::string> ids;
  for (const BackupRecord& record : records) {
    ids.insert(absl::StrCat(record.backup.id));
  }
  for (const char* part : {"revisions", "meta", "private"}) {
    RETURN_IF_ERROR(RemoveAllBut(ids, directory, part));
  }
  return RemoveShared(directory, SharedNames(records));
}

}  // namespace twingraph::kv_rocks
