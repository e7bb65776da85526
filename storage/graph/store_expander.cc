#include "storage/graph/store_expander.h"

#include <algorithm>
#include <string>
#include <utility>

#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/key/key_space.h"
#include "storage/key/relationship_key.h"

namespace twingraph::graph {
namespace {

std::string KeyOf(const Edge& edge, Direction direction) {
  return direction == Direction::kOutgoing ? key::EncodeOutKey(edge)
                                           : key::EncodeInKey(edge);
}

absl::StatusOr<Edge> EdgeOf(absl::string_view key, Direction direction) {
  Edge edge;
  const bool is_valid = direction == Direction::kOutgoing
                            ? key::DecodeOutKey(key, edge)
                            : key::DecodeInKey(key, edge);
  if (!is_valid) {
    return DataLoss(
        "a key is damaged",
        {{"space", direction == Direction::kOutgoing ? "out" : "in"}});
  }
  return edge;
}

// Twins whose ranges one scan gets at most.
constexpr size_t kTwinsPerScan = 1024;

std::vector<NameNumber> Sorted(absl::Span<const NameNumber> names) {
  std::vector<NameNumber> sorted(names.begin(), names.end());
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  return sorted;
}

// The key ranges of twins in order: of each one for all names, or one for each.
std::vector<kv::Range> RangesOf(absl::Span<const TwinNumber> twins,
                                absl::Span<const NameNumber> names) {
  std::vector<kv::Range> ranges;
  ranges.reserve(twins.size() * std::max<size_t>(names.size(), 1));
  for (const TwinNumber twin : twins) {
    if (names.empty()) {
      ranges.push_back(kv::Range::Prefix(key::AdjacencyPrefix(twin)));
    }
    for (const NameNumber name : names) {
      ranges.push_back(kv::Range::Prefix(key::AdjacencyPrefix(twin, name)));
    }
  }
  return ranges;
}

}  // namespace

absl::Status StoreExpander::Expand(const Context& ctx,
                                   const ExpandRequest& request, size_t limit,
                                   ExpandPosition& position,
                                   std::vector<ExpandedEdge>& edges) const {
  const size_t full = edges.size() + limit;
  while (position.index < request.twins.size() && edges.size() < full) {
    RETURN_IF_ERROR(ExpandSome(ctx, request, full, position, edges));
  }
  return absl::OkStatus();
}

absl::Status StoreExpander::ExpandSome(const Context& ctx,
                                       const ExpandRequest& request,
                                       size_t full, ExpandPosition& position,
                                       std::vector<ExpandedEdge>& edges) const {
  const bool is_outgoing = request.direction == Direction::kOutgoing;
  const std::vector<NameNumber> names = Sorted(request.names);
  const size_t ranges_per_twin = std::max<size_t>(names.size(), 1);
  const size_t first = position.index;
  const auto twins = request.twins.subspan(
      first, std::min(full - edges.size(), kTwinsPerScan));
  std::vector<kv::Range> ranges = RangesOf(twins, names);
  if (position.after.has_value()) {
    const std::string after = KeyOf(*position.after, request.direction);
    for (size_t i = 0; i < ranges_per_twin; ++i) {
      ranges[i] = kv::Range::After(ranges[i], after);
    }
  }
  const auto cursor =
      reader_.MultiScan(ctx, is_outgoing ? key::kOutSpace : key::kInSpace,
                        std::move(ranges), kv::Order::kAscending);
  while (cursor->Next()) {
    ASSIGN_OR_RETURN(const Edge edge, EdgeOf(cursor->key(), request.direction));
    const size_t index = first + cursor->range() / ranges_per_twin;
    edges.push_back({index, edge});
    if (edges.size() == full) {
      position = {.index = index, .after = edge};
      return absl::OkStatus();
    }
  }
  RETURN_IF_ERROR(cursor->status());
  position = {.index = first + twins.size(), .after = std::nullopt};
  return absl::OkStatus();
}

}  // namespace twingraph::graph
