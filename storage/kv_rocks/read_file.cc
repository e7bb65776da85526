#include "storage/kv_rocks/read_file.h"

#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "storage/base/log.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"

namespace twingraph::kv_rocks {
namespace {

namespace fs = std::filesystem;

// A cause and what to do about it, for whoever runs the process.
absl::string_view CauseOf(int error) {
  switch (error) {
    case EACCES:
    case EPERM:
      return "permission denied; let the user that runs this process use it";
    case EROFS:
      return "its file system is read-only; mount it for writing, or use "
             "another directory";
    case ENOTDIR:
    case EEXIST:
      return "a part of its path is no directory; use another path";
    case ENOSPC:
    case EDQUOT:
      return "the disk is full; make room, or use another disk";
    case ENAMETOOLONG:
      return "its path is too long; use another path";
    case ELOOP:
      return "its symbolic links lead in a circle; use another path";
    default:
      return "the disk failed; the log says how";
  }
}

// Closes a file at the end of a scope.
class OpenFile {
 public:
  explicit OpenFile(const std::string& path)
      : file_(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}

  ~OpenFile() {
    if (file_ >= 0) {
      close(file_);
    }
  }

  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  int get() const { return file_; }

 private:
  const int file_;
};

}  // namespace

absl::Status DiskError(absl::string_view what, absl::string_view path) {
  const int error = errno;
  LogError("store_directory_failed",
           {{"while", what},
            {"path", path},
            {"error", std::generic_category().message(error)}});
  const bool is_full = error == ENOSPC || error == EDQUOT;
  return MakeError(
      is_full ? absl::StatusCode::kResourceExhausted
              : absl::StatusCode::kUnavailable,
      is_full ? v1::ERROR_REASON_STORE_FULL
              : v1::ERROR_REASON_STORE_UNAVAILABLE,
      absl::StrCat("cannot ", what, " ", path, ": ", CauseOf(error)),
      {{"while", std::string(what)}});
}

absl::StatusOr<bool> Exists(const std::string& path) {
  struct stat found = {};
  if (stat(path.c_str(), &found) == 0) {
    return true;
  }
  if (errno == ENOENT) {
    return false;
  }
  return DiskError("look at", path);
}

absl::StatusOr<std::optional<std::string>> ReadFile(const std::string& path) {
  const OpenFile file(path);
  if (file.get() < 0) {
    if (errno == ENOENT) {
      return std::nullopt;
    }
    return DiskError("read", path);
  }
  std::string content;
  std::array<char, 32 << 10> buffer;
  for (;;) {
    const ssize_t bytes = read(file.get(), buffer.data(), buffer.size());
    if (bytes == 0) {
      return content;
    }
    if (bytes < 0 && errno == EISDIR) {
      return DataLoss(absl::StrCat(path, " is a directory and not a file"),
                      {{"space", "store"}, {"while", "read"}});
    }
    if (bytes < 0 && errno != EINTR) {
      return DiskError("read", path);
    }
    content.append(buffer.data(), bytes < 0 ? 0 : static_cast<size_t>(bytes));
  }
}

absl::StatusOr<std::vector<std::string>> NamesIn(const std::string& path) {
  std::error_code error;
  std::vector<std::string> names;
  for (fs::directory_iterator at(path, error), end; !error && at != end;
       at.increment(error)) {
    names.push_back(at->path().filename());
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    errno = error.value();
    return DiskError("read", path);
  }
  return names;
}

absl::Status CheckReadable(const std::string& path) {
  return faccessat(AT_FDCWD, path.c_str(), R_OK, AT_EACCESS) == 0
             ? absl::OkStatus()
             : DiskError("read", path);
}

std::string AbsolutePath(const std::string& path) {
  std::error_code error;
  const fs::path absolute = fs::absolute(path, error);
  return error ? path : absolute.string();
}

}  // namespace twingraph::kv_rocks
