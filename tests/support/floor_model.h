#pragma once

// Where the retention floor of a store has to be, by the simplest means: the
// times of all commits, each head that housekeeping saw with the clock it saw
// it by, and the pins. Not safe for use from several threads.

#include <map>
#include <set>
#include <vector>

#include "absl/time/time.h"

#include "storage/kv/row.h"

namespace twingraph {

class FloorModel {
 public:
  // `age`: how long old revisions stay readable.
  explicit FloorModel(absl::Duration age) : age_(age) {}

  void NoteCommit(kv::Revision revision, absl::Time time) {
    times_[revision] = time;
  }

  void Pin(kv::Revision revision) { pinned_.insert(revision); }

  void Unpin(kv::Revision revision) { pinned_.erase(pinned_.find(revision)); }

  // Of a store that is opened again nobody holds a pin, and nobody knows when
  // its heads were seen.
  void Reopen() {
    pinned_.clear();
    seen_.clear();
  }

  // Moves the floor as far as the pins allow, never back.
  void Trim(kv::Revision target);

  // Housekeeping while the clock shows `now`.
  void Maintain(absl::Time now);

  kv::Revision floor() const { return floor_; }

  // Heads that housekeeping saw. A store remembers SeenHeads::kLimit of them.
  size_t seen_heads() const { return seen_.size(); }

  // When each revision from the floor on was committed.
  const std::map<kv::Revision, absl::Time>& times() const { return times_; }

 private:
  struct Seen {
    absl::Time time;
    kv::Revision head = 0;
  };

  const absl::Duration age_;
  kv::Revision floor_ = 0;
  std::map<kv::Revision, absl::Time> times_;
  std::multiset<kv::Revision> pinned_;
  std::vector<Seen> seen_;
};

}  // namespace twingraph
