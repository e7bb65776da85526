// Covered by tests/storage/kv_rocks/directory_test.cc.
#include "storage/kv_rocks/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "storage/kv_rocks/read_file.h"

namespace twingraph::kv_rocks {

absl::StatusOr<std::unique_ptr<FileLock>> FileLock::TryTake(
    const std::string& path) {
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0) {
    return DiskError("lock", path);
  }
  std::unique_ptr<FileLock> lock(new FileLock(file));
  return flock(file, LOCK_EX | LOCK_NB) == 0 ? std::move(lock) : nullptr;
}

FileLock::~FileLock() {
  close(file_);
}

}  // namespace twingraph::kv_rocks
