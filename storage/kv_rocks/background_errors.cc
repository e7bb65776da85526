// Covered by tests/storage/kv_rocks/disk_fault_test.cc.
#include "storage/kv_rocks/background_errors.h"

#include "absl/strings/str_cat.h"

#include "storage/kv_rocks/status_mapping.h"

namespace twingraph::kv_rocks {

void BackgroundErrors::OnBackgroundError(rocksdb::BackgroundErrorReason reason,
                                         rocksdb::Status* error) {
  NoteWrite(
      ToStatus(*error, absl::StrCat("background ", static_cast<int>(reason))));
  if (error->IsIOError() &&
      error->severity() > rocksdb::Status::Severity::kHardError) {
    *error = rocksdb::Status(*error, rocksdb::Status::Severity::kHardError);
  }
}

}  // namespace twingraph::kv_rocks
