#pragma once

// Ids and their numbers, packed: the bytes of an id stand in large blocks, and
// a hash table holds where. About 16 bytes and the id itself for each, a third
// of what a map of strings takes. Not safe from several threads.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"

#include "storage/graph/number.h"

namespace twingraph::graph {

class IdTable {
 public:
  IdTable();
  IdTable(const IdTable&) = delete;
  IdTable& operator=(const IdTable&) = delete;

  std::optional<TwinNumber> Find(absl::string_view id) const;

  // Takes an id in, or gives it another number. REQUIRES: an id of at most
  // kv::kMaxKeyBytes and a number below 2^48, which no graph reaches.
  void Set(absl::string_view id, TwinNumber twin);

  // Does nothing for an id that is not there.
  void Erase(absl::string_view id);

  size_t size() const { return places_.size(); }

  // Memory held, as it was asked of the allocator.
  size_t bytes() const;

 private:
  // Where an id stands: the number of its block and of its first byte there.
  using Place = uint32_t;

  // A head of eight bytes, number and length, and the id, for each.
  class Blocks {
   public:
    Place Append(absl::string_view id, TwinNumber twin);
    absl::string_view IdAt(Place place) const;
    TwinNumber NumberAt(Place place) const;
    size_t bytes() const;

   private:
    const char* At(Place place) const;
    uint64_t HeadAt(Place place) const;

    std::vector<std::unique_ptr<char[]>> blocks_;
    size_t used_of_last_ = 0;
  };

  struct Hash {
    using is_transparent = void;
    size_t operator()(absl::string_view id) const;
    size_t operator()(Place place) const;
    const Blocks* blocks;
  };

  struct Equal {
    using is_transparent = void;

    bool operator()(Place one, Place other) const { return one == other; }

    bool operator()(Place place, absl::string_view id) const;
    bool operator()(absl::string_view id, Place place) const;
    const Blocks* blocks;
  };

  using Places = absl::flat_hash_set<Place, Hash, Equal>;

  static Places NoPlaces(const Blocks& blocks);
  // Without the bytes of ids that are gone.
  void Repack();

  std::unique_ptr<Blocks> blocks_;
  Places places_;
  size_t dead_bytes_ = 0;
};

}  // namespace twingraph::graph
