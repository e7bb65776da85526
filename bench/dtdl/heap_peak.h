#pragma once

// Counts what operator new gives out, in this whole program, while a HeapCount
// lives: one at a time. Counting costs time, so it has its own pass. Any
// thread.

#include <cstdint>

namespace twingraph::bench {

class HeapCount {
 public:
  HeapCount();
  ~HeapCount();
  HeapCount(const HeapCount&) = delete;
  HeapCount& operator=(const HeapCount&) = delete;

  // Bytes given out and not given back since it began.
  int64_t bytes() const;
  // The most that bytes() was.
  int64_t peak() const;
};

}  // namespace twingraph::bench
