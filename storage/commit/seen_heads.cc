#include "storage/commit/seen_heads.h"

#include <algorithm>
#include <cstddef>

namespace twingraph::commit {

void SeenHeads::Note(absl::Time now, kv::Revision revision) {
  MutexLock lock(mutex_);
  while (!seen_.empty() && seen_.back().time > now) {
    seen_.pop_back();
  }
  if (!seen_.empty() && seen_.back().revision >= revision) {
    return;
  }
  if (seen_.size() == kLimit) {
    ForgetOne(now);
  }
  seen_.push_back({now, revision});
}

void SeenHeads::ForgetOne(absl::Time now) {
  // The one that leaves the smallest gap for its age.
  size_t least = 1;
  double least_share = 1;
  for (size_t i = 1; i + 1 < seen_.size(); ++i) {
    const absl::Time before = seen_[i - 1].time;
    const double share =
        absl::FDivDuration(seen_[i + 1].time - before, now - before);
    if (share < least_share) {
      least = i;
      least_share = share;
    }
  }
  seen_.erase(seen_.begin() + static_cast<ptrdiff_t>(least));
}

kv::Revision SeenHeads::At(absl::Time time) const {
  MutexLock lock(mutex_);
  const auto after = std::partition_point(
      seen_.begin(), seen_.end(),
      [time](const Seen& seen) { return seen.time <= time; });
  return after == seen_.begin() ? 0 : (after - 1)->revision;
}

}  // namespace twingraph::commit
