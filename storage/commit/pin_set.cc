#include "storage/commit/pin_set.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"

#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/commit/token.h"

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

Pin PinSet::HoldFloor() {
  MutexLock lock(mutex_);
  pinned_.insert(floor());
  return Pin(this, floor());
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

void PinSet::NoteTime(kv::Revision floor, absl::Time time) {
  MutexLock lock(time_mutex_);
  time_ = std::max(time_, std::pair(floor, time));
}

absl::Status PinSet::Check(kv::Revision revision) const {
  if (revision >= floor()) {
    return absl::OkStatus();
  }
  return Expired(absl::StrCat("revision ", revision),
                 {"revision", FormatToken(incarnation_, revision)});
}

absl::Status PinSet::Expired(
    absl::string_view what,
    const std::pair<absl::string_view, absl::string_view>& asked) const {
  const kv::Revision oldest = floor();
  std::string time;
  {
    MutexLock lock(time_mutex_);
    if (time_.first == oldest) {
      time = FormatCommitTime(time_.second);
    }
  }
  return MakeError(
      absl::StatusCode::kOutOfRange, v1::ERROR_REASON_REVISION_EXPIRED,
      absl::StrCat(what,
                   " is older than the history that is kept, which "
                   "begins at revision ",
                   oldest, time.empty() ? "" : " of ", time),
      {asked,
       {"oldest_revision", FormatToken(incarnation_, oldest)},
       {"oldest_time", time}});
}

void PinSet::Release(kv::Revision revision) {
  MutexLock lock(mutex_);
  pinned_.erase(pinned_.find(revision));
}

}  // namespace twingraph::commit
