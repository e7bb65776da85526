// Law 11 of storage/kv/README.md on every engine: a scan of several ranges.

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "storage/kv/engine.h"
#include "tests/support/kv_engines.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace twingraph {
namespace {

using ::testing::ElementsAre;

// Rows of a space, as a model: "value@revision" by key.
using ModelRows = std::map<std::string, std::string>;

// What MultiScan has to yield of them.
std::vector<std::string> Expected(const ModelRows& rows,
                                  const std::vector<kv::Range>& ranges,
                                  kv::Order order) {
  std::vector<std::string> expected;
  for (size_t i = 0; i < ranges.size(); ++i) {
    std::vector<std::string> of_range;
    for (const auto& [key, row] : rows) {
      if (ranges[i].Contains(key)) {
        of_range.push_back(std::to_string(i) + ":" + key + "=" + row);
      }
    }
    if (order == kv::Order::kDescending) {
      std::reverse(of_range.begin(), of_range.end());
    }
    expected.insert(expected.end(), of_range.begin(), of_range.end());
  }
  return expected;
}

// Keys and ranges of them, of which many meet, repeat or are empty.
class RandomRanges {
 public:
  size_t Pick(size_t limit) { return random_() % limit; }

  // Of two to five bytes: the prefix of kEdges, and more.
  std::string Key() {
    std::string key;
    for (size_t i = 2 + Pick(4); i > 0; --i) {
      key.push_back("abc\xFF"[Pick(4)]);
    }
    return key;
  }

  // `is_below_prefix`: inside one prefix of kEdges.
  kv::Range Range(bool is_below_prefix) {
    const std::string key = Key();
    switch (Pick(is_below_prefix ? 3 : 6)) {
      case 0:
        return kv::Range::Prefix(key.substr(0, 2));
      case 1:
        return kv::Range::After(kv::Range::Prefix(key.substr(0, 2)), key);
      case 2:
        return {key, key};
      case 3:
        return kv::Range::Prefix(key.substr(0, 1));
      case 4:
        return kv::Range::After(kv::Range::All(), key);
      default:
        return {key, Key()};
    }
  }

  std::vector<kv::Range> Ranges() {
    std::vector<kv::Range> ranges;
    const bool are_below_prefixes = Pick(2) == 0;
    for (size_t i = Pick(6); i > 0; --i) {
      ranges.push_back(Range(are_below_prefixes));
    }
    return ranges;
  }

 private:
  std::mt19937_64 random_{1};
};

class MultiScanLaws : public ::testing::TestWithParam<EngineKind> {
 protected:
  void SetUp() override { ASSERT_NE(engine_, nullptr); }

  std::vector<std::string> MultiScan(const kv::State& state,
                                     std::vector<kv::Range> ranges,
                                     kv::Order order) {
    return RangedRowsOf(
        *state.MultiScan(ctx_, kEdges, std::move(ranges), order));
  }

