#pragma once

// How a query is executed: where rows come from, in which order twins are
// joined, which conditions are tested when. Plain values.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "server/query/bind/bound.h"
#include "server/query/graph_view.h"

namespace twingraph::query {

enum class AccessKind {
  kTwinIds,          // twins by a list of ids
  kTwinsOfModels,    // twins of some models
  kTwinsOfProperty,  // twins of a range of values
  kAllTwins,
  kRelationshipsOf,  // relationships of some twins in one direction
  kRelationshipsByName,
  kAllRelationships,
};

// Where the first variable's rows come from.
struct Access {
  AccessKind kind = AccessKind::kAllTwins;
  size_t variable = 0;
  std::vector<std::string> ids = {};  // of twins
  std::vector<ModelNumber> models = {};
  PropertyRange range = {};
  Direction direction = Direction::kOutgoing;
  std::string name = {};  // of relationships
  uint64_t estimate = 0;
};

// One hop: from a variable that has a value to one that has none.
struct Hop {
  size_t join = 0;  // index in BoundQuery::joins
  size_t from = 0;  // twin variables
  size_t to = 0;
  Direction direction = Direction::kOutgoing;
};

struct Plan {
  Access access;
  std::vector<Hop> hops;
  // Conjuncts tested behind the access (index 0) and behind each hop: indexes
  // in BoundQuery::conjuncts.
  std::vector<std::vector<size_t>> tests;
  // Set where statistics answer a COUNT() without any row.
  std::optional<uint64_t> count;
};

// The plan as text, one step a line.
std::string PrintPlan(const Plan& plan, const BoundQuery& query);

}  // namespace twingraph::query
