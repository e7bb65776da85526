#include "storage/kv/range.h"

#include "gtest/gtest.h"

namespace twingraph::kv {
namespace {

TEST(RangeTest, APrefixHoldsWhatBeginsWithIt) {
  const Range range = Range::Prefix("ab");
  EXPECT_TRUE(range.Contains("ab"));
  EXPECT_TRUE(range.Contains("ab\xFF\xFF"));
  EXPECT_FALSE(range.Contains("ac"));
  EXPECT_FALSE(range.Contains("aa\xFF"));
  EXPECT_EQ(Range::Prefix("\xFF\xFF").end, "");
  EXPECT_EQ(Range::Prefix(""), Range::All());
}

TEST(RangeTest, WhatIsLeftBehindAKey) {
  const Range after = Range::After({"b", "d"}, "b");
  EXPECT_FALSE(after.Contains("b"));
  EXPECT_TRUE(after.Contains(std::string("b\0", 2)));
  EXPECT_EQ(after.end, "d");
  EXPECT_EQ(Range::After({"b", "d"}, "a").begin, "b");
  EXPECT_TRUE(Range::After({"b", "d"}, "e").IsEmpty());
}

TEST(RangeTest, WhatIsLeftBeforeAKey) {
  EXPECT_EQ(Range::Before({"b", "d"}, "c"), (Range{"b", "c"}));
  EXPECT_EQ(Range::Before({"b", "d"}, "x"), (Range{"b", "d"}));
  EXPECT_EQ(Range::Before(Range::All(), "c"), (Range{"", "c"}));
  EXPECT_TRUE(Range::Before(Range::All(), "").IsEmpty());
}

TEST(RangeTest, EmptinessIsSeen) {
  EXPECT_FALSE(Range::All().IsEmpty());
  EXPECT_TRUE((Range{"b", "a"}).IsEmpty());
  EXPECT_TRUE((Range{"b", "b"}).IsEmpty());
  EXPECT_FALSE((Range{"b", ""}).IsEmpty());
}

}  // namespace
}  // namespace twingraph::kv
