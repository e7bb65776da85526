#pragma once

// The follower that knows where twins are: id -> number and number -> model, as
// of the newest applied group, so that a get is one store read and a test of a
// model none. What it says can be newer than a reader's revision; it tells when
// that may be so. Where not all fits its limit it knows some, and the store has
// to be asked for the others. Reads are safe from any thread.

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"

#include "storage/base/mutex.h"
#include "storage/commit/follower.h"
#include "storage/graph/id_table.h"
#include "storage/graph/number.h"
#include "storage/graph/stable_array.h"

namespace twingraph::graph {

class IdMap final : public commit::Follower {
 public:
  // What it may take, about 20 bytes and the id for each twin. Call before it
  // is used.
  void SetLimit(size_t bytes) { limit_ = bytes; }

  // The number of an id in the newest state.
  std::optional<TwinNumber> Find(absl::string_view id) const;

  // True if an id that Find does not know, or whose twin is not there at
  // `revision`, names no twin at `revision` either: no twin was deleted since.
  // Call it after Find.
  bool IsCompleteAt(Revision revision) const {
    return is_whole() &&
           revision >= newest_deletion_.load(std::memory_order_acquire);
  }

  // True if what Find has said, `found`, is right at `revision`: no id came or
  // went since.
  bool IsExactAt(Revision revision, std::optional<TwinNumber> found) const {
    return (found.has_value() || is_whole()) &&
           revision >= newest_change_.load(std::memory_order_acquire);
  }

  // The model of a twin at `revision`: right if the twin is there at that
  // revision. nullopt where memory does not know.
  std::optional<ModelNumber> ModelAt(TwinNumber twin, Revision revision) const;

  // Does it know all twins of the newest state? Once not, not any more until it
  // is loaded again.
  bool is_whole() const { return is_whole_.load(std::memory_order_acquire); }

  // Twins that it knows.
  size_t size() const;

  // Memory held, as it was asked of the allocator.
  size_t bytes() const {
    return id_bytes_.load(std::memory_order_relaxed) + models_.bytes();
  }

  absl::Status Load(const Context& ctx, const commit::Reader& reader) override;
  void Apply(const commit::GroupView& group) override;

 private:
  static constexpr size_t kShards = 64;  // 6 bits of a hash

  struct Shard {
    mutable Mutex mutex;
    IdTable numbers ABSL_GUARDED_BY(mutex);
  };

  Shard& ShardOf(absl::string_view id);
  const Shard& ShardOf(absl::string_view id) const;
  void SetNumber(absl::string_view id, TwinNumber twin);
  void Erase(absl::string_view id);
  void ApplyId(Revision revision, const kv::Effect& effect);
  void ApplyModel(Revision revision, const kv::Effect& effect);
  void SetModel(TwinNumber twin, ModelNumber model);

  size_t limit_ = std::numeric_limits<size_t>::max();
  std::array<Shard, kShards> shards_;
  std::atomic<size_t> id_bytes_{0};
  StableArray<uint32_t, 14, 16> models_;
  std::atomic<bool> is_whole_{true};
  // Newest commit that made or deleted a twin, that deleted one, and that gave
  // one another model. Set before the change itself, read after it.
  std::atomic<Revision> newest_change_{0};
  std::atomic<Revision> newest_deletion_{0};
  std::atomic<Revision> newest_model_change_{0};
};

}  // namespace twingraph::graph
