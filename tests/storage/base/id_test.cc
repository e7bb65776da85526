#include "storage/base/id.h"

#include <set>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace twingraph {
namespace {

TEST(RandomBytesTest, FillsAnyCount) {
  // The kernel may give fewer than asked for above 256.
  for (const size_t count : {0, 1, 7, 16, 256, 257, 5000}) {
    EXPECT_EQ(RandomBytes(count).size(), count);
  }
}

TEST(RandomBytesTest, EveryBitIsSometimesSetAndSometimesNot) {
  std::string ever(600, '\0');
  std::string always(600, '\xff');
  for (int i = 0; i < 100; ++i) {
    const std::string bytes = RandomBytes(600);
    for (size_t at = 0; at < bytes.size(); ++at) {
      ever[at] = static_cast<char>(ever[at] | bytes[at]);
      always[at] = static_cast<char>(always[at] & bytes[at]);
    }
  }
  EXPECT_EQ(ever, std::string(600, '\xff'));
  EXPECT_EQ(always, std::string(600, '\0'));
}

TEST(RandomUuidTest, HasTheFormOfVersionFour) {
  for (int i = 0; i < 100; ++i) {
    EXPECT_THAT(RandomUuid(),
                testing::MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-"
                                      "[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
  }
}

TEST(RandomUuidTest, NeverComesTwice) {
  std::set<std::string> seen;
  for (int i = 0; i < 10'000; ++i) {
    ASSERT_TRUE(seen.insert(RandomUuid()).second);
  }
}

TEST(RandomUuidTest, UsesEveryHexDigitAtEveryFreePlace) {
  std::vector<std::set<char>> seen(36);
  for (int i = 0; i < 2000; ++i) {
    const std::string uuid = RandomUuid();
    for (size_t at = 0; at < uuid.size(); ++at) {
      seen[at].insert(uuid[at]);
    }
  }
  for (size_t at = 0; at < seen.size(); ++at) {
    const bool is_dash = at == 8 || at == 13 || at == 18 || at == 23;
    const size_t expected = is_dash || at == 14 ? 1 : at == 19 ? 4 : 16;
    EXPECT_EQ(seen[at].size(), expected) << "place " << at;
  }
}

}  // namespace
}  // namespace twingraph
