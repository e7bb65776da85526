#include "server/config/memory_plan.h"

#include <algorithm>

namespace twingraph::config {
namespace {

constexpr size_t kMegabyte = size_t{1} << 20;

// Measured: the process when it is idle, 40 MB; under load also what the store
// takes besides its caches, messages that the transport has not given yet, and
// gaps between blocks of the heap.
constexpr size_t kProcess = 88 * kMegabyte;

// The more is in use, the more gaps there are: a sixteenth of what is above it.
constexpr size_t kSmallBudget = 128 * kMegabyte;

// Calls gain nothing by more.
constexpr size_t kMostCalls = 64 * kMegabyte;

constexpr size_t kLeastStore = 8 * kMegabyte;

}  // namespace

MemoryPlan PlanMemory(size_t budget, std::optional<size_t> topology) {
  const size_t shared = budget - std::min(budget, kProcess);
  // A twin with five relationships takes 40 bytes here and 120 there.
  const size_t relationships = std::min(shared / 3, budget / 4);
  MemoryPlan plan{.ids = relationships / 2,
                  .topology = topology.value_or(relationships),
                  .records = shared / 12,
                  .calls = std::min(shared / 8, kMostCalls),
                  .models = shared / 16};
  const size_t gaps = (budget - std::min(budget, kSmallBudget)) / 16;
  const size_t others =
      plan.ids + plan.topology + plan.records + plan.calls + plan.models + gaps;
  plan.store = std::max(kLeastStore, shared - std::min(shared, others));
  return plan;
}

}  // namespace twingraph::config
