#include "storage/kv/history_size.h"

#include "gtest/gtest.h"

namespace twingraph::kv {
namespace {

TEST(HistorySizeTest, NothingNotedKeepsEverything) {
  HistorySize size;
  EXPECT_EQ(size.FloorKeeping(0.5), 0U);
  EXPECT_EQ(size.ShareUpTo(7), 0.0);
  size.Start(10);
  EXPECT_EQ(size.ShareUpTo(5), 0.0);
}

TEST(HistorySizeTest, EvenBytesGiveEvenRevisions) {
  HistorySize size;
  for (Revision revision = 1; revision <= 100; ++revision) {
    size.Note(revision, 1000);
  }
  EXPECT_EQ(size.FloorKeeping(0.25), 75U);
  EXPECT_EQ(size.FloorKeeping(1), 0U);
  EXPECT_DOUBLE_EQ(size.ShareUpTo(75), 0.75);
  EXPECT_DOUBLE_EQ(size.ShareUpTo(1000), 1.0);
}

TEST(HistorySizeTest, WhatWasGivenUpCountsUntilItHasLeft) {
  HistorySize size;
  for (Revision revision = 1; revision <= 100; ++revision) {
    size.Note(revision, 1000);
  }
  // Asked twice without bytes having left, the answer is the same.
  EXPECT_EQ(size.FloorKeeping(0.5), size.FloorKeeping(0.5));
  size.Left(50);
  EXPECT_EQ(size.FloorKeeping(1), 50U);
  EXPECT_EQ(size.FloorKeeping(0.5), 75U);
  EXPECT_DOUBLE_EQ(size.ShareUpTo(75), 0.5);
  size.Left(40);  // moves nothing back
  EXPECT_EQ(size.FloorKeeping(1), 50U);
}

TEST(HistorySizeTest, UnevenBytesAreWeighed) {
  HistorySize size;
  for (Revision revision = 1; revision <= 1000; ++revision) {
    size.Note(revision, revision <= 100 ? 100'000 : 1000);
  }
  // 10 MB, then 0.9 MB: half of it is kept without what is small.
  EXPECT_EQ(size.FloorKeeping(5'000'000.0 / 10'900'000.0), 59U);
  EXPECT_GT(size.ShareUpTo(100), 0.9);
}

TEST(HistorySizeTest, ManyCommitsKeepTheAnswerAboutRight) {
  HistorySize size;
  for (Revision revision = 1; revision <= 200'000; ++revision) {
    size.Note(revision, revision % 7 == 0 ? 5000 : 100);
  }
  EXPECT_NEAR(static_cast<double>(size.FloorKeeping(0.1)), 180'000, 1000);
  EXPECT_NEAR(size.ShareUpTo(50'000), 0.25, 0.005);
}

TEST(HistorySizeTest, WhatWasThereBeforeIsSpreadEvenly) {
  HistorySize size;
  size.Start(100);
  size.Note(101, 1000);
  size.Weigh(11'000);
  EXPECT_NEAR(size.ShareUpTo(50), 5.0 / 11, 1e-9);
  EXPECT_EQ(size.FloorKeeping(1.0 / 11), 100U);
}

TEST(HistorySizeTest, ARestIsThereUntilItLeaves) {
  HistorySize size;
  size.Start(100);
  EXPECT_FALSE(size.has_rest());
  size.GiveUp(40);
  size.Weigh(6000);
  EXPECT_TRUE(size.has_rest());
  EXPECT_EQ(size.FloorKeeping(0.5), 70U);
  size.Left(70);
  EXPECT_FALSE(size.has_rest());
  EXPECT_EQ(size.FloorKeeping(1), 70U);
}

}  // namespace
}  // namespace twingraph::kv
