// Covered by tests/server/query/execution_test.cc.
#include "server/query/exec/trails.h"

#include <algorithm>

#include "absl/container/flat_hash_set.h"

#include "storage/base/status_macros.h"

namespace twingraph::query {
namespace {

using TwinSet = absl::flat_hash_set<TwinNumber>;

bool IsUsed(const UsedEdges& used, const EdgeRef& edge) {
  return std::find(used.begin(), used.end(), edge) != used.end();
}

std::vector<TwinNumber> Sorted(const TwinSet& set) {
  std::vector<TwinNumber> list(set.begin(), set.end());
  std::sort(list.begin(), list.end());
  return list;
}

// A search in depth for trails; recursion is as deep as the bound.
class TrailFollower {
 public:
  TrailFollower(const Context& ctx, const TrailBounds& bounds, UsedEdges& used,
                Neighbours& neighbours, const AtTrailEnd& at_end)
      : ctx_(ctx),
        bounds_(bounds),
        used_(used),
        neighbours_(neighbours),
        at_end_(at_end) {}

  absl::StatusOr<bool> Follow(TwinNumber twin, size_t hops) {
    if (hops >= bounds_.min_hops) {
      ASSIGN_OR_RETURN(const bool is_enough, at_end_(twin, used_));
      if (is_enough) {
        return true;
      }
    }
    if (hops == bounds_.max_hops) {
      return false;
    }
    if (++steps_ % 64 == 0) {
      RETURN_IF_ERROR(ctx_.Check());
    }
    RETURN_IF_ERROR(neighbours_.Read(ctx_, {twin}));
    // A copy: reading the next twin may move the list.
    const std::vector<Neighbour> next = neighbours_.Of(twin);
    for (const Neighbour& neighbour : next) {
      if (IsUsed(used_, neighbour.edge)) {
        continue;
      }
      used_.push_back(neighbour.edge);
      const absl::StatusOr<bool> is_enough = Follow(neighbour.twin, hops + 1);
      used_.pop_back();
      if (!is_enough.ok() || *is_enough) {
        return is_enough;
      }
    }
    return false;
  }

 private:
  const Context& ctx_;
  const TrailBounds bounds_;
  UsedEdges& used_;
  Neighbours& neighbours_;
  const AtTrailEnd& at_end_;
  size_t steps_ = 0;
};

absl::StatusOr<bool> CanComeBack(const Context& ctx, TwinNumber start,
                                 const TrailBounds& bounds,
                                 const UsedEdges& used,
                                 Neighbours& neighbours) {
  UsedEdges edges = used;
  return FollowTrails(ctx, start, bounds, edges, neighbours,
                      [&](TwinNumber end, UsedEdges&) { return end == start; });
}

// The start is not marked as seen, because a circle back to it is a legal end.
// By relationships that go one way the shortest circle is a trail too; without
// direction it may go there and back by the same one.
absl::StatusOr<std::vector<TwinNumber>> EndsInBreadth(const Context& ctx,
                                                      TwinNumber start,
                                                      const TrailBounds& bounds,
                                                      const UsedEdges& used,
                                                      Neighbours& neighbours) {
  TwinSet ends;
  bool is_back = false;
  std::vector<TwinNumber> frontier = {start};
  for (size_t hop = 1; hop <= bounds.max_hops && !frontier.empty(); ++hop) {
    RETURN_IF_ERROR(neighbours.Read(ctx, frontier));
    std::vector<TwinNumber> next;
    for (const TwinNumber twin : frontier) {
      for (const Neighbour& neighbour : neighbours.Of(twin)) {
        if (IsUsed(used, neighbour.edge)) {
          continue;
        }
        if (neighbour.twin == start) {
          is_back = true;
        } else if (ends.insert(neighbour.twin).second) {
          next.push_back(neighbour.twin);
        }
      }
    }
    frontier = std::move(next);
  }
  if (is_back && !neighbours.is_directed()) {
    ASSIGN_OR_RETURN(is_back,
                     CanComeBack(ctx, start, bounds, used, neighbours));
  }
  if (is_back) {
    ends.insert(start);
  }
  return Sorted(ends);
}

// Where walks, which may use relationships twice, are after each hop.
class WalkLayers {
 public:
  absl::Status Read(const Context& ctx, TwinNumber start,
                    const TrailBounds& bounds, const UsedEdges& used,
                    Neighbours& neighbours) {
    std::vector<TwinNumber> layer = {start};
    seen_.insert(start);
    for (size_t hop = 1; hop <= bounds.max_hops && !layer.empty(); ++hop) {
      RETURN_IF_ERROR(neighbours.Read(ctx, layer));
      TwinSet next;
      for (const TwinNumber twin : layer) {
        for (const Neighbour& neighbour : neighbours.Of(twin)) {
          if (!IsUsed(used, neighbour.edge)) {
            next.insert(neighbour.twin);
          }
        }
      }
      layer = Sorted(next);
      Add(layer, /*are_ends=*/hop >= bounds.min_hops);
    }
    return absl::OkStatus();
  }

  // No twin is in two layers.
  bool is_disjoint() const { return is_disjoint_; }

  const TwinSet& ends() const { return ends_; }

 private:
  void Add(const std::vector<TwinNumber>& layer, bool are_ends) {
    for (const TwinNumber twin : layer) {
      is_disjoint_ = seen_.insert(twin).second && is_disjoint_;
      if (are_ends) {
        ends_.insert(twin);
      }
    }
  }

  bool is_disjoint_ = true;
  TwinSet seen_;
  TwinSet ends_;
};

absl::StatusOr<std::vector<TwinNumber>> EndsByLayers(const Context& ctx,
                                                     TwinNumber start,
                                                     const TrailBounds& bounds,
                                                     const UsedEdges& used,
                                                     Neighbours& neighbours) {
  WalkLayers layers;
  RETURN_IF_ERROR(layers.Read(ctx, start, bounds, used, neighbours));
  if (layers.is_disjoint() || layers.ends().empty()) {
    return Sorted(layers.ends());
  }
  TwinSet ends;
  UsedEdges edges = used;
  RETURN_IF_ERROR(FollowTrails(ctx, start, bounds, edges, neighbours,
                               [&](TwinNumber end, UsedEdges&) {
                                 ends.insert(end);
                                 return ends.size() == layers.ends().size();
                               })
                      .status());
  return Sorted(ends);
}

}  // namespace

absl::StatusOr<std::vector<TwinNumber>> TrailEnds(const Context& ctx,
                                                  TwinNumber start,
                                                  const TrailBounds& bounds,
                                                  const UsedEdges& used,
                                                  Neighbours& neighbours) {
  return bounds.min_hops == 1
             ? EndsInBreadth(ctx, start, bounds, used, neighbours)
             : EndsByLayers(ctx, start, bounds, used, neighbours);
}

absl::StatusOr<bool> FollowTrails(const Context& ctx, TwinNumber start,
                                  const TrailBounds& bounds, UsedEdges& used,
                                  Neighbours& neighbours,
                                  const AtTrailEnd& at_end) {
  return TrailFollower(ctx, bounds, used, neighbours, at_end).Follow(start, 0);
}

}  // namespace twingraph::query
