// Covered by tests/storage/kv_rocks/disk_fault_test.cc.
#include "storage/kv_rocks/background_errors.h"

#include "absl/strings/str_cat.h"

#include "storage/base/status.h"
#include "storage/kv_rocks/family.h"
#include "storage/kv_rocks/status_mapping.h"

namespace twingraph::kv_rocks {

void BackgroundErrors::OnCompactionCompleted(
    rocksdb::DB* /*db*/, const rocksdb::CompactionJobInfo& job) {
  if (job.status.IsCorruption()) {
    const absl::Status damage = ToStatus(job.status, "compact", job.cf_name);
    MutexLock lock(mutex_);
    damage_ = damage;
  }
}

void BackgroundErrors::OnBackgroundError(rocksdb::BackgroundErrorReason reason,
                                         rocksdb::Status* error) {
  if (reason == rocksdb::BackgroundErrorReason::kCompaction &&
      error->IsCorruption()) {
    const absl::Status damage = this->damage();
    NoteWrite(damage);
    if (MetadataOf(damage, "space") == NameOf(Family::kChurning)) {
      *error = rocksdb::Status::OK();
    }
    return;
  }
  {
    const absl::Status failure =
        ToStatus(*error, absl::StrCat("background ", static_cast<int>(reason)));
    MutexLock lock(mutex_);
    failure_ = failure;
    last_ = failure;
  }
  NoteStop();
  if (error->IsIOError() &&
      error->severity() > rocksdb::Status::Severity::kHardError) {
    *error = rocksdb::Status(*error, rocksdb::Status::Severity::kHardError);
  }
}

}  // namespace twingraph::kv_rocks
