#include "storage/commit/pin_set.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

#include "storage/base/status.h"
#include "storage/base/status_macros.h"

namespace twingraph::commit {

void Pin::Release() {
  if (PinSet* set = std::exchange(set_, nullptr)) {
    set->Release(revision_);
  }
}

absl::StatusOr<Pin> PinSet::Hold(kv::Revision revision) {
  MutexLock lock(mutex_);
  RETURN_IF_ERROR(Check(revision));
  pinned_.insert(revision);
  return Pin(this, revision);
}

kv::Revision PinSet::MoveFloor(kv::Revision target) {
  MutexLock lock(mutex_);
  if (!pinned_.empty()) {
    target = std::min(target, *pinned_.begin());
  }
  target = std::max(target, floor());
  floor_.store(target, std::memory_order_release);
  return target;
}

absl::Status PinSet::Check(kv::Revision revision) const {
  const kv::Revision oldest = floor();
  if (revision >= oldest) {
    return absl::OkStatus();
  }
  return MakeError(
      absl::StatusCode::kOutOfRange, v1::ERROR_REASON_REVISION_EXPIRED,
      absl::StrCat("revision ", revision,
                   " is older than the history that is kept, which begins at ",
                   oldest),
      {{"revision", absl::StrCat(revision)},
       {"oldest_revision", absl::StrCat(oldest)}});
}

void PinSet::Release(kv::Revision revision) {
  MutexLock lock(mutex_);
  pinned_.erase(pinned_.find(revision));
}

}  // namespace twingraph::commit
