#pragma once

// The follower that knows where twins are: id -> number and number -> model, as
// of the newest applied group, so that a get is one store read and a test of a
// model none. What it says can be newer than a reader's revision; it tells when
// that may be so. Reads are safe from any thread.

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

#include "storage/base/mutex.h"
#include "storage/commit/follower.h"
#include "storage/graph/number.h"
#include "storage/graph/stable_array.h"

namespace twingraph::graph {

class IdMap final : public commit::Follower {
 public:
  // The number of an id in the newest state.
  std::optional<TwinNumber> Find(absl::string_view id) const;

  // True if an id that Find does not know, or whose twin is not there at
  // `revision`, names no twin at `revision` either: no twin was deleted since.
  // Call it after Find.
  bool IsCompleteAt(Revision revision) const {
    return revision >= newest_deletion_.load(std::memory_order_acquire);
  }

  // True if Find is right at `revision`: no id came or went since. Call it
  // after Find.
  bool IsExactAt(Revision revision) const {
    return revision >= newest_change_.load(std::memory_order_acquire);
  }

  // The model of a twin at `revision`: right if the twin is there at that
  // revision. nullopt where memory does not know.
  std::optional<ModelNumber> ModelAt(TwinNumber twin, Revision revision) const;

  // Twins in the newest state.
  size_t size() const;

  absl::Status Load(const Context& ctx, const commit::Reader& reader) override;
  void Apply(const commit::GroupView& group) override;

 private:
  static constexpr size_t kShards = 64;  // 6 bits of a hash

  struct Shard {
    mutable Mutex mutex;
    absl::flat_hash_map<std::string, TwinNumber> numbers ABSL_GUARDED_BY(mutex);
  };

  Shard& ShardOf(absl::string_view id);
  const Shard& ShardOf(absl::string_view id) const;
  void ApplyId(Revision revision, const kv::Effect& effect);
  void ApplyModel(Revision revision, const kv::Effect& effect);
  void SetModel(TwinNumber twin, ModelNumber model);

  std::array<Shard, kShards> shards_;
  StableArray<uint32_t, 14, 16> models_;
  // Newest commit that made or deleted a twin, that deleted one, and that gave
  // one another model. Set before the change itself, read after it.
  std::atomic<Revision> newest_change_{0};
  std::atomic<Revision> newest_deletion_{0};
  std::atomic<Revision> newest_model_change_{0};
};

}  // namespace twingraph::graph
