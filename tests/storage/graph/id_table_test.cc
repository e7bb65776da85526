#include "storage/graph/id_table.h"

#include <map>
#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "storage/kv/space.h"

namespace twingraph::graph {
namespace {

TEST(IdTableTest, IsAMapOfIdsToNumbers) {
  IdTable table;
  std::map<std::string, uint64_t> expected;
  std::mt19937 random(5);
  for (int step = 0; step < 60'000; ++step) {
    const auto pick = random() % 3'000;
    // Ids of all lengths, the empty one and the longest among them.
    const std::string id =
        pick == 0 ? ""
                  : absl::StrCat(pick, std::string(pick % 900, 'x'))
                        .substr(0, kv::kMaxKeyBytes);
    // Few at first, then many, then few again.
    const bool adds = random() % 10 < (step / 20'000 == 1 ? 9U : 3U);
    if (adds) {
      const uint64_t number = random() | (uint64_t{step % 2 == 0} << 47);
      table.Set(id, TwinNumber{number});
      expected[id] = number;
    } else {
      table.Erase(id);
      expected.erase(id);
    }
    const auto found = table.Find(id);
    ASSERT_EQ(found.has_value(), adds) << id;
  }
  EXPECT_GT(expected.size(), 500U);
  EXPECT_EQ(table.size(), expected.size());
  for (const auto& [id, number] : expected) {
    EXPECT_EQ(table.Find(id), TwinNumber{number}) << id;
  }
  EXPECT_FALSE(table.Find("another").has_value());
}

TEST(IdTableTest, TakesSixteenBytesAndTheId) {
  IdTable table;
  size_t id_bytes = 0;
  for (uint64_t i = 0; i < 100'000; ++i) {
    const std::string id = absl::StrCat("floor-", i % 20, ".sensor-", i);
    id_bytes += id.size();
    table.Set(id, TwinNumber{i + 1});
  }
  EXPECT_LT(table.bytes(), id_bytes + 100'000 * 20);
  EXPECT_GT(table.bytes(), id_bytes + 100'000 * 13);
}

TEST(IdTableTest, IdsThatComeAndGoTakeNoMore) {
  IdTable table;
  const auto play = [&](uint64_t from, uint64_t to) {
    for (uint64_t i = from; i < to; ++i) {
      table.Set(absl::StrCat("twin-", i), TwinNumber{i});
      table.Erase(absl::StrCat("twin-", i - 1'000));
    }
  };
  play(1'000, 10'000);
  const size_t bytes = table.bytes();
  play(10'000, 200'000);
  EXPECT_LE(table.bytes(), 2 * bytes);
  EXPECT_EQ(table.size(), 1'000U);
}

}  // namespace
}  // namespace twingraph::graph
