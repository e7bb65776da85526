#include "server/rpc/call_memory.h"

#include "gtest/gtest.h"

#include "storage/base/status.h"
#include "tests/support/status_matchers.h"

namespace twingraph::rpc {
namespace {

TEST(CallMemoryTest, RefusesWhatDoesNotFitUntilOthersHaveEnded) {
  CallMemory memory(100);
  CallMemory::Hold first(&memory);
  ASSERT_OK(first.Add(60));
  {
    CallMemory::Hold second(&memory);
    ASSERT_OK(second.Add(40));
    const absl::Status refused = first.Add(1);
    EXPECT_THAT(refused, IsError(absl::StatusCode::kResourceExhausted,
                                 v1::ERROR_REASON_OVERLOADED));
    EXPECT_GT(RetryDelayOf(refused), absl::ZeroDuration());
    EXPECT_EQ(memory.used(), 100U);
  }
  EXPECT_OK(first.Add(40));
  EXPECT_EQ(memory.used(), 100U);
}

TEST(CallMemoryTest, ACallThatIsAloneIsLetIn) {
  CallMemory memory(100);
  CallMemory::Hold large(&memory);
  EXPECT_OK(large.Add(500));
  EXPECT_OK(large.Add(500));
  CallMemory::Hold small(&memory);
  EXPECT_FALSE(small.Add(1).ok());
}

TEST(CallMemoryTest, WhatIsThereIsCountedBeyondTheLimit) {
  CallMemory memory(100);
  {
    CallMemory::Hold made(&memory);
    EXPECT_OK(made.Add(100));
    EXPECT_OK(made.CheckRoom());
    made.Take(200);
    EXPECT_EQ(memory.used(), 300U);
    EXPECT_THAT(made.CheckRoom(), IsError(absl::StatusCode::kResourceExhausted,
                                          v1::ERROR_REASON_OVERLOADED));
  }
  EXPECT_EQ(memory.used(), 0U);
}

TEST(CallMemoryTest, WithoutAMemoryThereIsNoLimit) {
  CallMemory::Hold hold(nullptr);
  EXPECT_OK(hold.Add(size_t{1} << 40));
  hold.Take(1);
  EXPECT_OK(hold.CheckRoom());
}

}  // namespace
}  // namespace twingraph::rpc
