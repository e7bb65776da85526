// The laws of storage/kv/README.md that are an engine's, on every engine. A
// test is named for its law.

#include "storage/kv/engine.h"

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "storage/kv/counter.h"
#include "storage/kv/history_entry.h"
#include "tests/support/kv_engines.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace twingraph {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class EngineLaws : public ::testing::TestWithParam<EngineKind> {
 protected:
  void SetUp() override { Reopen(); }

  void Reopen() {
    engine_.reset();
    engine_ = OpenTestEngine(GetParam(), dir_.path() + "/store");
    ASSERT_NE(engine_, nullptr);
  }

  std::vector<std::string> Scan(const kv::State& state, kv::SpaceId space,
                                const kv::Range& range = kv::Range::All(),
                                kv::Order order = kv::Order::kAscending) {
    return RowsOf(*state.Scan(ctx_, space, range, order));
  }

  std::string Get(const kv::State& state, kv::SpaceId space,
                  absl::string_view key) {
    const auto row = state.Get(ctx_, space, key, kv::ReadTier::kAll);
    EXPECT_OK(row);
    if (!row.ok() || !row->has_value()) {
      return "(none)";
    }
    return (*row)->value + "@" + std::to_string((*row)->revision);
  }

  // History entries of a key: "revision:kind:value@revision before".
  std::vector<std::string> History(kv::SpaceId space, absl::string_view key) {
    std::vector<std::string> entries;
    const auto cursor =
        engine_->newest().Scan(ctx_, kv::kHistorySpace,
                               kv::Range::Prefix(kv::HistoryPrefix(space, key)),
                               kv::Order::kAscending);
    while (cursor->Next()) {
      const auto decoded = kv::DecodeHistoryValue(cursor->value());
      EXPECT_OK(decoded);
      std::string text =
          std::to_string(kv::HistoryRevision(cursor->key())) + ":";
      switch (decoded->kind) {
        case kv::HistoryKind::kAbsent:
          text += "absent";
          break;
        case kv::HistoryKind::kValue:
          text += std::string(decoded->value);
          break;
        case kv::HistoryKind::kDelta:
          text += "delta " + std::to_string(decoded->delta);
          break;
      }
      entries.push_back(text + "@" + std::to_string(cursor->revision()));
    }
    EXPECT_OK(cursor->status());
    return entries;
  }

  std::vector<kv::Revision> Log(kv::Revision from) {
    std::vector<kv::Revision> firsts;
    EXPECT_OK(engine_->ReadLog(ctx_, from, [&](absl::string_view record) {
      firsts.push_back(kv::DecodeGroupHeader(record)->first_revision);
      return true;
    }));
    return firsts;
  }

  const TempDir dir_;
  Context ctx_;
  std::unique_ptr<kv::Engine> engine_;
};

INSTANTIATE_TEST_SUITE_P(Engines, EngineLaws,
                         ::testing::Values(EngineKind::kMemory,
                                           EngineKind::kRocks),
                         EngineName);

TEST_P(EngineLaws, Law1KeysAreOrderedAsUnsignedBytes) {
  const std::string zero(1, '\0');
  ApplyCommits(*engine_,
               {{PutEffect(kFacts, "\xFF", "e"), PutEffect(kFacts, "a", "c"),
                 PutEffect(kFacts, "", "a"), PutEffect(kFacts, "a" + zero, "d"),
                 PutEffect(kFacts, zero, "b")}});
  EXPECT_THAT(Scan(engine_->newest(), kFacts),
              ElementsAre("=a@1", zero + "=b@1", "a=c@1", "a" + zero + "=d@1",
                          "\xFF=e@1"));
}

TEST_P(EngineLaws, Law1SpacesAreApart) {
  ApplyCommits(*engine_,
               {{PutEffect(kFacts, "k", "f"), PutEffect(kEdges, "k", "e"),
                 PutEffect(kIndex, "k", "i")}});
  EXPECT_THAT(Scan(engine_->newest(), kFacts), ElementsAre("k=f@1"));
  EXPECT_THAT(Scan(engine_->newest(), kEdges), ElementsAre("k=e@1"));
  EXPECT_THAT(
      Scan(engine_->newest(), kIndex, kv::Range::All(), kv::Order::kDescending),
      ElementsAre("k=i@1"));
  EXPECT_THAT(Scan(engine_->newest(), kNumber), IsEmpty());
}

