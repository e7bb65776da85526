#pragma once

// Expansion from the topology in memory; where that cannot tell, from the
// store, with the same answer. Safe where its reader is.

// Covered by tests/storage/graph/topology_test.cc.

#include "storage/base/status_macros.h"
#include "storage/commit/reader.h"
#include "storage/graph/expansion.h"
#include "storage/graph/store_expander.h"
#include "storage/graph/topology.h"

namespace twingraph::graph {

class MemoryExpander final : public Expander {
 public:
  // Both borrowed. REQUIRES: `reader` is no transaction.
  MemoryExpander(const Topology& topology, const commit::Reader& reader)
      : topology_(topology), reader_(reader) {}

  absl::Status Expand(const Context& ctx, const ExpandRequest& request,
                      size_t limit, ExpandPosition& position,
                      std::vector<ExpandedEdge>& edges) const override {
    RETURN_IF_ERROR(ctx.Check());
    const size_t full = edges.size() + limit;
    if (topology_.Expand(reader_.revision(), request, limit, position, edges)) {
      return absl::OkStatus();
    }
    return StoreExpander(reader_).Expand(ctx, request, full - edges.size(),
                                         position, edges);
  }

 private:
  const Topology& topology_;
  const commit::Reader& reader_;
};

}  // namespace twingraph::graph
