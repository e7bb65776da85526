#include "storage/kv_rocks/durable_file.h"

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "storage/base/status_macros.h"
#include "storage/kv_rocks/read_file.h"

namespace twingraph::kv_rocks {
namespace {

namespace fs = std::filesystem;

// Makes what was written to a file or directory durable.
absl::Status Sync(const std::string& path, int flags) {
  const int file = open(path.c_str(), flags | O_CLOEXEC);
  if (file < 0) {
    return DiskError("open", path);
  }
  const int result = fsync(file);
  close(file);
  return result == 0 ? absl::OkStatus() : DiskError("sync", path);
}

}  // namespace

absl::Status SyncDirectory(const std::string& path) {
  return Sync(path.empty() ? "." : path, O_RDONLY | O_DIRECTORY);
}

absl::Status MakeDirectories(const std::string& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) {
    return absl::OkStatus();
  }
  const fs::path parent = fs::path(path).parent_path();
  if (!parent.empty() && parent != path) {
    RETURN_IF_ERROR(MakeDirectories(parent));
  }
  if (mkdir(path.c_str(), 0755) != 0 &&
      (errno != EEXIST || !fs::is_directory(path, error))) {
    return DiskError("create", path);
  }
  return SyncDirectory(parent);
}

absl::Status RemoveAll(const std::string& path) {
  std::error_code error;
  fs::remove_all(path, error);
  if (error) {
    errno = error.value();
    return DiskError("remove", path);
  }
  return absl::OkStatus();
}

absl::Status WriteDurably(const std::string& directory, const char* name,
                          absl::string_view content) {
  const std::string path = directory + "/" + name;
  const std::string unfinished = path + ".new";
  std::ofstream file(unfinished, std::ios::binary | std::ios::trunc);
  file << content;
  file.close();
  if (!file) {
    return DiskError("write", path);
  }
  RETURN_IF_ERROR(Sync(unfinished, O_RDONLY));
  if (rename(unfinished.c_str(), path.c_str()) != 0) {
    return DiskError("rename", path);
  }
  return SyncDirectory(directory);
}

absl::Status RemoveDurably(const std::string& directory, const char* name) {
  const std::string path = directory + "/" + name;
  if (unlink(path.c_str()) != 0) {
    return errno == ENOENT ? absl::OkStatus() : DiskError("remove", path);
  }
  return SyncDirectory(directory);
}

absl::Status RenameDurably(const std::string& from, const std::string& to) {
  if (rename(from.c_str(), to.c_str()) != 0) {
    return DiskError("rename", from);
  }
  return SyncDirectory(fs::path(to).parent_path());
}

}  // namespace twingraph::kv_rocks
