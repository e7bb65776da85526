#pragma once

// The index rows that a fact has: one definition for writing, for reads at
// older revisions and for checks. Pure but for the names it looks up.

#include <string>
#include <utility>
#include <vector>

#include "storage/graph/index_policy.h"
#include "storage/graph/names.h"
#include "storage/graph/relationship_record.h"
#include "storage/graph/twin_record.h"
#include "storage/kv/space.h"

namespace twingraph::graph {

struct IndexRow {
  kv::SpaceId space = 0;
  std::string key;
  std::string value;

  friend auto operator<=>(const IndexRow&, const IndexRow&) = default;
};

// By model and by property.
std::vector<IndexRow> IndexRowsOf(const TwinRecord& twin,
                                  const IndexPolicy& policy,
                                  const Names& names);

// By name and by property.
std::vector<IndexRow> IndexRowsOf(const RelationshipRecord& relationship,
                                  const IndexPolicy& policy,
                                  const Names& names);

}  // namespace twingraph::graph
