#pragma once

// A lock on a file, which one object of one process holds as long as it lives.

// Covered by tests/storage/kv_rocks/directory_test.cc.

#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace twingraph::kv_rocks {

class FileLock {
 public:
  // Makes the file where it is absent. Null where somebody holds it. Does not
  // wait. Errors: as DiskError.
  static absl::StatusOr<std::unique_ptr<FileLock>> TryTake(
      const std::string& path);

  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  explicit FileLock(int file) : file_(file) {}

  const int file_;
};

}  // namespace twingraph::kv_rocks
