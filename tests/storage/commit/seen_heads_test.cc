#include "storage/commit/seen_heads.h"

#include "gtest/gtest.h"

namespace twingraph::commit {
namespace {

absl::Time At(int64_t seconds) {
  return absl::FromUnixSeconds(seconds);
}

TEST(SeenHeadsTest, TellsTheNewestHeadOfATime) {
  SeenHeads heads;
  EXPECT_EQ(heads.At(absl::InfiniteFuture()), 0U);
  heads.Note(At(10), 5);
  heads.Note(At(20), 5);
  heads.Note(At(30), 8);
  EXPECT_EQ(heads.At(At(9)), 0U);
  EXPECT_EQ(heads.At(At(10)), 5U);
  EXPECT_EQ(heads.At(At(29)), 5U);
  EXPECT_EQ(heads.At(At(30)), 8U);
  EXPECT_EQ(heads.At(At(1000)), 8U);
}

TEST(SeenHeadsTest, ForgetsWhatAClockShowedThatWasSetBack) {
  SeenHeads heads;
  heads.Note(At(10), 5);
  heads.Note(At(1'000'000), 6);
  heads.Note(At(20), 7);
  EXPECT_EQ(heads.At(At(19)), 5U);
  EXPECT_EQ(heads.At(At(20)), 7U);
  heads.Note(At(5), 7);
  EXPECT_EQ(heads.At(At(4)), 0U);
  EXPECT_EQ(heads.At(At(5)), 7U);
}

TEST(SeenHeadsTest, NeverMakesARevisionOlderThanItIs) {
  SeenHeads heads;
  constexpr int64_t kNotes = 10 * SeenHeads::kLimit;
  for (int64_t i = 1; i <= kNotes; ++i) {
    heads.Note(At(i), static_cast<kv::Revision>(i));
  }
  for (int64_t age = 0; age < kNotes; ++age) {
    const auto exact = static_cast<kv::Revision>(kNotes - age);
    const kv::Revision found = heads.At(At(kNotes - age));
    ASSERT_LE(found, exact) << age;
    ASSERT_LE(exact - found, 1 + age / 32) << age;
  }
}

}  // namespace
}  // namespace twingraph::commit
