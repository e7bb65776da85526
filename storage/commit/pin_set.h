#pragma once

// The retention floor and the pins that hold it back, under one lock, so that a
// pin is either below the floor and refused or above it and respected. Safe
// from any thread.

#include <atomic>
#include <set>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "storage/base/mutex.h"
#include "storage/commit/pin.h"

namespace twingraph::commit {

class PinSet {
 public:
  // The oldest revision that can be read.
  kv::Revision floor() const { return floor_.load(std::memory_order_acquire); }

  // Errors: OUT_OF_RANGE / REVISION_EXPIRED below the floor.
  absl::StatusOr<Pin> Hold(kv::Revision revision);

  // Moves the floor up to `target` or to the oldest pin, whichever is lower,
  // and returns where it is then. It never moves back.
  kv::Revision MoveFloor(kv::Revision target);

  // OK if `revision` is not below the floor.
  // Errors: OUT_OF_RANGE / REVISION_EXPIRED naming the oldest.
  absl::Status Check(kv::Revision revision) const;

 private:
  friend class Pin;
  void Release(kv::Revision revision);

  Mutex mutex_;
  std::multiset<kv::Revision> pinned_ ABSL_GUARDED_BY(mutex_);
  std::atomic<kv::Revision> floor_{0};
};

}  // namespace twingraph::commit
