#pragma once

// How the bytes of history and log are spread over revisions, so that retention
// by size can tell how many of them a trim gives up. Bytes leave an engine some
// time after the trim: what has been given up and what has left are told apart,
// or the same bytes would be given up again and again. Safe from any thread.

#include <cstddef>
#include <cstdint>
#include <deque>

#include "storage/base/mutex.h"
#include "storage/kv/row.h"

namespace twingraph::kv {

class HistorySize {
 public:
  // The engine holds revisions up to `head` from before; spread evenly.
  void Start(Revision head);

  // What Start spoke of and what was noted since are `bytes` together. Until
  // this is called, what was there before weighs nothing.
  void Weigh(uint64_t bytes);

  // The commits up to `revision`, which follow the last ones that were noted,
  // added `bytes`.
  void Note(Revision revision, uint64_t bytes);

  // Revisions up to `floor` were given up before Start; some of their bytes,
  // nobody knows how many, take room until the next Left.
  void GiveUp(Revision floor);

  bool has_rest() const;

  // Nothing of revisions up to `floor` takes room any more.
  void Left(Revision floor);

  // The share of the bytes that have not left which is of revisions up to
  // `floor`, from 0 to 1.
  double ShareUpTo(Revision floor) const;

  // The oldest floor whose later revisions have at most this share of the bytes
  // that have not left, rounded down.
  Revision FloorKeeping(double share) const;

 private:
  struct Sample {
    Revision revision;  // the last one
    double bytes;       // of all up to it
  };

  void CutBefore(Revision floor) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  double BytesUpTo(Revision revision) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Thin() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable Mutex mutex_;
  // Never empty; what is up to the first has left.
  std::deque<Sample> samples_ ABSL_GUARDED_BY(mutex_) = {{0, 0}};
  bool has_rest_ ABSL_GUARDED_BY(mutex_) = false;
  // Samples are at least so many bytes apart.
  double step_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace twingraph::kv
