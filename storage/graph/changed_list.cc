// Covered by tests/storage/graph/packed_list_test.cc.
#include "storage/graph/changed_list.h"

#include <cmath>

namespace twingraph::graph {
namespace {

// Changes that a list of `size` relationships keeps: a new one costs moving
// them, a fold costs the whole list, so about the square root is cheapest.
size_t ChangesKept(size_t size) {
  return 64 + 4 * static_cast<size_t>(std::sqrt(static_cast<double>(size)));
}

}  // namespace

void ChangedList::Add(absl::Span<const NeighbourChange> changes) {
  const auto old_size = static_cast<ptrdiff_t>(changes_.size());
  changes_.insert(changes_.end(), changes.begin(), changes.end());
  std::inplace_merge(changes_.begin(), changes_.begin() + old_size,
                     changes_.end());
  while (changes_.size() > ChangesKept(base_size())) {
    std::vector<Revision> revisions;
    revisions.reserve(changes_.size());
    for (const NeighbourChange& each : changes_) {
      revisions.push_back(each.revision);
    }
    const auto middle =
        revisions.begin() + static_cast<ptrdiff_t>(revisions.size() / 2);
    std::nth_element(revisions.begin(), middle, revisions.end());
    Fold(*middle);
  }
}

void ChangedList::Fold(Revision limit) {
  std::vector<NeighbourChange> newer;
  for (const NeighbourChange& each : changes_) {
    if (each.revision > limit) {
      newer.push_back(each);
    } else {
      since_ = std::max(since_, each.revision);
    }
  }
  if (newer.size() == changes_.size()) {
    return;
  }
  std::vector<Neighbour> neighbours;
  neighbours.reserve(base_size() + changes_.size());
  VisitFrom(Neighbour{}, limit, [&](const Neighbour& each) {
    neighbours.push_back(each);
    return true;
  });
  base_ = PackNeighbours(neighbours);
  changes_ = std::move(newer);
}

size_t ChangedList::CountUpTo(Revision limit) const {
  return static_cast<size_t>(std::count_if(
      changes_.begin(), changes_.end(),
      [limit](const NeighbourChange& each) { return each.revision <= limit; }));
}

}  // namespace twingraph::graph
