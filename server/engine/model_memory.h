#pragma once

// What models may take in memory: a share of their own, and of the share of
// relationships what those leave. Safe from any thread.

#include <cstddef>

#include "absl/status/status.h"

#include "storage/graph/graph_store.h"

namespace twingraph::engine {

class ModelMemory {
 public:
  // `own_bytes` of their own; `topology_bytes` are the relationships' share in
  // `graph`, which outlives this.
  ModelMemory(size_t own_bytes, size_t topology_bytes, graph::GraphStore& graph)
      : own_(own_bytes), topology_(topology_bytes), graph_(graph) {}

  // What all models may take now.
  size_t Room() const;

  // Refuses models that would take more, together with those that are there.
  // Errors: INVALID_ARGUMENT / LIMIT_EXCEEDED.
  absl::Status Check(size_t bytes) const;

  // Models take so much now: relationships get less where that is more than
  // their own share.
  void Note(size_t bytes);

 private:
  const size_t own_;
  const size_t topology_;
  graph::GraphStore& graph_;
};

}  // namespace twingraph::engine
