#pragma once

// What the readers and writers of one graph share. Made by GraphStore.

// Covered by tests/storage/graph/graph_store_test.cc.

#include <atomic>
#include <limits>
#include <string>
#include <vector>

#include "storage/base/mutex.h"
#include "storage/graph/dictionary.h"
#include "storage/graph/id_map.h"
#include "storage/graph/index_policy.h"
#include "storage/graph/record_cache.h"
#include "storage/graph/topology.h"

namespace twingraph::commit {
class Store;
}  // namespace twingraph::commit

namespace twingraph::graph {

// While an index is being built.
inline constexpr Revision kNeverIndexed = std::numeric_limits<Revision>::max();

struct Parts {
  // The other policy: none once the indexes were cleared.
  const IndexPolicy& older_indexes() const {
    return is_cleared ? no_index_policy : older_index_policy;
  }

  Dictionary dictionary;
  IdMap id_map;
  // Readers fill it.
  mutable RecordCache records;
  Topology topology;
  const IndexPolicy no_index_policy{std::vector<std::string>{""}};
  // What writers index, and readers use from a revision on; before it they use
  // what the other policy says too.
  IndexPolicy index_policy;
  IndexPolicy older_index_policy;
  std::atomic<Revision> indexed_since = 0;
  // Were the indexes cleared since the store was opened?
  std::atomic<bool> is_cleared = false;
  // Held by each step of a build, and while indexes are cleared.
  Mutex build_mutex;
  // Null only until the store is open.
  commit::Store* commits = nullptr;
};

}  // namespace twingraph::graph
