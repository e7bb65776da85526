#pragma once

// The follower that holds the dictionary: model ids, relationship names and
// property paths with their numbers. An entry never changes and never goes, so
// it is right at every revision. Views it gives live as long as it does. Reads
// are safe from any thread.

#include <atomic>
#include <cstdint>
#include <deque>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

#include "storage/base/mutex.h"
#include "storage/commit/follower.h"
#include "storage/graph/stable_array.h"
#include "storage/key/dict_key.h"

namespace twingraph::graph {

class Dictionary final : public commit::Follower {
 public:
  // The number of a text; 0 where it has none.
  uint32_t Find(key::DictKind kind, absl::string_view text) const;

  // The text of a number; empty where it was never given.
  absl::string_view TextOf(key::DictKind kind, uint32_t number) const;

  // How many texts have a number.
  size_t size(key::DictKind kind) const;

  absl::Status Load(const Context& ctx, const commit::Reader& reader) override;
  void Apply(const commit::GroupView& group) override;

 private:
  struct Table {
    mutable Mutex mutex;
    std::deque<std::string> texts ABSL_GUARDED_BY(mutex);
    absl::flat_hash_map<absl::string_view, uint32_t> numbers
        ABSL_GUARDED_BY(mutex);
    StableArray<const std::string*, 10, 12> by_number;
    // Texts of numbers out of its reach.
    absl::flat_hash_map<uint32_t, const std::string*> others
        ABSL_GUARDED_BY(mutex);
  };

  Table& TableOf(key::DictKind kind);
  const Table& TableOf(key::DictKind kind) const;
  void Insert(absl::string_view key, absl::string_view text);

  Table models_;
  Table names_;
  Table paths_;
};

}  // namespace twingraph::graph
