// The committer against engines that answer wrongly, and against many callers
// at once.

#include "storage/commit/committer.h"

#include <atomic>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/synchronization/notification.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "storage/commit/store.h"
#include "storage/kv/counter.h"
#include "tests/support/fake_clock.h"
#include "tests/support/kv_engines.h"
#include "tests/support/lying_engine.h"
#include "tests/support/read_and_write.h"
#include "tests/support/status_matchers.h"

namespace twingraph::commit {
namespace {

// Remembers what it was given.
class Recorder final : public Follower {
 public:
  absl::Status Load(const Context& /*ctx*/, const Reader& reader) override {
    last_ = reader.revision();
    return absl::OkStatus();
  }

  void Apply(const GroupView& group) override {
    applied_by_ = std::this_thread::get_id();
    in_order_ = in_order_ && group.record.previous_revision == last_;
    last_ = group.record.last_revision();
    for (const kv::Commit& commit : group.record.commits) {
      for (const kv::Effect& effect : commit.effects) {
        if (effect.op == kv::EffectOp::kIncrement) {
          sum_ += effect.delta;
        }
      }
    }
  }

  bool in_order() const { return in_order_; }

  kv::Revision last() const { return last_; }

  int64_t sum() const { return sum_; }

  std::thread::id applied_by() const { return applied_by_; }

 private:
  bool in_order_ = true;
  kv::Revision last_ = 0;
  int64_t sum_ = 0;
  std::thread::id applied_by_;
};

class CommitterTest : public ::testing::Test {
 protected:
  void SetUp() override { Open(1); }

  void Open(uint64_t seed) {
    store_.reset();
    recorder_ = std::make_unique<Recorder>();
    auto engine = std::make_unique<LyingEngine>(
        OpenTestEngine(EngineKind::kMemory, ""), seed);
    engine_ = engine.get();
    engine_->SetRival(PutEffect(kFacts, "rival", "r"));
    options_.clock = &clock_;
    options_.maintenance_interval = absl::ZeroDuration();
    ASSERT_OK_AND_ASSIGN(store_, Store::Open(ctx_, std::move(engine), options_,
                                             {recorder_.get()}));
  }

  absl::StatusOr<CommitInfo> Increment(absl::string_view key) {
    return store_->RunTransaction(ctx_, {}, [&](Transaction& tx) {
      return tx.Increment(kCounter, key, 1);
    });
  }

  absl::StatusOr<CommitInfo> ReadAndWrite(absl::string_view key) {
    return store_->RunTransaction(ctx_, {}, [&](Transaction& tx) {
      return commit::ReadAndWrite(ctx_, key, tx);
    });
  }

  int64_t Number(kv::SpaceId space, absl::string_view key) {
    const auto row = store_->Newest()->Get(ctx_, space, key);
    EXPECT_OK(row);
    return row.ok() && row->has_value() ? *kv::DecodeCounter((*row)->value) : 0;
  }

