#include "server/config/memory_plan.h"

#include <optional>

#include "gtest/gtest.h"

namespace twingraph::config {
namespace {

constexpr size_t kMegabyte = size_t{1} << 20;

size_t SumOf(const MemoryPlan& plan) {
  return plan.ids + plan.topology + plan.records + plan.calls + plan.models +
         plan.store;
}

TEST(MemoryPlanTest, LeavesRoomForTheProcess) {
  for (const size_t budget : {kLeastMemoryBudget, 256 * kMegabyte,
                              1024 * kMegabyte, 65536 * kMegabyte}) {
    for (const auto& topology :
         {std::optional<size_t>(), std::optional<size_t>(0)}) {
      const MemoryPlan plan = PlanMemory(budget, topology);
      EXPECT_LE(SumOf(plan) + 88 * kMegabyte, budget);
      EXPECT_GE(plan.store, 8 * kMegabyte);
      EXPECT_GE(plan.calls, 4 * kMegabyte);
    }
  }
}

TEST(MemoryPlanTest, RelationshipsHaveAThirdOfWhatTheProcessLeaves) {
  EXPECT_EQ(PlanMemory(256 * kMegabyte, {}).topology, 56 * kMegabyte);
  EXPECT_EQ(PlanMemory(352 * kMegabyte, {}).topology, 88 * kMegabyte);
  EXPECT_EQ(PlanMemory(1024 * kMegabyte, {}).topology, 256 * kMegabyte);
  EXPECT_EQ(PlanMemory(256 * kMegabyte, 5).topology, 5U);
}

TEST(MemoryPlanTest, IdsHaveHalfAsMuchAsRelationships) {
  EXPECT_EQ(PlanMemory(256 * kMegabyte, {}).ids, 28 * kMegabyte);
  EXPECT_EQ(PlanMemory(1024 * kMegabyte, {}).ids, 128 * kMegabyte);
  EXPECT_EQ(PlanMemory(256 * kMegabyte, 0).ids, 28 * kMegabyte);
}

}  // namespace
}  // namespace twingraph::config
