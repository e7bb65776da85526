#pragma once

// The rows of all spaces with the versions that open snapshots still need. Not
// locked: the engine guards it.

#include <array>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/inlined_vector.h"
#include "absl/strings/string_view.h"

#include "storage/kv/range.h"
#include "storage/kv/row.h"
#include "storage/kv/space.h"
#include "storage/kv/state.h"

namespace twingraph::kv_memory {

// A row with its key, as a scan yields it.
struct KeyedRow {
  std::string key;
  kv::Row row;
};

class VersionedRows {
 public:
  // The row of a key in the state behind commit `at`; null where there is none.
  const kv::Row* Find(kv::SpaceId space, absl::string_view key,
                      kv::Revision at) const;

  // The first `limit` rows of a range in the state behind commit `at`.
  std::vector<KeyedRow> Read(kv::SpaceId space, const kv::Range& range,
                             kv::Order order, kv::Revision at,
                             size_t limit) const;

  // Writes a row (nullopt: removes it) as part of the group that ends with
  // commit `group`. `revision` is the row's own.
  void Write(kv::SpaceId space, absl::string_view key,
             std::optional<kv::Row> row, kv::Revision group);

  // Keeps the state behind commit `at` readable until it is released as often.
  void Hold(kv::Revision at) { held_.insert(at); }

  void Release(kv::Revision at) { held_.erase(held_.find(at)); }

  // Forgets versions that no held state needs.
  void DropUnneeded();

  // Removes history entries of revisions up to `floor`.
  void DropHistory(kv::Revision floor);

  // Bytes of keys and values of a space, every version counted.
  uint64_t bytes(kv::SpaceId space) const { return bytes_[space]; }

 private:
  // A row from one group on, until the next version. Its group may differ from
  // its revision, which lies inside the group.
  struct Version {
    kv::Revision group = 0;
    std::optional<kv::Row> row;
  };

  using Chain = absl::InlinedVector<Version, 1>;
  using Table = absl::btree_map<std::string, Chain>;

  struct Superseded {
    kv::Revision group = 0;
    kv::SpaceId space = 0;
    std::string key;
  };

  static const kv::Row* FindIn(const Chain& chain, kv::Revision at);
  void Drop(const Superseded& item, kv::Revision oldest);

  std::array<Table, 256> tables_;
  std::array<uint64_t, 256> bytes_{};
  std::multiset<kv::Revision> held_;
  // Keys with more than one version, or removed ones, in order of groups.
  std::deque<Superseded> superseded_;
};

}  // namespace twingraph::kv_memory
