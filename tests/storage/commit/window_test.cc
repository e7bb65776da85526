#include "storage/commit/window.h"

#include "gtest/gtest.h"

namespace twingraph::commit {
namespace {

TEST(WindowTest, AdmitsWhatWasNotWrittenSince) {
  Window window(100, /*start=*/5);
  window.Add(1, 6);
  window.Add(2, 7);
  EXPECT_TRUE(window.Admits(7, {1, 2}));
  EXPECT_TRUE(window.Admits(6, {1}));
  EXPECT_FALSE(window.Admits(6, {1, 2}));
  EXPECT_FALSE(window.Admits(5, {1}));
  EXPECT_TRUE(window.Admits(5, {3}));
}

TEST(WindowTest, KnowsNothingOfWhatCameBeforeIt) {
  Window window(2, /*start=*/5);
  EXPECT_FALSE(window.Admits(4, {9}));
  EXPECT_TRUE(window.Admits(4, {}));
  for (uint64_t i = 0; i < 5; ++i) {
    window.Add(i, 6 + i);
  }
  window.Shrink();
  EXPECT_EQ(window.floor(), 8U);
  EXPECT_FALSE(window.Admits(7, {99}));
  EXPECT_TRUE(window.Admits(8, {0, 1, 2, 99}));
  EXPECT_FALSE(window.Admits(8, {3}));
}

TEST(WindowTest, ForgetsAGroupThatWasNotApplied) {
  Window window(100, /*start=*/5);
  window.Add(1, 6);
  window.Add(1, 7);
  window.Add(2, 7);
  window.Add(1, 8);
  window.Rollback(6);
  EXPECT_TRUE(window.Admits(6, {1, 2}));
  EXPECT_FALSE(window.Admits(5, {1}));
  EXPECT_TRUE(window.Admits(5, {2}));
  window.Add(2, 7);
  EXPECT_FALSE(window.Admits(6, {2}));
}

}  // namespace
}  // namespace twingraph::commit
