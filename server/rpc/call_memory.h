#pragma once

// What the calls in flight may hold in memory together, a share of the memory
// budget: requests, what is made of them, and responses until the client has
// taken them. A call that finds no room is refused at once. Safe from any
// thread.

#include <atomic>
#include <cstddef>

#include "absl/status/status.h"

namespace twingraph::rpc {

class CallMemory {
 public:
  explicit CallMemory(size_t limit_bytes) : limit_(limit_bytes) {}

  CallMemory(const CallMemory&) = delete;
  CallMemory& operator=(const CallMemory&) = delete;

  size_t used() const { return used_.load(std::memory_order_relaxed); }

  // What one call holds; given back with this object. One thread at a time.
  class Hold {
   public:
    // `memory` outlives this; null: there is no limit.
    explicit Hold(CallMemory* memory) : memory_(memory) {}

    ~Hold();

    Hold(const Hold&) = delete;
    Hold& operator=(const Hold&) = delete;

    // Holds `bytes` more. A call that is alone is let in however large it is.
    // Errors: RESOURCE_EXHAUSTED / OVERLOADED with RetryInfo.
    absl::Status Add(size_t bytes);

    // Holds `bytes` more that are there already.
    void Take(size_t bytes);

    // Refuses where what calls have taken is beyond the limit.
    // Errors: as Add.
    absl::Status CheckRoom() const;

   private:
    CallMemory* const memory_;
    size_t bytes_ = 0;
  };

 private:
  const size_t limit_;
  std::atomic<size_t> used_{0};
};

}  // namespace twingraph::rpc
