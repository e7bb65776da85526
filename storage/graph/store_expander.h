#pragma once

// Expansion by scanning the adjacency rows of the store. Safe where its reader
// is.

// Covered by tests/storage/graph/graph_model_test.cc.

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
  const commit::Reader& reader_;
};

}  // namespace twingraph::graph
