#include "server/catalog/number_set.h"

#include <random>
#include <set>
#include <vector>

#include "gtest/gtest.h"

namespace twingraph::catalog {
namespace {

std::vector<uint32_t> Members(const NumberSet& set) {
  std::vector<uint32_t> members;
  set.ForEach([&members](graph::ModelNumber number) {
    members.push_back(graph::ToInt(number));
  });
  return members;
}

TEST(NumberSetTest, HoldsTheEndsOfWords) {
  NumberSet set;
  EXPECT_TRUE(set.empty());
  for (const uint32_t number : {64U, 0U, 63U, 4'294'967'295U, 128U, 127U}) {
    set.Insert(graph::ModelNumber{number});
    set.Insert(graph::ModelNumber{number});
  }
  EXPECT_EQ(Members(set),
            (std::vector<uint32_t>{0, 63, 64, 127, 128, 4'294'967'295U}));
  EXPECT_FALSE(set.Contains(graph::ModelNumber{1}));
  EXPECT_FALSE(set.Contains(graph::ModelNumber{1'000}));
}

// The same as std::set, whatever comes and goes.
TEST(NumberSetTest, IsASet) {
  std::mt19937 random(7);
  for (const uint32_t range : {40U, 300U, 100'000U}) {
    NumberSet set;
    std::set<uint32_t> wanted;
    for (int i = 0; i < 2'000; ++i) {
      const auto number = static_cast<uint32_t>(random() % range);
      if (random() % 3 == 0) {
        set.Erase(graph::ModelNumber{number});
        wanted.erase(number);
      } else {
        set.Insert(graph::ModelNumber{number});
        wanted.insert(number);
      }
      const auto other = static_cast<uint32_t>(random() % range);
      ASSERT_EQ(set.Contains(graph::ModelNumber{other}),
                wanted.contains(other));
    }
    EXPECT_EQ(Members(set),
              std::vector<uint32_t>(wanted.begin(), wanted.end()));
    for (const uint32_t number : wanted) {
      set.Erase(graph::ModelNumber{number});
    }
    EXPECT_TRUE(set.empty());
  }
}

}  // namespace
}  // namespace twingraph::catalog
