#pragma once

// Numbers that are given out and never twice. A key's row holds the limit up to
// which numbers may have been given out; it is raised in blocks by the group
// that carries the first commit to use them. Safe from any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/btree_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "storage/base/context.h"
#include "storage/base/mutex.h"
#include "storage/kv/state.h"

namespace twingraph::commit {

class NumberRanges {
 public:
  // What a transaction used: valid while the key's generation is the same.
  struct Use {
    kv::SpaceId space = 0;
    std::string key;
    uint64_t generation = 0;
  };

  // A limit that must be stored with the next group.
  struct Raise {
    kv::SpaceId space = 0;
    std::string key;
    uint64_t limit = 0;
  };

  explicit NumberRanges(const kv::State& newest) : newest_(newest) {}

  // Takes `count` numbers and returns the first; adds what was used to `uses`.
  // Errors: as kv::State; DATA_LOSS / STORE_CORRUPT where the row is no limit.
  absl::StatusOr<uint64_t> Take(const Context& ctx, kv::SpaceId space,
                                absl::string_view key, uint64_t count,
                                std::vector<Use>& uses);

  // False if another writer has moved a limit since numbers were taken.
  bool AreCurrent(const std::vector<Use>& uses) const;

  // The limits that are ahead of what is stored.
  std::vector<Raise> PendingRaises() const;

  // These limits are stored now.
  void MarkStored(const std::vector<Raise>& raises);

  // Another writer wrote this key: what was taken from it is void.
  void Invalidate(kv::SpaceId space, absl::string_view key);

 private:
  using Key = std::pair<kv::SpaceId, std::string>;

  struct Numbers {
    uint64_t next = 1;
    uint64_t limit = 0;
    uint64_t stored_limit = 0;
    uint64_t generation = 0;
    bool is_loaded = false;
  };

  absl::StatusOr<uint64_t> ReadLimit(const Context& ctx, const Key& key) const;

  const kv::State& newest_;
  mutable Mutex mutex_;
  absl::btree_map<Key, Numbers> numbers_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace twingraph::commit
