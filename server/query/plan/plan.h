#pragma once

// How a query is executed: where rows come from, in which order twins are
// joined, which conditions are tested when. Plain values.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "server/query/bind/bound.h"
#include "server/query/graph_view.h"

namespace twingraph::query {

// The cheaper of one row first.
enum class AccessKind {
  kTwinIds,          // twins by a list of ids
  kTwinsOfModels,    // twins of some models
  kTwinsOfProperty,  // twins of ranges of values
  kAllTwins,
  kRelationshipsOf,  // relationships of some twins in one direction
  kRelationshipsByName,
  kAllRelationships,
};

// Where the first variable's rows come from. Made of the query alone.
struct Access {
  AccessKind kind = AccessKind::kAllTwins;
  size_t variable = 0;
  std::vector<std::string> ids = {};           // of twins
  std::vector<ModelNumber> models = {};        // ascending
  std::vector<PropertyRange> ranges = {};      // of one path, disjoint
  Direction direction = Direction::kOutgoing;  // of relationships
  std::string name = {};                       // of relationships
  // The conjunct that this access was made of, and whether each row of the
  // access fulfils it, provided that the index is exact.
  std::optional<size_t> conjunct = {};
  bool is_exact = false;
};

// One segment followed from a variable that has a value.
struct Hop {
  size_t segment = 0;  // index in BoundQuery::segments
  size_t from = 0;     // twin variables
  size_t to = 0;
  bool is_reversed = false;  // from right to left
  bool is_closing = false;   // `to` has a value already
};

struct Plan {
  // Index of `access` among AllAccesses(query): with it, a later execution
  // makes the same plan.
  size_t choice = 0;
  Access access = {};
  uint64_t estimate = 0;  // rows of the access
  std::vector<Hop> hops = {};
  // Conjuncts tested behind the access (index 0) and behind each hop: indexes
  // in BoundQuery::conjuncts.
  std::vector<std::vector<size_t>> tests = {};
  // Rows must be looked at once more, because a segment of several hops may
  // have used a relationship that a later hop took.
  bool has_trail_check = false;
};

// The plan as text, one step a line.
std::string PrintPlan(const Plan& plan, const BoundQuery& query);

}  // namespace twingraph::query
