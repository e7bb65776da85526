#pragma once

// What models may take in memory: a share of their own, and of the share of
// relationships what those leave; and while they are read, what the process has
// left. Safe from any thread.

#include <cstddef>

#include "absl/status/status.h"

#include "storage/graph/graph_store.h"

namespace twingraph::engine {

class ModelMemory {
 public:
  struct Limits {
    // A share of their own.
    size_t own_bytes = 0;
    // That of the relationships.
    size_t topology_bytes = 0;
    // What the process may hold.
    size_t process_bytes = 0;
  };

  // `graph` holds the relationships; it outlives this.
  ModelMemory(const Limits& limits, graph::GraphStore& graph)
      : limits_(limits), graph_(graph) {}

  // What all models may take now.
  size_t Room() const;

  // Refuses documents that take more to be read than the process has left.
  // Errors: INVALID_ARGUMENT / LIMIT_EXCEEDED.
  absl::Status CheckDocuments(size_t bytes) const;

  // Refuses models that would take more, together with those that are there.
  // Errors: INVALID_ARGUMENT / LIMIT_EXCEEDED.
  absl::Status Check(size_t bytes) const;

  // Models take so much now: relationships get less where that is more than
  // their own share.
  void Note(size_t bytes);

 private:
  const Limits limits_;
  graph::GraphStore& graph_;
};

}  // namespace twingraph::engine
