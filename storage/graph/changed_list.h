#pragma once

// A packed list with the changes that came after it, each with its revision: so
// that a reader a little behind the newest commit sees its own state. Small: a
// list folds its oldest changes when they are many. One thread at a time.

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "absl/types/span.h"

#include "storage/graph/packed_list.h"

namespace twingraph::graph {

// A relationship that came or went. Ordered by neighbour, then revision.
struct NeighbourChange {
  Neighbour neighbour;
  Revision revision = 0;
  bool is_added = false;

  friend auto operator<=>(const NeighbourChange&,
                          const NeighbourChange&) = default;
};

class ChangedList {
 public:
  explicit ChangedList(PackedBytes base) : base_(std::move(base)) {}

  // Readers of older revisions are not served.
  Revision since() const { return since_; }

  const std::vector<NeighbourChange>& changes() const { return changes_; }

  // Takes in newer changes. REQUIRES: ascending.
  void Add(absl::Span<const NeighbourChange> changes);

  // Takes changes up to `limit` into the packed list, for good: since() becomes
  // the newest of them.
  void Fold(Revision limit);

  // Changes that Fold would take.
  size_t CountUpTo(Revision limit) const;

  // Gives the packed list away. REQUIRES: no changes.
  PackedBytes Release() { return std::move(base_); }

  // Relationships in the packed list.
  size_t base_size() const { return PackedList(base_.bytes.get()).size(); }

  // Bytes of the packed list, and of the changes.
  size_t base_bytes() const { return base_.size; }

  size_t change_bytes() const {
    return changes_.capacity() * sizeof(NeighbourChange);
  }

  // PackedList::VisitFrom at a revision. REQUIRES: revision >= since().
  template <typename Visit>
  bool VisitFrom(const Neighbour& from, Revision revision, Visit visit) const {
    auto change = std::lower_bound(
        changes_.begin(), changes_.end(), from,
        [](const NeighbourChange& each, const Neighbour& neighbour) {
          return each.neighbour < neighbour;
        });
    const auto visit_added_before = [&](const Neighbour* end) {
      while (change != changes_.end() &&
             (end == nullptr || change->neighbour < *end)) {
        const Neighbour added = change->neighbour;
        if (IsThere(change, added, revision, /*before=*/false) &&
            !visit(added)) {
          return false;
        }
      }
      return true;
    };
    return PackedList(base_.bytes.get())
               .VisitFrom(from,
                          [&](const Neighbour& each) {
                            return visit_added_before(&each) &&
                                   (!IsThere(change, each, revision,
                                             /*before=*/true) ||
                                    visit(each));
                          }) &&
           visit_added_before(nullptr);
  }

 private:
  using Iterator = std::vector<NeighbourChange>::const_iterator;

  // Is a neighbour there at a revision? Moves `change` behind its changes.
  bool IsThere(Iterator& change, const Neighbour& neighbour, Revision revision,
               bool before) const {
    for (; change != changes_.end() && change->neighbour == neighbour;
         ++change) {
      if (change->revision <= revision) {
        before = change->is_added;
      }
    }
    return before;
  }

  PackedBytes base_;
  Revision since_ = 0;
  std::vector<NeighbourChange> changes_;
};

}  // namespace twingraph::graph
