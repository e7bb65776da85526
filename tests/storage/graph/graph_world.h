#pragma once

// A graph as plain maps: what a test says the store must hold.

#include <map>
#include <set>
#include <string>
#include <utility>

#include "storage/graph/graph_reader.h"
#include "storage/value/value.h"

namespace twingraph::graph {

struct WorldTwin {
  std::string model;
  Value contents;
};

struct WorldRelationship {
  std::string name;
  std::string target;
  Value contents;
};

struct World {
  // By id.
  std::map<std::string, WorldTwin> twins;
  // By source and id.
  std::map<std::pair<std::string, std::string>, WorldRelationship>
      relationships;
};

// Every way to read the graph gives what the world says; fails the test where
// not. `ids` are all ids that ever were; `seed` picks ranges and page sizes.
void ExpectSame(const Context& ctx, const GraphReader& reader,
                const World& world, const std::set<std::string>& ids,
                unsigned seed);

}  // namespace twingraph::graph