TEST_P(EngineLaws, Law1LargestKeyAndValueAreKept) {
  const std::string key(kv::kMaxKeyBytes, 'k');
  const std::string value(kv::kMaxValueBytes, 'v');
  ApplyCommits(*engine_, {{PutEffect(kFacts, key, value)}});
  EXPECT_EQ(Get(engine_->newest(), kFacts, key), value + "@1");
}

TEST_P(EngineLaws, Law2ASnapshotSeesItsRevisionAndNothingAfter) {
  ApplyCommits(*engine_,
               {{PutEffect(kFacts, "a", "1"), PutEffect(kFacts, "b", "1")}});
  ASSERT_OK_AND_ASSIGN(const auto snapshot, engine_->OpenSnapshot());
  ApplyCommits(*engine_,
               {{PutEffect(kFacts, "a", "2"), DeleteEffect(kFacts, "b"),
                 PutEffect(kFacts, "c", "2")}});
  EXPECT_EQ(snapshot->revision(), 1U);
  EXPECT_THAT(Scan(*snapshot, kFacts), ElementsAre("a=1@1", "b=1@1"));
  EXPECT_EQ(Get(*snapshot, kFacts, "c"), "(none)");
  ASSERT_OK_AND_ASSIGN(const auto rows,
                       snapshot->MultiGet(ctx_, kFacts, {"c", "b", "b"}));
  EXPECT_FALSE(rows[0].has_value());
  EXPECT_EQ(rows[1], (kv::Row{"1", 1}));
  EXPECT_EQ(rows[2], rows[1]);
  EXPECT_THAT(Scan(engine_->newest(), kFacts), ElementsAre("a=2@2", "c=2@2"));
}

TEST_P(EngineLaws, Law2ASnapshotHoldsWhileManyGroupsPass) {
  ApplyCommits(*engine_, {{PutEffect(kIndex, "k", "old")}});
  ASSERT_OK_AND_ASSIGN(const auto snapshot, engine_->OpenSnapshot());
  for (int i = 0; i < 50; ++i) {
    ApplyCommits(*engine_, {{DeleteEffect(kIndex, "k")},
                            {PutEffect(kIndex, "k", std::to_string(i))}});
  }
  ASSERT_OK(engine_->Flush());
  EXPECT_EQ(Get(*snapshot, kIndex, "k"), "old@1");
  EXPECT_EQ(Get(engine_->newest(), kIndex, "k"), "49@101");
}

TEST_P(EngineLaws, Law8ACursorYieldsARangeOnceInOrder) {
  ApplyCommits(*engine_,
               {{PutEffect(kEdges, "aa1", "1"), PutEffect(kEdges, "aa2", "2"),
                 PutEffect(kEdges, "ab1", "3"), PutEffect(kEdges, "b", "4")}});
  const kv::State& state = engine_->newest();
  EXPECT_THAT(Scan(state, kEdges, kv::Range::Prefix("aa")),
              ElementsAre("aa1=1@1", "aa2=2@1"));
  EXPECT_THAT(
      Scan(state, kEdges, kv::Range::Prefix("aa"), kv::Order::kDescending),
      ElementsAre("aa2=2@1", "aa1=1@1"));
  EXPECT_THAT(Scan(state, kEdges, {"aa2", "b"}),
              ElementsAre("aa2=2@1", "ab1=3@1"));
  EXPECT_THAT(Scan(state, kEdges, {"ab", ""}), ElementsAre("ab1=3@1", "b=4@1"));
  EXPECT_THAT(Scan(state, kEdges, {"b", "aa"}), IsEmpty());
  EXPECT_THAT(Scan(state, kEdges, kv::Range::Prefix("ac")), IsEmpty());
}

TEST_P(EngineLaws, Law8AScanContinuesBehindAKey) {
  ApplyCommits(*engine_,
               {{PutEffect(kFacts, "a", "1"), PutEffect(kFacts, "b", "2"),
                 PutEffect(kFacts, "c", "3")}});
  const kv::State& state = engine_->newest();
  EXPECT_THAT(Scan(state, kFacts, kv::Range::After(kv::Range::All(), "a")),
              ElementsAre("b=2@1", "c=3@1"));
  EXPECT_THAT(Scan(state, kFacts, kv::Range::Before(kv::Range::All(), "c"),
                   kv::Order::kDescending),
              ElementsAre("b=2@1", "a=1@1"));
}

