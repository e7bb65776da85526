#include "storage/base/batch_pace.h"

#include "gtest/gtest.h"

namespace twingraph {
namespace {

constexpr size_t kRoom = 1 << 20;

TEST(BatchPaceTest, BeginsWithFewAndThenTakesWhatFits) {
  BatchPace pace;
  EXPECT_EQ(pace.Next(kRoom), 16U);
  pace.Note(16, 16 * 100'000);
  EXPECT_EQ(pace.Next(kRoom), 10U);
  EXPECT_EQ(pace.Next(kRoom / 2), 5U);
}

TEST(BatchPaceTest, StaysWithinBounds) {
  BatchPace pace;
  pace.Note(16, 160);
  EXPECT_EQ(pace.Next(kRoom), 64U);
  pace.Note(3, 0);
  EXPECT_EQ(pace.Next(kRoom), 64U);
  pace.Note(1, 2 * kRoom);
  EXPECT_EQ(pace.Next(kRoom), 1U);
  EXPECT_EQ(pace.Next(0), 1U);
}

TEST(BatchPaceTest, LearnsNothingFromAnEmptyBatch) {
  BatchPace pace;
  pace.Note(0, 0);
  EXPECT_EQ(pace.Next(kRoom), 16U);
}

}  // namespace
}  // namespace twingraph
