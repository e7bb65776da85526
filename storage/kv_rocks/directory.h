#pragma once

// The directory of a store apart from RocksDB's files: who owns it, which
// format it has, and how it was left.
//
//   OWNER   locked while a process uses the directory
//   FORMAT  number of the format, as text
//   CLEAN   present after an orderly close: a hash of RocksDB's list of files,
//           as text, or nothing
//   COPY    present in a copy that Checkpoint made, until its first commit of a
//           new epoch
//   LAZY    present while commits were acknowledged before they were on the
//           disk, until an orderly close
//   WAL     which log is in use: wal_note.h
//
// Not thread-safe.

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "storage/kv/engine.h"
#include "storage/kv_rocks/file_lock.h"

namespace twingraph::kv_rocks {

// The newest format that this build reads and writes. Frozen numbers: each has
// a golden store in tests.
inline constexpr int kFormat = 1;

// Where a restore collects what becomes the store of a directory. While it is
// there, the directory is not opened.
std::string UnfinishedRestore(const std::string& path);

class StoreDirectory {
 public:
  // Makes the directory where it is absent, locks it, checks its format and
  // reads its marks. RocksDB would take a damaged list of its files for a
  // shorter one and delete the others, so the list is compared with the mark of
  // an orderly close. Where they differ, the mark may be what is damaged: to
  // `accept` a list that is whole by its own checksums opens the directory as a
  // copy.
  // Errors: as OpenEngine.
  static absl::StatusOr<std::unique_ptr<StoreDirectory>> Open(
      const std::string& path, bool accept = false);

  StoreDirectory(const StoreDirectory&) = delete;
  StoreDirectory& operator=(const StoreDirectory&) = delete;

  const std::string& path() const { return path_; }

  kv::OpenedAs opened_as() const { return opened_as_; }

  // Was every commit on the disk before it was acknowledged, so that a log
  // which lacks some is damaged?
  bool was_synced() const { return was_synced_; }

  // Takes the mark of an orderly close away: the store is written from now on.
  absl::Status TakeCleanMark();

  // Puts the mark back that was taken, where there was one: the next one to
  // open finds what this one found. REQUIRES: no database is open for writing,
  // and none took a commit.
  absl::Status PutCleanMarkBack();

  // Leaves the mark of an orderly close. REQUIRES: the database is closed.
  absl::Status MarkClean();

  // Commits may be acknowledged before they are on the disk from now on.
  absl::Status MarkLazy();

  // What was damaged is taken as it is: a copy of what it should be.
  absl::Status AcceptDamage();

  // The copy is a store of its own from now on.
  absl::Status ForgetCopy();

  // Gives a fresh RocksDB checkpoint at `path` the marks of a copy.
  static absl::Status MarkCopy(const std::string& path);

 private:
  StoreDirectory(std::string path, std::unique_ptr<FileLock> lock)
      : path_(std::move(path)), lock_(std::move(lock)) {}

  absl::Status CheckFormat();
  absl::Status CheckFiles();
  absl::Status ReadMarks(bool accept);
  absl::Status CheckFileList(bool accept);

  const std::string path_;
  const std::unique_ptr<FileLock> lock_;
  kv::OpenedAs opened_as_ = kv::OpenedAs::kEmpty;
  bool was_synced_ = true;
  bool is_clean_mark_taken_ = false;
};

}  // namespace twingraph::kv_rocks