  Context ctx_;
  FakeClock clock_;
  StoreOptions options_;
  std::unique_ptr<Recorder> recorder_;
  LyingEngine* engine_ = nullptr;
  std::unique_ptr<Store> store_;
};

TEST_F(CommitterTest, LawCLostRepliesAreSettledBySendingAgain) {
  for (const uint64_t seed : {1, 2, 3, 4}) {
    Open(seed);
    engine_->SetLies({.lost_reply_stored = 20, .lost_reply_not_stored = 20});
    int committed = 0;
    int unknown = 0;
    for (int i = 0; i < 200; ++i) {
      const auto info = Increment("n");
      committed += info.ok() ? 1 : 0;
      unknown += info.ok() ? 0 : 1;
      if (!info.ok()) {
        EXPECT_THAT(ReasonOf(info.status()),
                    ::testing::AnyOf(v1::ERROR_REASON_OUTCOME_UNKNOWN,
                                     v1::ERROR_REASON_STORE_UNAVAILABLE));
      }
    }
    engine_->SetLies({});
    ASSERT_OK(Increment("n"));
    ++committed;
    EXPECT_GE(Number(kCounter, "n"), committed);
    EXPECT_LE(Number(kCounter, "n"), committed + unknown);
    EXPECT_EQ(recorder_->sum(), Number(kCounter, "n"));
    EXPECT_TRUE(recorder_->in_order());
    EXPECT_EQ(recorder_->last(), engine_->head().revision);
  }
}

TEST_F(CommitterTest, LawBARivalThatComesFirstIsTakenInAndRevisionsMove) {
  for (const uint64_t seed : {1, 2, 3, 4}) {
    Open(seed);
    engine_->SetLies({.lost_reply_stored = 10,
                      .lost_reply_not_stored = 5,
                      .rival_first = 30,
                      .false_head_moved = 5});
    kv::Revision last = 0;
    int committed = 0;
    int unknown = 0;
    for (int i = 0; i < 200; ++i) {
      const auto info = ReadAndWrite("mine");
      if (info.ok()) {
        EXPECT_GT(info->revision, last);
        last = info->revision;
        ++committed;
      } else {
        ++unknown;
      }
    }
    engine_->SetLies({});
    ASSERT_OK(ReadAndWrite("mine"));
    EXPECT_GT(engine_->rival_groups(), 10);
    EXPECT_GE(Number(kFacts, "mine"), committed + 1);
    EXPECT_LE(Number(kFacts, "mine"), committed + 1 + unknown);
    EXPECT_TRUE(recorder_->in_order());
    EXPECT_EQ(recorder_->last(), engine_->head().revision);
  }
}

TEST_F(CommitterTest, LawBARivalsWriteConflictsWithAReadForUpdate) {
  engine_->SetRival(PutEffect(kFacts, "guard", "taken"));
  int runs = 0;
  ASSERT_OK(
      store_->RunTransaction(ctx_, {}, [&](Transaction& tx) -> absl::Status {
        const auto row = tx.GetForUpdate(ctx_, kFacts, "guard");
        EXPECT_OK(row);
        if (++runs == 1) {
          EXPECT_FALSE(row->has_value());
          engine_->CommitAsRival();
        } else {
          EXPECT_EQ((*row)->value, "taken");
        }
        return tx.Put(kFacts, "other", row->has_value() ? "late" : "early");
      }));
  EXPECT_EQ(runs, 2);
  const auto row = store_->Newest()->Get(ctx_, kFacts, "other");
  EXPECT_EQ((*row)->value, "late");
}

TEST_F(CommitterTest, NumbersOfARivalAreNeverGivenOut) {
  const auto take = [&] {
    uint64_t first = 0;
    EXPECT_OK(
        store_->RunTransaction(ctx_, {}, [&](Transaction& tx) -> absl::Status {
          const auto number = tx.ReserveNumbers(ctx_, kNumber, "ids", 1);
          if (!number.ok()) {
            return number.status();
          }
          first = *number;
          return tx.Put(kFacts, absl::StrCat("twin", first), "x");
        }));
    return first;
  };
  EXPECT_EQ(take(), 1U);
  engine_->SetRival(PutEffect(kNumber, "ids", kv::EncodeCounter(5000)));
  engine_->CommitAsRival();
  // The first try uses a number below the rival's limit and must not commit.
  EXPECT_GT(take(), 5000U);
}

TEST_F(CommitterTest, ARepeatedRequestStaysInDoubtUntilItIsSettled) {
  const auto increment = [&](const std::string& request_id) {
    return store_
        ->RunTransaction(
            ctx_, {.request_id = request_id},
            [](Transaction& tx) { return tx.Increment(kCounter, "n", 1); })
        .status();
  };
  const auto unknown =
      IsError(absl::StatusCode::kUnknown, v1::ERROR_REASON_OUTCOME_UNKNOWN);
  for (const bool is_stored : {false, true}) {
    Open(1);
    engine_->SetUnknown(true, is_stored);
    EXPECT_THAT(increment("a"), unknown);
    EXPECT_THAT(increment("a"), unknown);
    // Nothing of this one was sent.
    EXPECT_THAT(increment("b"), IsError(absl::StatusCode::kUnavailable,
                                        v1::ERROR_REASON_STORE_UNAVAILABLE));
    engine_->SetUnknown(false, false);
    EXPECT_OK(increment("a"));
    EXPECT_EQ(Number(kCounter, "n"), 1);
  }
}

TEST_F(CommitterTest, Law7AnOutcomeThatStaysUnknownSaysSoAndIsSettledLater) {
  for (const bool is_stored : {false, true}) {
    Open(1);
    engine_->SetUnknown(true, is_stored);
    EXPECT_THAT(Increment("n"), IsError(absl::StatusCode::kUnknown,
                                        v1::ERROR_REASON_OUTCOME_UNKNOWN));
    EXPECT_THAT(Increment("n"), IsError(absl::StatusCode::kUnavailable,
                                        v1::ERROR_REASON_STORE_UNAVAILABLE));
    // Readers do not see what is not settled.
    EXPECT_EQ(Number(kCounter, "n"), 0);
    const auto reader = store_->OpenSnapshot(ctx_);
    ASSERT_OK(reader);
    EXPECT_THAT(RowsOf(*(*reader)->Scan(ctx_, kCounter, kv::Range::All())),
                ::testing::IsEmpty());
    engine_->SetUnknown(false, false);
    ASSERT_OK(Increment("n"));
    // Sent again under the same condition, the first one got in.
    EXPECT_EQ(Number(kCounter, "n"), 2);
    EXPECT_EQ(recorder_->sum(), 2);
  }
}

TEST_F(CommitterTest, LawCMaintenanceSettlesWhatIsOpen) {
  engine_->SetUnknown(true, /*is_stored=*/true);
  EXPECT_FALSE(Increment("n").ok());
  EXPECT_FALSE(store_->Maintain(ctx_).ok());
  EXPECT_EQ(Number(kCounter, "n"), 0);
  engine_->SetUnknown(false, false);
  ASSERT_OK(store_->Maintain(ctx_));
  EXPECT_EQ(Number(kCounter, "n"), 1);
}

TEST_F(CommitterTest, AFullDiskRefusesAllButWhatFreesSpace) {
  ASSERT_OK(Increment("n"));
  engine_->SetFull(MakeError(absl::StatusCode::kResourceExhausted,
                             v1::ERROR_REASON_STORE_FULL, "full"));
  EXPECT_THAT(Increment("n"), IsError(absl::StatusCode::kResourceExhausted,
                                      v1::ERROR_REASON_STORE_FULL));
  EXPECT_EQ(Number(kCounter, "n"), 1);
  ASSERT_OK(store_->TrimBefore(ctx_, store_->head()->revision));
  EXPECT_GT(store_->OldestRevision(), 0U);
  engine_->SetFull(absl::OkStatus());
  EXPECT_OK(Increment("n"));
}

TEST_F(CommitterTest, ADamagedRowFailsItsOwnCommitsOnly) {
  constexpr int kEach = 50;
  engine_->SetDamaged("bad");
  std::vector<std::thread> threads;
  std::atomic<int> good{0};
  std::atomic<int> bad{0};
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      for (int n = 0; n < kEach; ++n) {
        if (i > 0) {
          good += Increment(absl::StrCat("n", i)).ok() ? 1 : 0;
        } else {
          bad += absl::IsDataLoss(Increment("bad").status()) ? 1 : 0;
        }
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(good.load(), 3 * kEach);
  EXPECT_EQ(bad.load(), kEach);
  EXPECT_EQ(Number(kCounter, "n1"), kEach);
}

// Groups that were acknowledged are gone, and a rival may have written as many
// in their place, fewer or more: by number the store may not notice.
TEST_F(CommitterTest, ALostSuffixStopsTheStoreLoudly) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    Open(seed);
    std::mt19937_64 random(seed);
    std::atomic<bool> is_lost{false};
    std::atomic<int> good{0};
    std::atomic<int> stopped{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        for (int n = 0; n < 40 || !is_lost; ++n) {
          const bool was_lost = is_lost;
          const auto info = Increment("n");
          if (info.ok()) {
            // One that was on its way may have come before.
            good += was_lost ? 1 : 0;
          } else {
            EXPECT_THAT(info, IsError(absl::StatusCode::kDataLoss,
                                      v1::ERROR_REASON_STORE_CORRUPT));
            ++stopped;
          }
        }
      });
    }
    while (store_->head()->revision < 10) {
      std::this_thread::yield();
    }
    engine_->LoseNewest(1 + random() % 3, static_cast<int>(random() % 5),
                        OpenTestEngine(EngineKind::kMemory, ""));
    while (stopped == 0) {
      std::this_thread::yield();
    }
    is_lost = true;
    for (std::thread& thread : threads) {
      thread.join();
    }
    EXPECT_EQ(good.load(), 0) << "seed " << seed;
    EXPECT_THAT(Increment("n"), IsError(absl::StatusCode::kDataLoss,
                                        v1::ERROR_REASON_STORE_CORRUPT));
  }
}

