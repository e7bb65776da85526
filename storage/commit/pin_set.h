#pragma once

// The retention floor and the pins that hold it back, under one lock, so that a
// pin is either below the floor and refused or above it and respected. Safe
// from any thread.

#include <atomic>
#include <set>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "storage/base/mutex.h"
#include "storage/commit/pin.h"
#include "storage/kv/group_record.h"

namespace twingraph::commit {

class PinSet {
 public:
  // Errors name revisions by the tokens of `incarnation`.
  explicit PinSet(const kv::Incarnation& incarnation)
      : incarnation_(incarnation) {}

  // The oldest revision that can be read.
  kv::Revision floor() const { return floor_.load(std::memory_order_acquire); }

  // Errors: OUT_OF_RANGE / REVISION_EXPIRED below the floor.
  absl::StatusOr<Pin> Hold(kv::Revision revision);

  // A pin of the floor, wherever it is.
  Pin HoldFloor();

  // Moves the floor up to `target` or to the oldest pin, whichever is lower,
  // and returns where it is then. It never moves back.
  kv::Revision MoveFloor(kv::Revision target);

  // From which time on states can be read while the floor is `floor`, for
  // errors that say so.
  void NoteTime(kv::Revision floor, absl::Time time);

  // OK if `revision` is not below the floor.
  // Errors: as Expired.
  absl::Status Check(kv::Revision revision) const;

  // OUT_OF_RANGE / REVISION_EXPIRED: `what` is older than the floor, which is
  // named by token and time. `asked` is the metadata for what was asked for.
  absl::Status Expired(
      absl::string_view what,
      const std::pair<absl::string_view, absl::string_view>& asked) const;

 private:
  friend class Pin;
  void Release(kv::Revision revision);

  const kv::Incarnation incarnation_;
  Mutex mutex_;
  std::multiset<kv::Revision> pinned_ ABSL_GUARDED_BY(mutex_);
  std::atomic<kv::Revision> floor_{0};

  mutable Mutex time_mutex_;
  // The newest floor that has a time, and its time.
  std::pair<kv::Revision, absl::Time> time_ ABSL_GUARDED_BY(time_mutex_);
};

}  // namespace twingraph::commit
