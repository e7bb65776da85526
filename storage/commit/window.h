#pragma once

// Recently written and touched keys: who conflicts. Keeps a hash for each key;
// two keys of one hash can only refuse a commit that could have gone through.
// Not locked: the committer's role guards it.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "absl/container/flat_hash_map.h"

#include "storage/kv/row.h"

namespace twingraph::commit {

class Window {
 public:
  // Remembers about `limit` keys. Nothing is known of what happened up to
  // `start`, the head when the window begins.
  Window(size_t limit, kv::Revision start) : limit_(limit), floor_(start) {}

  // May a transaction that began at `base` and read these keys for update
  // commit now? False as well where the window does not reach back to `base`.
  bool Admits(kv::Revision base, const std::vector<uint64_t>& keys) const;

  // Notes that commit `revision` wrote or touched a key. Revisions must not
  // decrease, except after Rollback.
  void Add(uint64_t key, kv::Revision revision);

  // Forgets everything that was added for revisions above `revision`: a group
  // that was not applied.
  void Rollback(kv::Revision revision);

  // Lets the oldest keys go. Called between groups.
  void Shrink();

  // Nothing is known of commits up to here.
  kv::Revision floor() const { return floor_; }

 private:
  struct Entry {
    uint64_t key = 0;
    kv::Revision revision = 0;
    // What the key had before, for Rollback; 0 for nothing.
    kv::Revision previous = 0;
  };

  const size_t limit_;
  kv::Revision floor_;
  absl::flat_hash_map<uint64_t, kv::Revision> newest_;
  std::deque<Entry> entries_;
};

}  // namespace twingraph::commit
