#pragma once

// Uncommitted changes that lie over a state: the writes of one transaction, or
// of the earlier commits of a group. Not locked: used by one thread at a time.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/strings/string_view.h"

#include "storage/kv/cursor.h"
#include "storage/kv/range.h"
#include "storage/kv/row.h"
#include "storage/kv/space.h"
#include "storage/kv/state.h"

namespace twingraph::commit {

// What is to become of one key.
struct Change {
  enum class Kind { kPut, kDelete, kIncrement };

  Kind kind = Kind::kPut;
  std::string value;          // kPut
  int64_t delta = 0;          // kIncrement
  kv::Revision revision = 0;  // of the row it makes; 0 before it is known

  // The row that the change makes of the one below it.
  std::optional<kv::Row> Over(const std::optional<kv::Row>& below) const;
};

class Overlay {
 public:
  using Key = std::pair<kv::SpaceId, std::string>;
  using Changes = absl::btree_map<Key, Change>;

  void Put(kv::SpaceId space, absl::string_view key, absl::string_view value,
           kv::Revision revision = 0);
  void Delete(kv::SpaceId space, absl::string_view key,
              kv::Revision revision = 0);
  // Adds to what is there: an earlier put or increment of this overlay too.
  void Increment(kv::SpaceId space, absl::string_view key, int64_t delta,
                 kv::Revision revision = 0);

  // The change of a key; null where there is none.
  const Change* Find(kv::SpaceId space, absl::string_view key) const;

  bool empty() const { return changes_.empty(); }

  const Changes& changes() const { return changes_; }

  Changes Take() && { return std::move(changes_); }

  // Rows of `base` with this overlay applied. `base` scans the same ranges of
  // the same space in the same order. The cursor may not outlive the overlay.
  std::unique_ptr<kv::Cursor> MultiScan(std::unique_ptr<kv::Cursor> base,
                                        kv::SpaceId space,
                                        std::vector<kv::Range> ranges,
                                        kv::Order order) const;

 private:
  Changes changes_;
};

}  // namespace twingraph::commit
