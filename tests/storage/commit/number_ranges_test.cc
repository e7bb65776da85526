#include "storage/commit/number_ranges.h"

#include <algorithm>
#include <memory>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

#include "storage/kv/counter.h"
#include "tests/support/kv_engines.h"
#include "tests/support/status_matchers.h"

namespace twingraph::commit {
namespace {

class NumberRangesTest : public ::testing::Test {
 protected:
  uint64_t Take(uint64_t count) {
    const auto first = numbers_.Take(Context(), kNumber, "ids", count, uses_);
    EXPECT_OK(first);
    return first.value_or(0);
  }

  const std::unique_ptr<kv::Engine> engine_ =
      OpenTestEngine(EngineKind::kMemory, "");
  NumberRanges numbers_{engine_->newest()};
  std::vector<NumberRanges::Use> uses_;
};

TEST_F(NumberRangesTest, BeginsBehindTheStoredLimit) {
  ApplyCommits(*engine_, {{PutEffect(kNumber, "ids", kv::EncodeCounter(100))}});
  EXPECT_EQ(Take(5), 101U);
  EXPECT_EQ(Take(1), 106U);
}

TEST_F(NumberRangesTest, RaisesTheLimitOnlyWhenItIsPassed) {
  EXPECT_TRUE(numbers_.PendingRaises().empty());
  Take(1);
  const auto raises = numbers_.PendingRaises();
  ASSERT_EQ(raises.size(), 1U);
  EXPECT_GE(raises[0].limit, 1U);
  numbers_.MarkStored(raises);
  Take(1);
  EXPECT_TRUE(numbers_.PendingRaises().empty());
  Take(raises[0].limit);
  EXPECT_EQ(numbers_.PendingRaises().size(), 1U);
}

TEST_F(NumberRangesTest, AnotherWriterMakesWhatWasTakenVoid) {
  Take(1);
  EXPECT_TRUE(numbers_.AreCurrent(uses_));
  ApplyCommits(*engine_,
               {{PutEffect(kNumber, "ids", kv::EncodeCounter(5000))}});
  numbers_.Invalidate(kNumber, "ids");
  numbers_.Invalidate(kNumber, "unknown");
  EXPECT_FALSE(numbers_.AreCurrent(uses_));
  EXPECT_EQ(Take(1), 5001U);
}

TEST_F(NumberRangesTest, ManyThreadsGetDifferentNumbers) {
  std::vector<std::vector<uint64_t>> taken(4);
  std::vector<std::thread> threads;
  for (auto& mine : taken) {
    threads.emplace_back([&] {
      std::vector<NumberRanges::Use> uses;
      for (int i = 0; i < 1000; ++i) {
        mine.push_back(*numbers_.Take(Context(), kNumber, "ids", 1, uses));
      }
    });
  }
  std::vector<uint64_t> all;
  for (size_t i = 0; i < threads.size(); ++i) {
    threads[i].join();
    all.insert(all.end(), taken[i].begin(), taken[i].end());
  }
  std::sort(all.begin(), all.end());
  EXPECT_EQ(std::adjacent_find(all.begin(), all.end()), all.end());
}

TEST_F(NumberRangesTest, ARowThatIsNoLimitIsDataLoss) {
  ApplyCommits(*engine_, {{PutEffect(kNumber, "ids", "text")}});
  EXPECT_THAT(
      numbers_.Take(Context(), kNumber, "ids", 1, uses_),
      IsError(absl::StatusCode::kDataLoss, v1::ERROR_REASON_STORE_CORRUPT));
}

}  // namespace
}  // namespace twingraph::commit
