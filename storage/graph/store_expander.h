#pragma once

// Expansion by scanning the adjacency rows of the store, many twins by one
// scan. Safe where its reader is.

#include "storage/commit/reader.h"
#include "storage/graph/expansion.h"

namespace twingraph::graph {

class StoreExpander final : public Expander {
 public:
  // `reader` is borrowed.
  explicit StoreExpander(const commit::Reader& reader) : reader_(reader) {}

  absl::Status Expand(const Context& ctx, const ExpandRequest& request,
                      size_t limit, ExpandPosition& position,
                      std::vector<ExpandedEdge>& edges) const override;

 private:
  // Expands some of the twins that are left, by one scan, up to where `edges`
  // has the size `full`.
  absl::Status ExpandSome(const Context& ctx, const ExpandRequest& request,
                          size_t full, ExpandPosition& position,
                          std::vector<ExpandedEdge>& edges) const;

  const commit::Reader& reader_;
};

}  // namespace twingraph::graph
