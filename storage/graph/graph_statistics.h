#pragma once

// How many there are of what, from the exact counters.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "storage/base/context.h"
#include "storage/graph/graph_reader.h"

namespace twingraph::graph {

struct NamedCount {
  std::string name;
  int64_t count = 0;

  friend bool operator==(const NamedCount&, const NamedCount&) = default;
};

// Twins of each model that has any, most first, at most `limit`. Costs a scan
// of one small row for each model. Errors: those of reading.
absl::StatusOr<std::vector<NamedCount>> CountTwinsByModel(
    const Context& ctx, const GraphReader& reader, size_t limit);

// Relationships of each name that has any, likewise.
absl::StatusOr<std::vector<NamedCount>> CountRelationshipsByName(
    const Context& ctx, const GraphReader& reader, size_t limit);

}  // namespace twingraph::graph
