#pragma once

// The resident set of this process, and what keeps it small: the allocator
// holds on to what was freed between blocks that are in use, often half of what
// the process has.

#include <cstddef>
#include <thread>

#include "absl/base/thread_annotations.h"

#include "storage/base/mutex.h"

namespace twingraph {

// Bytes that this process has in memory now.
size_t ResidentBytes();

// What this process may take more until it has `budget_bytes`. Gives freed
// memory back first, so it takes milliseconds.
size_t FreeMemory(size_t budget_bytes);

// Gives freed memory back to the system, from a thread of its own, as long as
// this lives: only while the process has more than `from_bytes`, and again when
// it has grown by a sixteenth of that.
class MemoryTrimmer {
 public:
  explicit MemoryTrimmer(size_t from_bytes);
  ~MemoryTrimmer();
  MemoryTrimmer(const MemoryTrimmer&) = delete;
  MemoryTrimmer& operator=(const MemoryTrimmer&) = delete;

 private:
  void Run();
  void Look();

  const size_t from_bytes_;
  size_t trimmed_to_ = 0;  // of the thread
  Mutex mutex_;
  CondVar wake_;
  bool is_stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace twingraph
