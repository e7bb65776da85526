#include "storage/graph/record_cache.h"

#include <map>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

#include "storage/key/key_space.h"
#include "storage/key/twin_key.h"

namespace twingraph::graph {
namespace {

using Rows = std::map<Revision, std::optional<std::string>>;

// All that twins ever were, fed to a cache commit by commit.
class Twins {
 public:
  explicit Twins(RecordCache& cache) : cache_(cache) {}

  // nullopt deletes.
  void Commit(uint64_t twin, std::optional<std::string> value) {
    kv::Effect effect;
    effect.space = key::kTwinSpace;
    effect.key = key::EncodeTwinKey(TwinNumber{twin});
    effect.op = value.has_value() ? kv::EffectOp::kPut : kv::EffectOp::kDelete;
    effect.value = value.value_or("");
    kv::GroupRecord record;
    record.previous_revision = head_;
    record.first_revision = ++head_;
    record.commits.emplace_back();
    record.commits[0].effects.push_back(std::move(effect));
    rows_[twin][head_] = std::move(value);
    cache_.Apply(commit::GroupView{record});
  }

  std::optional<kv::Row> At(uint64_t twin, Revision revision) const {
    const auto found = rows_.find(twin);
    if (found == rows_.end()) {
      return std::nullopt;
    }
    auto next = found->second.upper_bound(revision);
    if (next == found->second.begin() || !std::prev(next)->second) {
      return std::nullopt;
    }
    return kv::Row{*std::prev(next)->second, std::prev(next)->first};
  }

  // Reads as a reader does. Returns whether memory knew.
  bool Read(uint64_t twin, Revision revision) {
    const std::optional<kv::Row> stored = At(twin, revision);
    const auto known = cache_.Find(TwinNumber{twin}, revision);
    if (known.has_value()) {
      EXPECT_EQ(known, stored) << "twin " << twin << " at " << revision;
      return true;
    }
    if (stored.has_value()) {
      cache_.Keep(TwinNumber{twin}, revision, *stored);
    }
    return false;
  }

  Revision head() const { return head_; }

 private:
  RecordCache& cache_;
  std::map<uint64_t, Rows> rows_;
  Revision head_ = 0;
};

TEST(RecordCacheTest, AgreesWithTheStoreAtEveryRevision) {
  constexpr size_t kLimit = 64 << 10;
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    RecordCache cache;
    cache.SetLimit(kLimit);
    Twins twins(cache);
    std::mt19937_64 random(seed);
    int known = 0;
    for (int step = 0; step < 20'000; ++step) {
      const uint64_t twin = random() % 300;
      if (random() % 4 == 0) {
        std::optional<std::string> value;
        if (random() % 8 != 0) {
          value = std::string(random() % 300, static_cast<char>(random()));
        }
        twins.Commit(twin, std::move(value));
      } else {
        const Revision back =
            random() % 2 == 0 ? 0 : random() % (twins.head() + 1);
        known += twins.Read(twin, twins.head() - back) ? 1 : 0;
      }
      ASSERT_LE(cache.bytes(), kLimit);
    }
    EXPECT_GT(known, 2000);
  }
}

TEST(RecordCacheTest, FollowsChangesOfWhatItHolds) {
  RecordCache cache;
  cache.SetLimit(1 << 20);
  Twins twins(cache);
  twins.Commit(7, "first");
  EXPECT_FALSE(twins.Read(7, 1));
  EXPECT_TRUE(twins.Read(7, 1));
  twins.Commit(7, "second");
  EXPECT_TRUE(twins.Read(7, 2));
  EXPECT_FALSE(twins.Read(7, 1)) << "of before the change";
  EXPECT_TRUE(twins.Read(7, 2)) << "an old read took its place";
  twins.Commit(7, std::nullopt);
  EXPECT_FALSE(twins.Read(7, 3));
  EXPECT_EQ(cache.bytes(), 0U);
}

TEST(RecordCacheTest, WhatIsReadOftenStays) {
  RecordCache cache;
  cache.SetLimit(256 << 10);
  Twins twins(cache);
  for (uint64_t twin = 0; twin < 5000; ++twin) {
    twins.Commit(twin, std::string(200, 'x'));
  }
  const Revision head = twins.head();
  int hot = 0;
  for (uint64_t round = 0; round < 20; ++round) {
    for (uint64_t twin = 0; twin < 100; ++twin) {
      hot += twins.Read(twin, head) ? 1 : 0;
    }
    for (uint64_t twin = 0; twin < 250; ++twin) {
      twins.Read(100 + (round * 250 + twin) % 4900, head);
    }
  }
  EXPECT_GT(hot, 20 * 100 * 8 / 10);
}

TEST(RecordCacheTest, WithoutALimitItHoldsNothing) {
  RecordCache cache;
  Twins twins(cache);
  twins.Commit(1, "x");
  EXPECT_FALSE(twins.Read(1, 1));
  EXPECT_FALSE(twins.Read(1, 1));
  EXPECT_EQ(cache.bytes(), 0U);
}

TEST(RecordCacheTest, ManyThatComeAndGoLeaveNoTrace) {
  RecordCache cache;
  cache.SetLimit(1 << 20);
  Twins twins(cache);
  for (uint64_t twin = 0; twin < 20'000; ++twin) {
    twins.Commit(twin, "x");
    twins.Read(twin, twins.head());
    twins.Commit(twin, std::nullopt);
  }
  EXPECT_EQ(cache.bytes(), 0U);
}

}  // namespace
}  // namespace twingraph::graph
