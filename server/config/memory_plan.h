#pragma once

// How the memory budget of the process is shared out. Pure.

#include <cstddef>
#include <optional>

namespace twingraph::config {

// Bytes of each share. What is left, 88 MB, is for the process itself.
struct MemoryPlan {
  // Ids of all twins, and their models.
  size_t ids = 0;
  // Relationships of all twins.
  size_t topology = 0;
  // Records of twins that were read lately.
  size_t records = 0;
  // Calls in flight: requests, what is made of them, responses.
  size_t calls = 0;
  // Models; they also get what the relationships leave of their share.
  size_t models = 0;
  // Caches and write buffers of the store.
  size_t store = 0;
};

// Below it the shares are too small to work with.
inline constexpr size_t kLeastMemoryBudget = size_t{128} << 20;

// Above it a budget is a slip of the pen.
inline constexpr size_t kMostMemoryBudget = size_t{16} << 40;

// The shares of `budget`; `topology` where it is set, else a third of what the
// process leaves, at most a quarter of all. Ids get half as much as that.
MemoryPlan PlanMemory(size_t budget, std::optional<size_t> topology);

}  // namespace twingraph::config
