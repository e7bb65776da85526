// Lists of relationships in memory against sorted vectors and maps.

#include "storage/graph/packed_list.h"

#include <map>
#include <random>
#include <set>
#include <vector>

#include "gtest/gtest.h"

#include "storage/graph/changed_list.h"

namespace twingraph::graph {
namespace {

Neighbour RandomNeighbour(std::mt19937_64& random, unsigned names,
                          uint64_t ends, uint64_t numbers) {
  return {NameNumber{static_cast<uint32_t>(random() % names + 1)},
          TwinNumber{random() % ends + 1},
          RelationshipNumber{random() % numbers + 1}};
}

template <typename List>
std::vector<Neighbour> From(const List& list, const Neighbour& from,
                            size_t limit = SIZE_MAX) {
  std::vector<Neighbour> found;
  list.VisitFrom(from, [&](const Neighbour& each) {
    if (found.size() == limit) {
      return false;
    }
    found.push_back(each);
    return true;
  });
  return found;
}

TEST(PackedListTest, TheEmptyListTakesNothing) {
  const PackedBytes packed = PackNeighbours({});
  EXPECT_EQ(packed.bytes, nullptr);
  EXPECT_EQ(packed.size, 0U);
  EXPECT_TRUE(From(PackedList(nullptr), {}).empty());
}

TEST(PackedListTest, FiveNeighboursOfAMillionTakeSevenBytesEach) {
  std::vector<Neighbour> list;
  for (uint64_t i = 1; i <= 5; ++i) {
    list.push_back({NameNumber{1}, TwinNumber{i * 200'000},
                    RelationshipNumber{i * 1'000'000}});
  }
  EXPECT_EQ(PackNeighbours(list).size, 35U);
}

class RandomListTest : public testing::TestWithParam<uint64_t> {};

// Whatever the width of numbers, the list is what went in, from each place.
TEST_P(RandomListTest, GivesBackWhatWentIn) {
  std::mt19937_64 random(GetParam());
  for (const size_t size : {1, 2, 7, 130, 300}) {
    std::set<Neighbour> sorted;
    while (sorted.size() < size) {
      sorted.insert(RandomNeighbour(random, 3, GetParam(), GetParam()));
    }
    const std::vector<Neighbour> expected(sorted.begin(), sorted.end());
    const PackedBytes packed = PackNeighbours(expected);
    const PackedList list(packed.bytes.get());
    EXPECT_EQ(list.size(), size);
    EXPECT_EQ(list.byte_count(), packed.size);
    EXPECT_EQ(From(list, {}), expected);
    EXPECT_EQ(From(list, {}, size / 2).size(), size / 2);
    for (int i = 0; i < 20; ++i) {
      const Neighbour from = RandomNeighbour(random, 4, GetParam(), GetParam());
      EXPECT_EQ(From(list, from),
                std::vector<Neighbour>(sorted.lower_bound(from), sorted.end()));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Widths, RandomListTest,
                         testing::Values(200, uint64_t{1} << 16,
                                         uint64_t{1} << 24, uint64_t{1} << 32,
                                         (uint64_t{1} << 40) - 1));

// A list that changes, against the sets that it was after each revision.

TEST(ChangedListTest, RemembersWhatItWas) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 30; ++round) {
    std::set<Neighbour> now;
    for (int i = 0; i < 20; ++i) {
      now.insert(RandomNeighbour(random, 2, 9, 40));
    }
    std::map<Revision, std::set<Neighbour>> past = {{10, now}};
    const std::vector<Neighbour> base(now.begin(), now.end());
    ChangedList list(PackNeighbours(base));
    for (Revision revision = 11; revision < 400; ++revision) {
      std::set<Neighbour> touched;  // once each, as in a commit
      for (size_t i = 0; i < random() % 4; ++i) {
        touched.insert(RandomNeighbour(random, 2, 9, 40));
      }
      std::vector<NeighbourChange> changes;
      for (const Neighbour& each : touched) {
        const bool is_new = now.insert(each).second;
        if (!is_new) {
          now.erase(each);
        }
        changes.push_back({each, revision, is_new});
      }
      list.Add(changes);
      past[revision] = now;
      if (random() % 50 == 0) {
        list.Fold(revision - random() % 20);
      }
      ASSERT_LE(list.changes().size(), 150U);
      auto then = past.lower_bound(std::max<Revision>(list.since(), 10));
      std::advance(then, random() % static_cast<size_t>(
                                        std::distance(then, past.end())));
      const Neighbour from = RandomNeighbour(random, 3, 9, 40);
      std::vector<Neighbour> found;
      list.VisitFrom(from, then->first, [&](const Neighbour& each) {
        found.push_back(each);
        return true;
      });
      ASSERT_EQ(found, std::vector<Neighbour>(then->second.lower_bound(from),
                                              then->second.end()))
          << "at " << then->first << " of " << revision;
    }
    EXPECT_GT(list.since(), 11U);  // it forgot something
  }
}

}  // namespace
}  // namespace twingraph::graph
