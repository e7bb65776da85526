#include "tests/support/floor_model.h"

#include <algorithm>

namespace twingraph {

void FloorModel::Trim(kv::Revision target) {
  if (!pinned_.empty()) {
    target = std::min(target, *pinned_.begin());
  }
  floor_ = std::max(floor_, target);
  times_.erase(times_.begin(), times_.lower_bound(floor_));
}

void FloorModel::Maintain(absl::Time now) {
  // A clock that shows less than before has been set back, and what it showed
  // then is worth nothing.
  seen_.erase(
      std::remove_if(seen_.begin(), seen_.end(),
                     [now](const Seen& seen) { return seen.time > now; }),
      seen_.end());
  seen_.push_back({now, times_.rbegin()->first});
  kv::Revision target = 0;
  for (const auto& [revision, time] : times_) {
    if (time <= now - age_) {
      target = std::max(target, revision);
    }
  }
  for (const Seen& seen : seen_) {
    if (seen.time <= now - age_) {
      target = std::max(target, seen.head);
    }
  }
  Trim(target);
}

}  // namespace twingraph