TEST_P(EngineLaws, Law8SeekSkipsForwardAndNeverBack) {
  std::vector<kv::Effect> effects;
  for (char key = 'a'; key <= 'z'; ++key) {
    effects.push_back(PutEffect(kFacts, std::string(1, key), "v"));
  }
  ApplyCommits(*engine_, {effects});
  const auto up =
      engine_->newest().Scan(ctx_, kFacts, {"c", "x"}, kv::Order::kAscending);
  up->Seek("a");
  ASSERT_TRUE(up->Next());
  EXPECT_EQ(up->key(), "c");
  up->Seek("k1");
  up->Seek("d");
  ASSERT_TRUE(up->Next());
  EXPECT_EQ(up->key(), "l");
  up->Seek("b");
  ASSERT_TRUE(up->Next());
  EXPECT_EQ(up->key(), "m");
  up->Seek("y");
  up->Seek("n");
  EXPECT_FALSE(up->Next());
  EXPECT_FALSE(up->Next());

  const auto down =
      engine_->newest().Scan(ctx_, kFacts, {"c", "x"}, kv::Order::kDescending);
  down->Seek("z");
  ASSERT_TRUE(down->Next());
  EXPECT_EQ(down->key(), "w");
  down->Seek("k1");
  down->Seek("q");
  ASSERT_TRUE(down->Next());
  EXPECT_EQ(down->key(), "k");
  down->Seek("i");
  ASSERT_TRUE(down->Next());
  EXPECT_EQ(down->key(), "i");
  down->Seek("a");
  EXPECT_FALSE(down->Next());
  EXPECT_OK(down->status());
}

TEST_P(EngineLaws, Law9AViewLivesUntilTheNextCallOnItsCursor) {
  ApplyCommits(*engine_, {{PutEffect(kFacts, "a", std::string(5000, '1')),
                           PutEffect(kFacts, "b", "2")}});
  const auto cursor = engine_->newest().Scan(ctx_, kFacts, kv::Range::All(),
                                             kv::Order::kAscending);
  ASSERT_TRUE(cursor->Next());
  const absl::string_view value = cursor->value();
  ApplyCommits(*engine_,
               {{PutEffect(kFacts, "a", "new"), DeleteEffect(kFacts, "b")}});
  ASSERT_OK(engine_->Flush());
  EXPECT_EQ(value, std::string(5000, '1'));
  ASSERT_TRUE(cursor->Next());
  EXPECT_EQ(cursor->value(), "2");
}

TEST_P(EngineLaws, Law10AContextEndsAScan) {
  std::vector<kv::Effect> effects;
  for (int i = 0; i < 1000; ++i) {
    effects.push_back(PutEffect(kFacts, std::to_string(i), "v"));
  }
  ApplyCommits(*engine_, {effects});
  Context ended;
  ended.Cancel();
  const auto cursor = engine_->newest().Scan(ended, kFacts, kv::Range::All(),
                                             kv::Order::kAscending);
  int rows = 0;
  while (cursor->Next()) {
    ++rows;
  }
  EXPECT_LT(rows, 100);
  EXPECT_THAT(cursor->status(), IsError(absl::StatusCode::kCancelled,
                                        v1::ERROR_REASON_CALL_ENDED));
}

TEST_P(EngineLaws, Law10ReadersRunBesideApplyAndSeeGroupsWhole) {
  std::atomic<bool> is_done{false};
  std::atomic<int> torn{0};
  const auto read = [&] {
    while (!is_done.load()) {
      const auto snapshot = engine_->OpenSnapshot();
      ASSERT_OK(snapshot);
      const auto rows = (*snapshot)->MultiGet(ctx_, kFacts, {"a", "b"});
      ASSERT_OK(rows);
      const bool is_whole = (*rows)[0].has_value() == (*rows)[1].has_value() &&
                            (!(*rows)[0].has_value() ||
                             ((*rows)[0]->value == (*rows)[1]->value &&
                              (*rows)[1]->revision == (*snapshot)->revision()));
      torn += is_whole ? 0 : 1;
    }
  };
  std::thread first(read);
  std::thread second(read);
  for (int i = 0; i < 300; ++i) {
    ApplyCommits(*engine_, {{PutEffect(kFacts, "a", std::to_string(i))},
                            {PutEffect(kFacts, "b", std::to_string(i))}});
  }
  is_done = true;
  first.join();
  second.join();
  EXPECT_EQ(torn.load(), 0);
}

