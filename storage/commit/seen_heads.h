#pragma once

// When this process saw which head by its own clock: how old revisions are
// where commit times do not tell. Commit times never decrease, so after one
// commit under a clock that was ahead, all carry its time until the clock is
// there too. Safe from any thread.

#include <cstddef>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"

#include "storage/base/mutex.h"
#include "storage/kv/row.h"

namespace twingraph::commit {

class SeenHeads {
 public:
  // `revision` is the head at `now`. Where `now` is before what was noted
  // earlier, the clock has been set back, and what it showed is forgotten.
  void Note(absl::Time now, kv::Revision revision);

  // A revision that was the head at `time` or before, the newest that is
  // remembered; 0 where none is.
  kv::Revision At(absl::Time time) const;

  // How many are remembered at most: the older, the further apart, so that each
  // age is told to some percent.
  static constexpr size_t kLimit = 1024;

 private:
  struct Seen {
    absl::Time time;
    kv::Revision revision;
  };

  void ForgetOne(absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable Mutex mutex_;
  // By time and revision, both rising.
  std::vector<Seen> seen_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace twingraph::commit
