#pragma once

// The records of twins that were read lately, in memory: a get of one of them
// needs no store. A follower, so what it holds is as of the newest applied
// group; it answers a reader of any revision since the record was written, and
// knows nothing of older ones. Reads are safe from any thread.

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"

#include "storage/base/mutex.h"
#include "storage/commit/follower.h"
#include "storage/graph/number.h"
#include "storage/kv/row.h"

namespace twingraph::graph {

class RecordCache final : public commit::Follower {
 public:
  // Holds records of about `bytes` together; 0, as at first: none. Call before
  // it is used.
  void SetLimit(size_t bytes) { shard_bytes_ = bytes / kShards; }

  // The row of a twin at `revision`, which is not above the head; nullopt where
  // memory does not know.
  std::optional<kv::Row> Find(TwinNumber twin, Revision revision);

  // Takes in what a reader of `revision` has read from the store.
  void Keep(TwinNumber twin, Revision revision, const kv::Row& row);

  // About what the records take now.
  size_t bytes() const;

  absl::Status Load(const Context& ctx, const commit::Reader& reader) override;
  void Apply(const commit::GroupView& group) override;

 private:
  static constexpr size_t kShards = 16;

  struct Entry {
    kv::Row row;
    // Since it was last looked at as one to leave.
    bool is_used = false;
  };

  struct Shard {
    mutable Mutex mutex;
    absl::flat_hash_map<uint64_t, Entry> entries ABSL_GUARDED_BY(mutex);
    // The twins above in the order in which they are looked at as ones to
    // leave; may name some that have left.
    std::deque<uint64_t> order ABSL_GUARDED_BY(mutex);
    size_t bytes ABSL_GUARDED_BY(mutex) = 0;
    // The newest commit that changed a twin of this shard: a row that was read
    // at an older revision may not be the newest.
    Revision newest ABSL_GUARDED_BY(mutex) = 0;
  };

  Shard& ShardOf(TwinNumber twin) { return shards_[ToInt(twin) % kShards]; }

  void ApplyEffect(Revision revision, const kv::Effect& effect);
  static void Erase(Shard& shard, uint64_t twin)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(shard.mutex);
  static void DropStaleOrder(Shard& shard)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(shard.mutex);
  // Lets go what was not used lately until the rest fits.
  void Shrink(Shard& shard) ABSL_EXCLUSIVE_LOCKS_REQUIRED(shard.mutex);

  size_t shard_bytes_ = 0;
  std::array<Shard, kShards> shards_;
};

}  // namespace twingraph::graph
