#pragma once

// The reference engine: ordered maps in memory, the truth that other engines
// are compared with, and the engine of `--in-memory`. Nothing survives the
// process: both durabilities are the same, and Checkpoint is refused.

#include <memory>
#include <vector>

#include "storage/kv/engine.h"
#include "storage/kv/space.h"

namespace twingraph::kv_memory {

// An empty store with these spaces.
std::unique_ptr<kv::Engine> OpenEngine(
    const std::vector<kv::SpaceSpec>& spaces);

}  // namespace twingraph::kv_memory