TEST_F(CommitterTest, ManyCallersOnOneCounterLoseNothing) {
  constexpr int kThreads = 8;
  constexpr int kEach = 100;
  std::vector<std::thread> threads;
  std::atomic<int> failed{0};
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < kEach; ++n) {
        failed += Increment("n").ok() ? 0 : 1;
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(failed.load(), 0);
  EXPECT_EQ(Number(kCounter, "n"), kThreads * kEach);
  EXPECT_EQ(recorder_->sum(), kThreads * kEach);
}

TEST_F(CommitterTest, ManyCallersThatConflictAllGetThrough) {
  constexpr int kThreads = 8;
  constexpr int kEach = 50;
  std::vector<std::thread> threads;
  std::atomic<int> failed{0};
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < kEach; ++n) {
        failed += ReadAndWrite("hot").ok() ? 0 : 1;
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(failed.load(), 0);
  EXPECT_EQ(Number(kFacts, "hot"), kThreads * kEach);
  EXPECT_TRUE(recorder_->in_order());
}

// Creating an edge touches the guards of both ends; deleting a node reads its
// guard for update. Whatever the order, no edge may be left without its node.
TEST_F(CommitterTest, GuardRacesLeaveNoOrphan) {
  constexpr int kNodes = 6;
  constexpr int kSteps = 150;
  const auto node = [](uint64_t i) { return absl::StrCat("node", i); };
  const auto run = [&](uint64_t seed) {
    std::mt19937_64 random(seed);
    for (int step = 0; step < kSteps; ++step) {
      const std::string a = node(random() % kNodes);
      const std::string b = node(random() % kNodes);
      const uint64_t what = random() % 3;
      const auto info = store_->RunTransaction(
          ctx_, {}, [&](Transaction& tx) -> absl::Status {
            if (what == 0) {
              return tx.Put(kFacts, a, "alive");
            }
            if (what == 1) {
              for (const std::string& end : {a, b}) {
                const auto row = tx.Get(ctx_, kFacts, end);
                if (!row.ok() || !row->has_value()) {
                  return row.status();
                }
              }
              for (const std::string& end : {a, b}) {
                EXPECT_OK(tx.Touch(kIndex, "guard/" + end));
                // Deletion is written to the node, so reading it for update
                // here is the other half of the guard.
                EXPECT_OK(tx.GetForUpdate(ctx_, kFacts, end));
              }
              return tx.Put(kIndex, absl::StrCat("edge/", a, "/", b), "");
            }
            EXPECT_OK(tx.GetForUpdate(ctx_, kIndex, "guard/" + a));
            const auto edges = tx.Scan(ctx_, kIndex, kv::Range::Prefix("edge"));
            while (edges->Next()) {
              const std::string key(edges->key());
              if (absl::StrContains(key, a)) {
                EXPECT_OK(tx.Delete(kIndex, key));
              }
            }
            return tx.Delete(kFacts, a);
          });
      EXPECT_OK(info);
    }
  };
  std::vector<std::thread> threads;
  for (uint64_t i = 0; i < 4; ++i) {
    threads.emplace_back(run, i + 1);
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  const auto reader = store_->OpenSnapshot(ctx_);
  ASSERT_OK(reader);
  const auto edges = (*reader)->Scan(ctx_, kIndex, kv::Range::Prefix("edge/"));
  while (edges->Next()) {
    const std::vector<std::string> parts =
        absl::StrSplit(std::string(edges->key()), '/');
    for (const size_t end : {1, 2}) {
      const auto row = (*reader)->Get(ctx_, kFacts, parts[end]);
      ASSERT_OK(row);
      EXPECT_TRUE(row->has_value()) << "orphan " << edges->key();
    }
  }
}

// A rival commits in each run for as long as it can: where the function runs
// inside the committer it cannot.
TEST_F(CommitterTest, Law6AFunctionThatConflictsOftenRunsInsideTheCommitter) {
  constexpr int kMostRivals = 10;
  int runs = 0;
  std::vector<std::thread> rivals;
  ASSERT_OK(
      store_->RunTransaction(ctx_, {}, [&](Transaction& tx) -> absl::Status {
        const auto row = tx.GetForUpdate(ctx_, kFacts, "k");
        EXPECT_OK(row);
        if (++runs <= kMostRivals) {
          absl::Notification committed;
          rivals.emplace_back([&, run = runs] {
            EXPECT_OK(store_->RunTransaction(ctx_, {}, [&](Transaction& rival) {
              return rival.Put(kFacts, "k", absl::StrCat(run));
            }));
            if (run <= options_.optimistic_attempts) {
              committed.Notify();
            }
          });
          // In the committer's own run there is nobody to wait for.
          committed.WaitForNotificationWithTimeout(
              runs <= options_.optimistic_attempts ? absl::InfiniteDuration()
                                                   : absl::Milliseconds(100));
        }
        return tx.Put(kFacts, "k",
                      row->has_value() ? (*row)->value + "+" : "none");
      }));
  for (std::thread& rival : rivals) {
    rival.join();
  }
  EXPECT_EQ(runs, options_.optimistic_attempts + 1);
}

TEST_F(CommitterTest, ATrimThatFailedIsTriedAgain) {
  ASSERT_OK(Increment("n"));
  ASSERT_OK(Increment("n"));
  const kv::Revision floor = store_->head()->revision;
  engine_->SetUnknown(/*is_unknown=*/true, /*is_stored=*/false);
  EXPECT_THAT(
      store_->TrimBefore(ctx_, floor),
      IsError(absl::StatusCode::kUnknown, v1::ERROR_REASON_OUTCOME_UNKNOWN));
  engine_->SetUnknown(/*is_unknown=*/false, /*is_stored=*/false);
  // Settles what is open, without its own commit.
  ASSERT_OK(Increment("n"));
  const auto commits = store_->head()->revision;
  ASSERT_OK(store_->TrimBefore(ctx_, floor));
  EXPECT_GT(store_->head()->revision, commits);
  EXPECT_EQ(engine_->trimmed(), floor);
}

TEST_F(CommitterTest, ALoneCallerCommitsOnItsOwnThread) {
  ASSERT_OK(Increment("n"));
  EXPECT_EQ(recorder_->applied_by(), std::this_thread::get_id());
}

TEST_F(CommitterTest, NoTimeMeansARevisionWhileAnOutcomeIsOpen) {
  ASSERT_OK(Increment("n"));
  const kv::Revision before = store_->head()->revision;
  const absl::Time earlier = clock_.Now();
  clock_.Advance(absl::Seconds(1));
  engine_->SetUnknown(/*is_unknown=*/true, /*is_stored=*/true);
  EXPECT_THAT(Increment("n"), IsError(absl::StatusCode::kUnknown,
                                      v1::ERROR_REASON_OUTCOME_UNKNOWN));
  const absl::Time now = clock_.Now();
  EXPECT_THAT(store_->RevisionAt(ctx_, now),
              IsError(absl::StatusCode::kUnavailable,
                      v1::ERROR_REASON_STORE_UNAVAILABLE));
  engine_->SetUnknown(/*is_unknown=*/false, /*is_stored=*/false);
  EXPECT_EQ(*store_->RevisionAt(ctx_, now), before + 1);
  EXPECT_EQ(*store_->RevisionAt(ctx_, earlier), before);
}

}  // namespace
}  // namespace twingraph::commit
