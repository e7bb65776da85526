#pragma once

// The directory of a store apart from RocksDB's files: who owns it, which
// format it has, and how it was left.
//
//   OWNER   locked while a process uses the directory
//   FORMAT  number of the format, as text
//   CLEAN   present after an orderly close
//   COPY    present in a copy that Checkpoint made, until its first commit of a
//           new epoch
//
// Not thread-safe.

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "storage/kv/engine.h"

namespace twingraph::kv_rocks {

// The newest format that this build reads and writes. Frozen numbers: each has
// a golden store in tests.
inline constexpr int kFormat = 1;

class StoreDirectory {
 public:
  // Makes the directory where it is absent, locks it, checks its format and
  // takes the mark of an orderly close away.
  // Errors: as OpenEngine.
  static absl::StatusOr<std::unique_ptr<StoreDirectory>> Open(
      const std::string& path);

  // Releases the lock.
  ~StoreDirectory();
  StoreDirectory(const StoreDirectory&) = delete;
  StoreDirectory& operator=(const StoreDirectory&) = delete;

  kv::OpenedAs opened_as() const { return opened_as_; }

  // Leaves the mark of an orderly close.
  absl::Status MarkClean();

  // The copy is a store of its own from now on.
  absl::Status ForgetCopy();

  // Gives a fresh RocksDB checkpoint at `path` the marks of a copy.
  static absl::Status MarkCopy(const std::string& path);

 private:
  StoreDirectory(std::string path, int lock_file)
      : path_(std::move(path)), lock_file_(lock_file) {}

  absl::Status CheckFormat();
  absl::Status TakeMarks();

  const std::string path_;
  const int lock_file_;
  kv::OpenedAs opened_as_ = kv::OpenedAs::kEmpty;
};

}  // namespace twingraph::kv_rocks
