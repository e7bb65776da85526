#pragma once

// What the readers and writers of one graph share. Made by GraphStore.

// Covered by tests/storage/graph/graph_store_test.cc.

#include "storage/graph/dictionary.h"
#include "storage/graph/id_map.h"
#include "storage/graph/index_policy.h"
#include "storage/graph/topology.h"

namespace twingraph::commit {
class Store;
}  // namespace twingraph::commit

namespace twingraph::graph {

struct Parts {
  Dictionary dictionary;
  IdMap id_map;
  Topology topology;
  IndexPolicy index_policy;
  // Null only until the store is open.
  commit::Store* commits = nullptr;
};

}  // namespace twingraph::graph
