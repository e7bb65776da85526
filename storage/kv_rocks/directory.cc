#include "storage/kv_rocks/directory.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "storage/base/log.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/kv/hash.h"
#include "storage/kv_rocks/durable_file.h"

namespace twingraph::kv_rocks {
namespace {

namespace fs = std::filesystem;

absl::Status NotUsable(absl::string_view message) {
  return FailedPrecondition(v1::ERROR_REASON_STORE_UNAVAILABLE, message);
}

std::string Content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file),
          std::istreambuf_iterator<char>()};
}

bool HoldsTables(const std::string& directory) {
  const fs::directory_iterator files(directory);
  return std::any_of(begin(files), end(files), [](const auto& file) {
    return file.path().extension() == ".sst";
  });
}

// Of the file that CURRENT names, and of its name.
std::string FileListHash(const std::string& directory) {
  const std::string current = Content(directory + "/CURRENT");
  const std::string name = current.substr(0, current.find('\n'));
  return absl::StrCat(absl::Hex(
      kv::Hash64(current + Content(directory + "/" + name)), absl::kZeroPad16));
}

}  // namespace

absl::StatusOr<std::unique_ptr<StoreDirectory>> StoreDirectory::Open(
    const std::string& path) {
  RETURN_IF_ERROR(MakeDirectories(path));
  const std::string lock_path = path + "/OWNER";
  const int lock_file =
      open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (lock_file < 0) {
    return DiskError("lock", lock_path);
  }
  std::unique_ptr<StoreDirectory> directory(
      new StoreDirectory(path, lock_file));
  if (flock(lock_file, LOCK_EX | LOCK_NB) != 0) {
    return NotUsable(
        "another process uses the data directory; stop it, or use another "
        "directory");
  }
  RETURN_IF_ERROR(directory->CheckFormat());
  RETURN_IF_ERROR(directory->TakeMarks());
  return directory;
}

StoreDirectory::~StoreDirectory() {
  close(lock_file_);
}

absl::Status StoreDirectory::CheckFormat() {
  const bool has_store = fs::exists(path_ + "/CURRENT");
  std::ifstream file(path_ + "/FORMAT");
  if (!file) {
    if (has_store) {
      return NotUsable(
          "the data directory holds a database that is not TwinGraph's; use "
          "another directory");
    }
    return WriteDurably(path_, "FORMAT", absl::StrCat(kFormat, "\n"));
  }
  std::string text;
  file >> text;
  int format = 0;
  if (!absl::SimpleAtoi(text, &format) || format < 1) {
    return DataLoss("the file FORMAT of the data directory is damaged",
                    {{"space", "store"}});
  }
  if (format > kFormat) {
    return FailedPrecondition(
        v1::ERROR_REASON_STORE_FORMAT_TOO_NEW,
        absl::StrCat("the data directory has format ", format,
                     "; this version reads up to ", kFormat),
        {{"format", absl::StrCat(format)},
         {"newest_known", absl::StrCat(kFormat)}});
  }
  return absl::OkStatus();
}

absl::Status StoreDirectory::TakeMarks() {
  if (!fs::exists(path_ + "/CURRENT")) {
    if (HoldsTables(path_)) {
      return DataLoss("the file CURRENT of the data directory is missing",
                      {{"space", "store"}, {"while", "open"}});
    }
    opened_as_ = kv::OpenedAs::kEmpty;
  } else if (fs::exists(path_ + "/COPY")) {
    opened_as_ = kv::OpenedAs::kCopy;
  } else if (fs::exists(path_ + "/CLEAN")) {
    opened_as_ = kv::OpenedAs::kClean;
  } else {
    opened_as_ = kv::OpenedAs::kUnclean;
  }
  was_synced_ = !fs::exists(path_ + "/LAZY");
  if (opened_as_ == kv::OpenedAs::kClean) {
    RETURN_IF_ERROR(CheckFileList());
  }
  return RemoveDurably(path_, "CLEAN");
}

absl::Status StoreDirectory::CheckFileList() {
  std::ifstream file(path_ + "/CLEAN");
  std::string expected;
  std::getline(file, expected);
  if (expected.empty() || expected == FileListHash(path_)) {
    return absl::OkStatus();
  }
  LogError("store_failed",
           {{"while", "open"}, {"engine", "the list of files was changed"}});
  return DataLoss(
      "the store is not as it was closed: its list of files is "
      "damaged",
      {{"space", "store"}, {"while", "open"}});
}

absl::Status StoreDirectory::MarkClean() {
  RETURN_IF_ERROR(RemoveDurably(path_, "LAZY"));
  return WriteDurably(path_, "CLEAN", FileListHash(path_) + "\n");
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
