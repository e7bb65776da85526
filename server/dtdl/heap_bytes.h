#pragma once

// What a model takes in memory. Pure.

#include <cstddef>

#include "server/dtdl/model.h"

namespace twingraph::dtdl {

// About how many bytes of the heap an interface takes with all that it owns:
// objects, texts, and what the allocator adds.
size_t HeapBytes(const Interface& interface);

}  // namespace twingraph::dtdl