TEST_P(EngineLaws, LawAApplyIsConditionalOnTheHead) {
  const kv::EngineHead empty = engine_->head();
  const kv::EncodedGroup first =
      MakeGroup(empty, {{PutEffect(kFacts, "a", "1")}});
  const kv::EncodedGroup rival =
      MakeGroup(empty, {{PutEffect(kFacts, "a", "2")}});
  ASSERT_OK_AND_ASSIGN(kv::ApplyResult result,
                       engine_->Apply(first, kv::Durability::kFsync));
  EXPECT_EQ(result.outcome, kv::ApplyOutcome::kApplied);
  EXPECT_EQ(result.head, 1U);
  ASSERT_OK_AND_ASSIGN(result, engine_->Apply(rival, kv::Durability::kFsync));
  EXPECT_EQ(result.outcome, kv::ApplyOutcome::kHeadMoved);
  EXPECT_EQ(result.head, 1U);
  EXPECT_EQ(Get(engine_->newest(), kFacts, "a"), "1@1");
  EXPECT_THAT(Log(1), ElementsAre(1));
}

TEST_P(EngineLaws, LawCSendingAGroupAgainIsHarmless) {
  const kv::EncodedGroup first =
      MakeGroup(engine_->head(), {{IncrementEffect(kCounter, "n", 5)}});
  ASSERT_OK(engine_->Apply(first, kv::Durability::kOs));
  ASSERT_OK_AND_ASSIGN(kv::ApplyResult result,
                       engine_->Apply(first, kv::Durability::kOs));
  EXPECT_EQ(result.outcome, kv::ApplyOutcome::kApplied);
  ApplyCommits(*engine_, {{IncrementEffect(kCounter, "n", 1)}});
  ASSERT_OK_AND_ASSIGN(result, engine_->Apply(first, kv::Durability::kOs));
  EXPECT_EQ(result.outcome, kv::ApplyOutcome::kHeadMoved);
  EXPECT_EQ(Get(engine_->newest(), kCounter, "n"), kv::EncodeCounter(6) + "@2");
}

TEST_P(EngineLaws, AGroupOfAnotherHistoryIsDataLoss) {
  ApplyCommits(*engine_, {{PutEffect(kFacts, "a", "1")}});
  kv::EngineHead other = engine_->head();
  other.record_hash ^= 1;
  EXPECT_THAT(
      engine_->Apply(MakeGroup(other, {{PutEffect(kFacts, "a", "2")}}),
                     kv::Durability::kOs),
      IsError(absl::StatusCode::kDataLoss, v1::ERROR_REASON_STORE_CORRUPT));
  EXPECT_EQ(Get(engine_->newest(), kFacts, "a"), "1@1");
}

TEST_P(EngineLaws, AGroupThatCannotBeAppliedLeavesNothing) {
  ApplyCommits(*engine_, {{PutEffect(kFacts, "text", "x")}});
  EXPECT_THAT(
      engine_->Apply(
          MakeGroup(engine_->head(), {{PutEffect(kFacts, "a", "1")},
                                      {IncrementEffect(kFacts, "text", 1)}}),
          kv::Durability::kOs),
      IsError(absl::StatusCode::kDataLoss, v1::ERROR_REASON_STORE_CORRUPT));
  EXPECT_EQ(engine_->head().revision, 1U);
  EXPECT_EQ(Get(engine_->newest(), kFacts, "a"), "(none)");
  EXPECT_THAT(Log(1), ElementsAre(1));
}

TEST_P(EngineLaws, EachCommitOfAGroupHasItsRevisionAndHistory) {
  ApplyCommits(*engine_, {{PutEffect(kFacts, "k", "1")},
                          {PutEffect(kFacts, "k", "2")},
                          {DeleteEffect(kFacts, "k")},
                          {PutEffect(kFacts, "k", "4")},
                          {TouchEffect(kFacts, "k")}});
  EXPECT_EQ(engine_->head().revision, 5U);
  EXPECT_EQ(Get(engine_->newest(), kFacts, "k"), "4@4");
  EXPECT_THAT(History(kFacts, "k"),
              ElementsAre("1:absent@0", "2:1@1", "3:2@2", "4:absent@0"));
}

