#include "client/cli/output/output_file.h"

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "storage/base/id.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"

namespace twingraph::cli {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kPermissionBits = 07777;

// What has this name, a link itself and not where it leads; nullopt: nothing.
std::optional<struct stat> Find(const std::string& path) {
  struct stat found;
  return lstat(path.c_str(), &found) == 0 ? std::optional(found) : std::nullopt;
}

// Where a link leads, if that is a file: that one is replaced, and the link
// stays. Anything else is its own place.
std::string PlaceOf(const std::string& path) {
  std::error_code error;
  if (!fs::is_symlink(path, error) || !fs::is_regular_file(path, error)) {
    return path;
  }
  const fs::path place = fs::canonical(path, error);
  return error ? path : place.string();
}

// Why the call that just failed did.
std::string SystemReason() {
  return std::generic_category().message(errno);
}

// Not derived from the name of the file, which may be as long as names can be.
std::string NameBeside(const std::string& path) {
  const fs::path name = absl::StrCat(".twingraph-", RandomUuid(), ".new");
  return fs::path(path).parent_path() / name;
}

// The name of a file is durable, too. Where the system cannot do that, the file
// is whole under whichever name is left.
void SyncDirectoryOf(const std::string& path) {
  const fs::path parent = fs::path(path).parent_path();
  const int directory = open(parent.empty() ? "." : parent.c_str(),
                             O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory >= 0) {
    fsync(directory);
    close(directory);
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<OutputFile>> OutputFile::Open(
    const std::string& path) {
  const std::string place = PlaceOf(path);
  std::unique_ptr<OutputFile> file(new OutputFile(place));
  const std::optional<struct stat> found = Find(place);
  const bool is_straight = found.has_value() && !S_ISREG(found->st_mode);
  RETURN_IF_ERROR(is_straight ? file->OpenStraight() : file->OpenBeside());
  return file;
}

OutputFile::OutputFile(std::string path) : path_(std::move(path)) {}

OutputFile::~OutputFile() {
  if (!unfinished_.empty()) {
    unlink(unfinished_.c_str());
  }
  if (file_ >= 0) {
    close(file_);
  }
}

absl::Status OutputFile::Commit() {
  stream_.close();
  if (!stream_) {
    // What the system said when a write failed is gone by now.
    return CannotWrite("is the disk full?");
  }
  if (unfinished_.empty()) {
    return absl::OkStatus();
  }
  if (fsync(file_) != 0 || rename(unfinished_.c_str(), path_.c_str()) != 0) {
    return CannotWrite(SystemReason());
  }
  unfinished_.clear();
  SyncDirectoryOf(path_);
  return absl::OkStatus();
}

absl::Status OutputFile::OpenStraight() {
  stream_.open(path_, std::ios::binary | std::ios::trunc);
  return stream_ ? absl::OkStatus() : CannotWrite(SystemReason());
}

absl::Status OutputFile::OpenBeside() {
  const std::optional<struct stat> replaced = Find(path_);
  if (replaced.has_value() &&
      faccessat(AT_FDCWD, path_.c_str(), W_OK, AT_EACCESS) != 0) {
    return CannotWrite(SystemReason());
  }
  unfinished_ = NameBeside(path_);
  before_stop_ = std::make_unique<BeforeStop>(
      [name = unfinished_] { unlink(name.c_str()); });
  file_ = open(unfinished_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
               replaced.has_value() ? 0600 : 0666);
  if (file_ < 0) {
    return CannotWrite(SystemReason());
  }
  stream_.open(unfinished_, std::ios::binary | std::ios::trunc);
  if (!stream_) {
    return CannotWrite(SystemReason());
  }
  if (replaced.has_value()) {
    // Only the superuser may give files away; for others the owner changes.
    if (fchown(file_, replaced->st_uid, replaced->st_gid) != 0) {
      errno = 0;
    }
    if (fchmod(file_, replaced->st_mode & kPermissionBits) != 0) {
      return CannotWrite(SystemReason());
    }
  }
  return absl::OkStatus();
}

absl::Status OutputFile::CannotWrite(absl::string_view reason) const {
  return FailedPrecondition(
      v1::ERROR_REASON_INVALID_FIELD,
      absl::StrCat("cannot write the file ", path_, ": ", reason),
      {{"file", path_}});
}

}  // namespace twingraph::cli
