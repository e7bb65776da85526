// Covered by tests/storage/graph/graph_model_test.cc.
#include "storage/graph/store_expander.h"

#include <algorithm>
#include <string>

#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/graph/scan_rows.h"
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

// The key ranges of one twin in order: one for all names, or one for each.
std::vector<kv::Range> RangesOf(TwinNumber twin,
                                absl::Span<const NameNumber> names) {
  if (names.empty()) {
    return {kv::Range::Prefix(key::AdjacencyPrefix(twin))};
  }
  std::vector<NameNumber> sorted(names.begin(), names.end());
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  std::vector<kv::Range> ranges;
  for (const NameNumber name : sorted) {
    ranges.push_back(kv::Range::Prefix(key::AdjacencyPrefix(twin, name)));
  }
  return ranges;
}

}  // namespace

absl::Status StoreExpander::Expand(const Context& ctx,
                                   const ExpandRequest& request, size_t limit,
                                   ExpandPosition& position,
                                   std::vector<ExpandedEdge>& edges) const {
  const kv::SpaceId space = request.direction == Direction::kOutgoing
                                ? key::kOutSpace
                                : key::kInSpace;
  const size_t full = edges.size() + limit;
  for (; position.index < request.twins.size(); ++position.index) {
    for (kv::Range range :
         RangesOf(request.twins[position.index], request.names)) {
      if (position.after.has_value()) {
        range =
            kv::Range::After(range, KeyOf(*position.after, request.direction));
      }
      if (range.IsEmpty()) {
        continue;
      }
      RETURN_IF_ERROR(
          ScanRows(ctx, reader_, space, range,
                   [&](const kv::Cursor& row) -> absl::StatusOr<bool> {
                     if (edges.size() == full) {
                       return false;
                     }
                     ASSIGN_OR_RETURN(const Edge edge,
                                      EdgeOf(row.key(), request.direction));
                     edges.push_back({position.index, edge});
                     return true;
                   }));
      if (edges.size() == full) {
        if (limit > 0) {
          position.after = edges.back().edge;
        }
        return absl::OkStatus();
      }
    }
    position.after.reset();
  }
  return absl::OkStatus();
}

}  // namespace twingraph::graph