  const TempDir dir_;
  const Context ctx_;
  const std::unique_ptr<kv::Engine> engine_ =
      OpenTestEngine(GetParam(), dir_.path() + "/store");
};

INSTANTIATE_TEST_SUITE_P(Engines, MultiScanLaws,
                         ::testing::Values(EngineKind::kMemory,
                                           EngineKind::kRocks),
                         EngineName);

TEST_P(MultiScanLaws, Law11SeveralRangesAreAScanOfEach) {
  RandomRanges random;
  ModelRows rows;
  ModelRows held_rows;
  std::unique_ptr<kv::Snapshot> held;
  for (int round = 0; round < 100; ++round) {
    const std::string put = random.Key();
    std::vector<kv::Effect> effects = {PutEffect(kEdges, put, "v")};
    const std::string drop = random.Key();
    if (drop != put) {
      effects.push_back(DeleteEffect(kEdges, drop));
      rows.erase(drop);
    }
    rows[put] = "v@" + std::to_string(ApplyCommits(*engine_, {effects}));
    if (random.Pick(8) == 0) {
      ASSERT_OK(engine_->Flush());
    }
    if (round % 10 == 5) {
      ASSERT_OK_AND_ASSIGN(held, engine_->OpenSnapshot());
      held_rows = rows;
    }
    for (int i = 0; i < 20; ++i) {
      const std::vector<kv::Range> ranges = random.Ranges();
      const kv::Order order =
          random.Pick(3) == 0 ? kv::Order::kDescending : kv::Order::kAscending;
      ASSERT_EQ(MultiScan(engine_->newest(), ranges, order),
                Expected(rows, ranges, order));
      if (held != nullptr) {
        ASSERT_EQ(MultiScan(*held, ranges, order),
                  Expected(held_rows, ranges, order));
      }
    }
  }
}

TEST_P(MultiScanLaws, Law11AllRangesAreOfOneMoment) {
  ApplyCommits(*engine_, {{PutEffect(kEdges, "aa1", "1"),
                           PutEffect(kEdges, "bb1", "1")}});
  const auto cursor = engine_->newest().MultiScan(
      ctx_, kEdges, {kv::Range::Prefix("aa"), kv::Range::Prefix("bb")},
      kv::Order::kAscending);
  ASSERT_TRUE(cursor->Next());
  ApplyCommits(*engine_, {{PutEffect(kEdges, "bb1", "2"),
                           PutEffect(kEdges, "bb2", "2")}});
  EXPECT_THAT(RangedRowsOf(*cursor), ElementsAre("1:bb1=1@1"));
}

TEST_P(MultiScanLaws, Law11SeekSkipsInsideOneRange) {
  std::vector<kv::Effect> effects;
  for (char key = 'a'; key <= 'z'; ++key) {
    effects.push_back(PutEffect(kFacts, std::string(1, key), "v"));
  }
  ApplyCommits(*engine_, {effects});
  const std::vector<kv::Range> ranges = {{"c", "e"}, {"x", "b"}, {"d", "n"}};
  const auto up =
      engine_->newest().MultiScan(ctx_, kFacts, ranges, kv::Order::kAscending);
  up->Seek("d");
  ASSERT_TRUE(up->Next());
  EXPECT_EQ(up->key(), "d");
  EXPECT_EQ(up->range(), 0U);
  up->Seek("k");
  up->Seek("z");
  ASSERT_TRUE(up->Next());
  EXPECT_EQ(up->key(), "d");
  EXPECT_EQ(up->range(), 2U);
  up->Seek("k");
  ASSERT_TRUE(up->Next());
  EXPECT_EQ(up->key(), "k");
  up->Seek("n");
  EXPECT_FALSE(up->Next());
  EXPECT_FALSE(up->Next());
  EXPECT_OK(up->status());

  const auto down =
      engine_->newest().MultiScan(ctx_, kFacts, ranges, kv::Order::kDescending);
  down->Seek("c");
  ASSERT_TRUE(down->Next());
  EXPECT_EQ(down->key(), "c");
  down->Seek("a");
  ASSERT_TRUE(down->Next());
  EXPECT_EQ(down->key(), "m");
  EXPECT_EQ(down->range(), 2U);
}

TEST_P(MultiScanLaws, Law11AContextEndsAScanOfRangesWithoutRows) {
  ApplyCommits(*engine_, {{PutEffect(kFacts, "b", "v")}});
  std::vector<kv::Range> ranges(1000, kv::Range::Prefix("a"));
  ranges.push_back(kv::Range::All());
  Context ended;
  ended.Cancel();
  const auto cursor = engine_->newest().MultiScan(
      ended, kFacts, std::move(ranges), kv::Order::kAscending);
  EXPECT_FALSE(cursor->Next());
  EXPECT_THAT(cursor->status(), IsError(absl::StatusCode::kCancelled,
                                        v1::ERROR_REASON_CALL_ENDED));
}

}  // namespace
}  // namespace twingraph
