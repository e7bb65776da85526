#include "storage/kv_rocks/directory.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "storage/base/log.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/kv/hash.h"
#include "storage/kv_rocks/durable_file.h"
#include "storage/kv_rocks/read_file.h"
#include "storage/kv_rocks/wal_check.h"

namespace twingraph::kv_rocks {
namespace {

absl::Status NotUsable(absl::string_view message) {
  return FailedPrecondition(v1::ERROR_REASON_STORE_UNAVAILABLE, message);
}

absl::Status Damaged(absl::string_view message) {
  return DataLoss(message, {{"space", "store"}, {"while", "open"}});
}

// RocksDB's file of which no byte is ours, but without which it opens nothing.
bool IsNeeded(absl::string_view name) {
  return absl::EndsWith(name, ".sst") || absl::EndsWith(name, ".log");
}

// The content of CURRENT, which names the list of files.
struct Current {
  std::string content;
  std::string list_path;
};

// nullopt where there is no store.
absl::StatusOr<std::optional<Current>> ReadCurrent(
    const std::string& directory) {
  const std::string path = directory + "/CURRENT";
  ASSIGN_OR_RETURN(std::optional<std::string> content, ReadFile(path));
  if (!content.has_value()) {
    return std::nullopt;
  }
  const absl::string_view name = absl::StripSuffix(*content, "\n");
  absl::string_view number = name;
  uint64_t parsed = 0;
  if (!absl::ConsumePrefix(&number, "MANIFEST-") ||
      !absl::SimpleAtoi(number, &parsed)) {
    return Damaged(
        absl::StrCat(path, " is damaged: it names no list of files"));
  }
  Current current{*content, absl::StrCat(directory, "/", name)};
  return current;
}

// RocksDB's list of files and how it is found.
struct FileList {
  Current current;
  std::string content;
};

absl::StatusOr<FileList> ReadFileList(const std::string& directory) {
  ASSIGN_OR_RETURN(const std::optional<Current> current,
                   ReadCurrent(directory));
  if (!current.has_value()) {
    return Damaged(absl::StrCat(directory, "/CURRENT is missing"));
  }
  ASSIGN_OR_RETURN(const std::optional<std::string> list,
                   ReadFile(current->list_path));
  if (!list.has_value()) {
    return Damaged(absl::StrCat(current->list_path, " is missing"));
  }
  return FileList{*current, *list};
}

std::string HashOf(const FileList& list) {
  return absl::StrCat(absl::Hex(kv::Hash64(list.current.content + list.content),
                                absl::kZeroPad16));
}

// By the checksums of its records, which have the form of a log's.
bool IsWhole(const FileList& list) {
  return !IsDamagedBeforeItsEnd(list.content) && !IsTorn(list.content);
}

// A restore that was cut off leaves a part of a store beside the place.
absl::Status CheckNoRestore(const std::string& path) {
  const std::string unfinished = UnfinishedRestore(path);
  ASSIGN_OR_RETURN(const bool is_there, Exists(unfinished));
  return is_there ? NotUsable(absl::StrCat(
                        "a restore was cut off: run it again, or remove ",
                        unfinished, " to go on without it"))
                  : absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<StoreDirectory>> StoreDirectory::Open(
    const std::string& path, bool accept) {
  RETURN_IF_ERROR(CheckNoRestore(path));
  RETURN_IF_ERROR(MakeDirectories(path));
  const std::string lock_path = path + "/OWNER";
  ASSIGN_OR_RETURN(std::unique_ptr<FileLock> lock,
                   FileLock::TryTake(lock_path));
  if (lock == nullptr) {
    return NotUsable(absl::StrCat("another process uses the data directory ",
                                  path, "; stop it, or use another directory"));
  }
  std::unique_ptr<StoreDirectory> directory(
      new StoreDirectory(path, std::move(lock)));
  RETURN_IF_ERROR(directory->CheckFormat());
  RETURN_IF_ERROR(directory->ReadMarks(accept));
  return directory;
}

std::string UnfinishedRestore(const std::string& path) {
  return path + ".restoring";
}

absl::Status StoreDirectory::CheckFormat() {
  const std::string path = path_ + "/FORMAT";
  ASSIGN_OR_RETURN(const std::optional<std::string> text, ReadFile(path));
  if (!text.has_value()) {
    ASSIGN_OR_RETURN(const bool has_store, Exists(path_ + "/CURRENT"));
    return has_store
               ? NotUsable(
                     absl::StrCat("the data directory ", path_,
                                  " holds a database that is not TwinGraph's; "
                                  "use another directory"))
               : WriteDurably(path_, "FORMAT", absl::StrCat(kFormat, "\n"));
  }
  int format = 0;
  if (!absl::SimpleAtoi(*text, &format) || format < 1) {
    return Damaged(absl::StrCat("the file ", path, " is damaged"));
  }
  if (format > kFormat) {
    return FailedPrecondition(
        v1::ERROR_REASON_STORE_FORMAT_TOO_NEW,
        absl::StrCat("the data directory ", path_, " has format ", format,
                     "; this version reads up to ", kFormat),
        {{"format", absl::StrCat(format)},
         {"newest_known", absl::StrCat(kFormat)}});
  }
  return absl::OkStatus();
}

absl::Status StoreDirectory::CheckFiles() {
  ASSIGN_OR_RETURN(const std::optional<Current> current, ReadCurrent(path_));
  ASSIGN_OR_RETURN(const std::vector<std::string> names, NamesIn(path_));
  for (const std::string& name : names) {
    if (IsNeeded(name)) {
      RETURN_IF_ERROR(CheckReadable(path_ + "/" + name));
    }
  }
  if (current.has_value()) {
    return ReadFile(current->list_path).status();
  }
  const bool holds_tables = std::any_of(
      names.begin(), names.end(),
      [](const std::string& name) { return absl::EndsWith(name, ".sst"); });
  return holds_tables
             ? Damaged(absl::StrCat("the file ", path_, "/CURRENT is missing"))
             : absl::OkStatus();
}

absl::Status StoreDirectory::ReadMarks(bool accept) {
  RETURN_IF_ERROR(CheckFiles());
  ASSIGN_OR_RETURN(const bool has_store, Exists(path_ + "/CURRENT"));
  ASSIGN_OR_RETURN(const bool is_copy, Exists(path_ + "/COPY"));
  ASSIGN_OR_RETURN(const bool is_clean, Exists(path_ + "/CLEAN"));
  ASSIGN_OR_RETURN(const bool is_lazy, Exists(path_ + "/LAZY"));
  opened_as_ = !has_store ? kv::OpenedAs::kEmpty
               : is_copy  ? kv::OpenedAs::kCopy
               : is_clean ? kv::OpenedAs::kClean
                          : kv::OpenedAs::kUnclean;
  was_synced_ = !is_lazy;
  if (opened_as_ == kv::OpenedAs::kClean) {
    return CheckFileList(accept);
  }
  return absl::OkStatus();
}

absl::Status StoreDirectory::TakeCleanMark() {
  is_clean_mark_taken_ = opened_as_ == kv::OpenedAs::kClean;
  return RemoveDurably(path_, "CLEAN");
}

absl::Status StoreDirectory::PutCleanMarkBack() {
  if (is_clean_mark_taken_) {
    RETURN_IF_ERROR(MarkClean());
    is_clean_mark_taken_ = false;
  }
  return absl::OkStatus();
}

absl::Status StoreDirectory::CheckFileList(bool accept) {
  ASSIGN_OR_RETURN(const std::optional<std::string> mark,
                   ReadFile(path_ + "/CLEAN"));
  const std::string expected(
      absl::StripTrailingAsciiWhitespace(mark.value_or("")));
  if (expected.empty()) {
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const FileList found, ReadFileList(path_));
  if (expected == HashOf(found)) {
    return absl::OkStatus();
  }
  LogError("store_failed",
           {{"while", "open"}, {"engine", "the list of files was changed"}});
  if (!IsWhole(found)) {
    return Damaged(absl::StrCat(found.current.list_path,
                                ", the list of the store's files, is damaged"));
  }
  return accept ? AcceptDamage()
                : Damaged(absl::StrCat(
                      "the store is not as it was closed: either ", path_,
                      "/CLEAN is damaged, or ", found.current.list_path,
                      " lacks its end; --accept-lost-commits opens it as it "
                      "is, which loses nothing in the first case only"));
}

absl::Status StoreDirectory::MarkClean() {
  RETURN_IF_ERROR(RemoveDurably(path_, "LAZY"));
  ASSIGN_OR_RETURN(const FileList list, ReadFileList(path_));
  return WriteDurably(path_, "CLEAN", HashOf(list) + "\n");
}

absl::Status StoreDirectory::MarkLazy() {
  return WriteDurably(path_, "LAZY", "");
}

absl::Status StoreDirectory::AcceptDamage() {
  opened_as_ = kv::OpenedAs::kCopy;
  return WriteDurably(path_, "COPY", "");
}

absl::Status StoreDirectory::ForgetCopy() {
  return RemoveDurably(path_, "COPY");
}

absl::Status StoreDirectory::MarkCopy(const std::string& path) {
  RETURN_IF_ERROR(WriteDurably(path, "COPY", ""));
  return WriteDurably(path, "FORMAT", absl::StrCat(kFormat, "\n"));
}

}  // namespace twingraph::kv_rocks
