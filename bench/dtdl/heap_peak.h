#pragma once

// Counts what operator new gives out, in this whole program. Any thread.

#include <cstddef>

namespace twingraph::bench {

// Bytes given out and not given back.
size_t HeapBytes();

// The most that HeapBytes was since the last ResetHeapPeak.
size_t HeapPeak();
void ResetHeapPeak();

}  // namespace twingraph::bench
