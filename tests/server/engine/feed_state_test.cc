#include "server/engine/feed_state.h"

#include <cstdint>
#include <limits>
#include <vector>

#include "gtest/gtest.h"

#include "tests/support/status_matchers.h"

namespace twingraph::engine {
namespace {

constexpr uint64_t kLargest = std::numeric_limits<uint64_t>::max();

// The stored form is frozen.
TEST(FeedStateTest, StoredFormIsGolden) {
  EXPECT_EQ(EncodeCursors({{"p0", 7, "b"}, {"", kLargest, ""}}),
            R"({"":[18446744073709551615,""],"p0":[7,"b"]})");
  EXPECT_EQ(EncodeCursors({}), "{}");
}

TEST(FeedStateTest, ReadsBackWhatItStored) {
  ASSERT_OK_AND_ASSIGN(
      const std::vector<Cursor> read,
      DecodeCursors(EncodeCursors({{"p0", 7, "b"}, {"", kLargest, ""}})));
  ASSERT_EQ(read.size(), 2U);
  EXPECT_EQ(read[0].source, "");
  EXPECT_EQ(read[0].offset, kLargest);
  EXPECT_EQ(read[1].source, "p0");
  EXPECT_EQ(read[1].offset, 7U);
  EXPECT_EQ(read[1].bookmark, "b");
  ASSERT_OK_AND_ASSIGN(const std::vector<Cursor> none, DecodeCursors(""));
  EXPECT_TRUE(none.empty());
}

TEST(FeedStateTest, DamageIsNoCrash) {
  for (const char* bytes :
       {"{", "[]", "7", R"({"p":7})", R"({"p":[]})", R"({"p":[1]})",
        R"({"p":["x","y"]})", R"({"p":[1,2]})", R"({"p":[-1,""]})"}) {
    EXPECT_THAT(DecodeCursors(bytes), IsError(absl::StatusCode::kDataLoss,
                                              v1::ERROR_REASON_STORE_CORRUPT))
        << bytes;
  }
}

TEST(FeedStateTest, APlaceMovesForwardOnly) {
  std::vector<Cursor> cursors;
  EXPECT_TRUE(Advance({"p", 5, "a"}, cursors));
  EXPECT_FALSE(Advance({"p", 5, "b"}, cursors));
  EXPECT_FALSE(Advance({"p", 4, "b"}, cursors));
  EXPECT_TRUE(Advance({"q", 0, ""}, cursors));
  EXPECT_TRUE(Advance({"p", 9, "c"}, cursors));
  ASSERT_EQ(cursors.size(), 2U);
  EXPECT_EQ(cursors[0].offset, 9U);
  EXPECT_EQ(cursors[0].bookmark, "c");
}

}  // namespace
}  // namespace twingraph::engine
