#pragma once

// How relationships are followed: one hop for many twins in one call, ids of
// documents never touched. The interface behind which the adjacency may lie in
// the store or in memory.

#include <cstddef>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"

#include "storage/base/context.h"
#include "storage/graph/number.h"

namespace twingraph::graph {

enum class Direction { kOutgoing, kIncoming };

// Which relationships of which twins. Spans are borrowed for the call.
struct ExpandRequest {
  absl::Span<const TwinNumber> twins;
  Direction direction = Direction::kOutgoing;
  // Empty: all names.
  absl::Span<const NameNumber> names;
};

// How far an expansion is.
struct ExpandPosition {
  size_t index = 0;  // the twin of the request whose edges come next
  // The edge of that twin after which to go on; absent: from the first.
  std::optional<Edge> after;
};

struct ExpandedEdge {
  size_t index = 0;  // of the twin in the request
  Edge edge;
};

// Used as its reader is. Errors: those of the context and of the store.
class Expander {
 public:
  virtual ~Expander() = default;

  // Appends the next relationships of the request to `edges`, up to `limit`,
  // and moves `position` behind them: grouped by twin in the order of the
  // request, then by name number, other end and relationship number. At the end
  // position.index is request.twins.size().
  virtual absl::Status Expand(const Context& ctx, const ExpandRequest& request,
                              size_t limit, ExpandPosition& position,
                              std::vector<ExpandedEdge>& edges) const = 0;
};

}  // namespace twingraph::graph