TEST_P(EngineLaws, OnlySpacesThatKeepHistoryHaveIt) {
  ApplyCommits(*engine_, {{PutEffect(kIndex, "k", "1")},
                          {DeleteEffect(kIndex, "k"),
                           DeleteEffect(kFacts, "never there")}});
  EXPECT_THAT(History(kIndex, "k"), IsEmpty());
  EXPECT_THAT(History(kFacts, "never there"), IsEmpty());
}

TEST_P(EngineLaws, AnIncrementKeepsItsDeltaAsHistory) {
  ApplyCommits(*engine_, {{IncrementEffect(kCounter, "n", 5)},
                          {IncrementEffect(kCounter, "n", -7)}});
  ApplyCommits(*engine_, {{IncrementEffect(kCounter, "n", 1)}});
  EXPECT_EQ(Get(engine_->newest(), kCounter, "n"),
            kv::EncodeCounter(-1) + "@3");
  EXPECT_THAT(History(kCounter, "n"),
              ElementsAre("1:absent@0", "2:delta -7@1", "3:delta 1@2"));
}

TEST_P(EngineLaws, TheLogIsReadFromAnyRevision) {
  ApplyCommits(*engine_,
               {{TouchEffect(kFacts, "a")}, {TouchEffect(kFacts, "b")}});
  ApplyCommits(*engine_, {{TouchEffect(kFacts, "c")}}, /*gap=*/10);
  ApplyCommits(*engine_, {{TouchEffect(kFacts, "d")}});
  EXPECT_THAT(Log(0), ElementsAre(1, 13, 14));
  EXPECT_THAT(Log(2), ElementsAre(1, 13, 14));
  EXPECT_THAT(Log(3), ElementsAre(13, 14));
  EXPECT_THAT(Log(14), ElementsAre(14));
  EXPECT_THAT(Log(15), IsEmpty());
}

TEST_P(EngineLaws, TrimDropsWhatOnlyOlderReadersNeed) {
  for (int i = 0; i < 6; ++i) {
    ApplyCommits(*engine_, {{PutEffect(kFacts, "k", std::to_string(i))}});
  }
  ASSERT_OK(engine_->Trim(4));
  ASSERT_OK(engine_->Compact(ctx_));
  EXPECT_THAT(History(kFacts, "k"), ElementsAre("5:3@4", "6:4@5"));
  EXPECT_THAT(Log(0), ElementsAre(4, 5, 6));
  EXPECT_EQ(Get(engine_->newest(), kFacts, "k"), "5@6");
}

TEST_P(EngineLaws, LawDVerifyFindsAStoreAsItWasWrittenWhole) {
  const auto expect_whole = [this] {
    const auto damages = engine_->Verify(Context());
    ASSERT_OK(damages);
    EXPECT_TRUE(damages->empty());
  };
  expect_whole();
  for (int i = 0; i < 30; ++i) {
    ApplyCommits(*engine_,
                 {{PutEffect(kFacts, "k", std::string(1000, 'v')),
                   PutEffect(kEdges, "abk", "e"), DeleteEffect(kIndex, "k")}});
    if (i % 10 == 0) {
      ASSERT_OK(engine_->Flush());
      expect_whole();
    }
  }
  ASSERT_OK(engine_->Trim(20));
  ASSERT_OK(engine_->Compact(Context()));
  expect_whole();
  Context ended;
  ended.Cancel();
  EXPECT_THAT(engine_->Verify(ended), IsError(absl::StatusCode::kCancelled,
                                              v1::ERROR_REASON_CALL_ENDED));
}

TEST_P(EngineLaws, ACacheOnlyReadAnswersFromMemory) {
  ApplyCommits(*engine_, {{PutEffect(kFacts, "k", "1")}});
  const auto row =
      engine_->newest().Get(ctx_, kFacts, "k", kv::ReadTier::kCacheOnly);
  ASSERT_OK(row);
  EXPECT_EQ(*row, (kv::Row{"1", 1}));
}

}  // namespace
}  // namespace twingraph
