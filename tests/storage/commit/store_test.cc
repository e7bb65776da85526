// What a store promises as a whole: heads, readers, followers, epochs, request
// ids, retention, the log.

#include "storage/commit/store.h"

#include <atomic>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "storage/base/log.h"
#include "storage/commit/token.h"
#include "storage/kv/counter.h"
#include "tests/support/fake_clock.h"
#include "tests/support/kv_engines.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace twingraph::commit {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Publishes the keys put so far, as one text.
class KeyList final : public Follower {
 public:
  absl::Status Load(const Context& ctx, const Reader& reader) override {
    keys_.clear();
    const auto cursor = reader.Scan(ctx, kFacts, kv::Range::All());
    while (cursor->Next()) {
      keys_ += std::string(cursor->key());
    }
    return cursor->status();
  }

  void Apply(const GroupView& group) override {
    for (const kv::Commit& commit : group.record.commits) {
      for (const kv::Effect& effect : commit.effects) {
        if (effect.space == kFacts) {
          keys_ += effect.key;
        }
      }
    }
  }

  std::shared_ptr<const void> Version() const override {
    return std::make_shared<const std::string>(keys_);
  }

 private:
  std::string keys_;
};

class StoreTest : public ::testing::TestWithParam<EngineKind> {
 protected:
  void SetUp() override {
    options_.clock = &clock_;
    options_.maintenance_interval = absl::ZeroDuration();
    Open();
  }

  void Open(std::vector<Follower*> followers = {}) {
    store_.reset();
    ASSERT_OK_AND_ASSIGN(
        store_, Store::Open(ctx_, OpenTestEngine(GetParam(), directory()),
                            options_, std::move(followers)));
  }

  std::string directory() const { return dir_.path() + "/store"; }

  kv::Revision Put(absl::string_view key, absl::string_view value) {
    const auto info = store_->RunTransaction(
        ctx_, {}, [&](Transaction& tx) { return tx.Put(kFacts, key, value); });
    EXPECT_OK(info);
    return info.ok() ? info->revision : 0;
  }

  void PutUnderAClockAhead(absl::string_view key, absl::Duration ahead) {
    clock_.Advance(ahead);
    Put(key, "ahead");
    clock_.Advance(-ahead);
  }

  std::string Value(const Reader& reader, absl::string_view key) {
    const auto row = reader.Get(ctx_, kFacts, key);
    EXPECT_OK(row);
    return row.ok() && row->has_value() ? (*row)->value : "(none)";
  }

  const TempDir dir_;
  Context ctx_;
  FakeClock clock_;
  StoreOptions options_;
  std::unique_ptr<Store> store_;
};

using RocksStoreTest = StoreTest;

INSTANTIATE_TEST_SUITE_P(Engines, StoreTest,
                         ::testing::Values(EngineKind::kMemory,
                                           EngineKind::kRocks),
                         EngineName);
INSTANTIATE_TEST_SUITE_P(Engines, RocksStoreTest,
                         ::testing::Values(EngineKind::kRocks), EngineName);

TEST_P(StoreTest, Law4ShowsCommitsAtEveryRevision) {
  const kv::Revision first = Put("a", "1");
  const kv::Revision second = Put("a", "2");
  EXPECT_EQ(second, first + 1);
  EXPECT_EQ(store_->head()->revision, second);
  EXPECT_EQ(Value(*store_->Newest(), "a"), "2");
  ASSERT_OK_AND_ASSIGN(const auto old, store_->ReaderAt(ctx_, first));
  EXPECT_EQ(Value(*old, "a"), "1");
  ASSERT_OK_AND_ASSIGN(const auto before, store_->ReaderAt(ctx_, first - 1));
  EXPECT_EQ(Value(*before, "a"), "(none)");
}

TEST_P(StoreTest, ARevisionToComeIsRefusedNamingTheNewest) {
  const kv::Revision newest = Put("a", "1");
  const Context over(absl::Now(), Origin());
  const absl::Status statuses[] = {store_->ReaderAt(ctx_, newest + 1).status(),
                                   store_->WaitApplied(over, newest + 1)};
  for (const absl::Status& status : statuses) {
    EXPECT_THAT(status, IsError(absl::StatusCode::kUnavailable,
                                v1::ERROR_REASON_REVISION_NOT_REACHED));
    const kv::Incarnation& incarnation = store_->head()->incarnation;
    EXPECT_EQ(MetadataOf(status, "revision"),
              FormatToken(incarnation, newest + 1));
    EXPECT_EQ(MetadataOf(status, "newest_revision"),
              FormatToken(incarnation, newest));
    const std::string time = FormatCommitTime(clock_.Now());
    EXPECT_EQ(MetadataOf(status, "newest_time"), time);
    EXPECT_THAT(std::string(status.message()), HasSubstr(time));
  }
}

TEST_P(StoreTest, AReaderOfTheHeadDoesNotSeeLaterCommits) {
  Put("a", "1");
  Put("gone", "1");
  const auto newest = store_->Newest();
  ASSERT_OK_AND_ASSIGN(const auto snapshot, store_->OpenSnapshot(ctx_));
  Put("a", "2");
  Put("b", "2");
  ASSERT_OK(store_->RunTransaction(
      ctx_, {}, [&](Transaction& tx) { return tx.Delete(kFacts, "gone"); }));
  for (const Reader* reader : {newest.get(), snapshot.get()}) {
    EXPECT_EQ(Value(*reader, "a"), "1");
    EXPECT_EQ(Value(*reader, "b"), "(none)");
    EXPECT_EQ(Value(*reader, "gone"), "1");
    EXPECT_THAT(RowsOf(*reader->Scan(ctx_, kFacts, kv::Range::All())),
                ElementsAre("a=1@2", "gone=1@3"));
    ASSERT_OK_AND_ASSIGN(const auto rows,
                         reader->MultiGet(ctx_, kFacts, {"b", "gone"}));
    EXPECT_FALSE(rows[0].has_value());
    EXPECT_TRUE(rows[1].has_value());
  }
}

TEST_P(StoreTest, ACacheOnlyReaderSaysWhereItWouldNeedTheDisk) {
  Put("a", "1");
  const auto reader = store_->Newest(kv::ReadTier::kCacheOnly);
  EXPECT_EQ(Value(*reader, "a"), "1");
  EXPECT_TRUE(
      kv::IsIncomplete(reader->Scan(ctx_, kFacts, kv::Range::All())->status()));
  Put("a", "2");
  EXPECT_TRUE(kv::IsIncomplete(reader->Get(ctx_, kFacts, "a").status()));
}

TEST_P(StoreTest, Law4AFailedFunctionChangesNothing) {
  const kv::Revision before = store_->head()->revision;
  const auto info =
      store_->RunTransaction(ctx_, {}, [&](Transaction& tx) -> absl::Status {
        EXPECT_OK(tx.Put(kFacts, "a", "1"));
        return NotFound(v1::ERROR_REASON_TWIN_NOT_FOUND, "no such twin");
      });
  EXPECT_THAT(info, IsError(absl::StatusCode::kNotFound,
                            v1::ERROR_REASON_TWIN_NOT_FOUND));
  EXPECT_EQ(store_->head()->revision, before);
}

TEST_P(StoreTest, AFunctionWithoutEffectsCommitsNothing) {
  const kv::Revision revision = Put("a", "1");
  ASSERT_OK_AND_ASSIGN(const CommitInfo info,
                       store_->RunTransaction(ctx_, {}, [&](Transaction& tx) {
                         return tx.GetForUpdate(ctx_, kFacts, "a").status();
                       }));
  EXPECT_EQ(info.revision, revision);
  EXPECT_EQ(store_->head()->revision, revision);
}

TEST_P(StoreTest, TooLargeACommitIsRefusedAndTheStoreGoesOn) {
  const auto info =
      store_->RunTransaction(ctx_, {}, [&](Transaction& tx) -> absl::Status {
        for (int i = 0; i < 40; ++i) {
          EXPECT_OK(tx.Put(kFacts, absl::StrCat(i),
                           std::string(kv::kMaxValueBytes, 'x')));
        }
        return tx.Put(kFacts, std::string(2000, 'k'), "");
      });
  EXPECT_THAT(info, IsError(absl::StatusCode::kInvalidArgument,
                            v1::ERROR_REASON_LIMIT_EXCEEDED));
  const auto whole =
      store_->RunTransaction(ctx_, {}, [&](Transaction& tx) -> absl::Status {
        for (int i = 0; i < 40; ++i) {
          EXPECT_OK(tx.Put(kFacts, absl::StrCat(i),
                           std::string(kv::kMaxValueBytes, 'x')));
        }
        return absl::OkStatus();
      });
  EXPECT_THAT(whole, IsError(absl::StatusCode::kInvalidArgument,
                             v1::ERROR_REASON_LIMIT_EXCEEDED));
  EXPECT_GT(Put("a", "1"), 0U);
}

TEST_P(StoreTest, FollowersArePublishedWithTheRevisionTheySaw) {
  KeyList list;
  Open({&list});
  Put("a", "1");
  const auto first = store_->head();
  Put("b", "1");
  EXPECT_EQ(*first->VersionOf<std::string>(list), "a");
  EXPECT_EQ(*store_->head()->VersionOf<std::string>(list), "ab");
  ASSERT_OK_AND_ASSIGN(const auto reader, store_->OpenSnapshot(ctx_));
  EXPECT_EQ(reader->head().revision, reader->revision());
}

TEST_P(RocksStoreTest, FollowersLoadWhatIsStored) {
  Put("x", "1");
  Put("y", "1");
  KeyList list;
  Open({&list});
  EXPECT_EQ(*store_->head()->VersionOf<std::string>(list), "xy");
}

TEST_P(StoreTest, WaitingForARevisionEndsWhenItIsThereOrTheTimeIsOver) {
  const kv::Revision next = store_->head()->revision + 1;
  const Context brief(absl::Now() + absl::Milliseconds(5), Origin());
  EXPECT_THAT(store_->WaitApplied(brief, next),
              IsError(absl::StatusCode::kUnavailable,
                      v1::ERROR_REASON_REVISION_NOT_REACHED));
  std::thread waiter([&] { EXPECT_OK(store_->WaitApplied(ctx_, next)); });
  Put("a", "1");
  waiter.join();
}

TEST_P(StoreTest, CommitTimeNeverGoesBack) {
  Put("a", "1");
  const absl::Time time = store_->head()->time;
  clock_.Advance(-absl::Hours(1));
  Put("a", "2");
  EXPECT_EQ(store_->head()->time, time);
}

TEST_P(StoreTest, TheLogHasHeadersAndEffects) {
  Origin origin;
  origin.actor = "ann";
  origin.kind = "import";
  origin.request_id = "r1";
  origin.trace_parent = "00-1-2-01";
  const Context caller(absl::InfiniteFuture(), origin);
  ASSERT_OK_AND_ASSIGN(const CommitInfo info,
                       store_->RunTransaction(caller, {}, [](Transaction& tx) {
                         tx.SetCausation("event 7");
                         tx.SetPayload("source times");
                         EXPECT_OK(tx.Touch(kFacts, "t"));
                         return tx.Put(kFacts, "k", "v");
                       }));
  int groups = 0;
  ASSERT_OK(store_->ReadLog(ctx_, info.revision, [&](const GroupView& group) {
    ++groups;
    const kv::Commit& commit = group.record.commits.back();
    EXPECT_EQ(commit.header, (kv::CommitHeader{.time = info.time,
                                               .actor = "ann",
                                               .origin = "import",
                                               .request_id = "r1",
                                               .causation = "event 7",
                                               .trace_parent = "00-1-2-01",
                                               .payload = "source times"}));
    EXPECT_EQ(commit.effects.size(), 2U);
    EXPECT_EQ(group.RevisionOf(0), info.revision);
    return true;
  }));
  EXPECT_EQ(groups, 1);
}

TEST_P(StoreTest, Law7ARepeatedRequestFindsItsOutcome) {
  int runs = 0;
  const auto request = [&](uint64_t fingerprint) {
    return store_->RunTransaction(
        ctx_, {.request_id = "id-1", .request_fingerprint = fingerprint},
        [&](Transaction& tx) {
          ++runs;
          tx.SetResult("made");
          return tx.Increment(kCounter, "n", 1);
        });
  };
  ASSERT_OK_AND_ASSIGN(const CommitInfo first, request(1));
  ASSERT_OK_AND_ASSIGN(const CommitInfo again, request(1));
  EXPECT_FALSE(first.is_repeat);
  EXPECT_TRUE(again.is_repeat);
  EXPECT_EQ(again.revision, first.revision);
  EXPECT_EQ(again.time, first.time);
  EXPECT_EQ(first.result, "made");
  EXPECT_EQ(again.result, "made");
  EXPECT_EQ(runs, 1);
  EXPECT_THAT(request(2), IsError(absl::StatusCode::kInvalidArgument,
                                  v1::ERROR_REASON_REQUEST_ID_REUSED));
}

// A commit's time is known when it has its place: here it has to be later than
// the clock's.
TEST_P(StoreTest, ARepeatNamesTheTimeOfTheCommit) {
  Put("a", "1");
  ASSERT_OK(store_->RevisionAt(ctx_, clock_.Now()));
  const auto request = [&] {
    return store_->RunTransaction(
        ctx_, {.request_id = "id-1"},
        [&](Transaction& tx) { return tx.Put(kFacts, "a", "2"); });
  };
  ASSERT_OK_AND_ASSIGN(const CommitInfo first, request());
  ASSERT_OK_AND_ASSIGN(const CommitInfo again, request());
  EXPECT_GT(first.time, clock_.Now());
  EXPECT_TRUE(again.is_repeat);
  EXPECT_EQ(again.time, first.time);
}

TEST_P(StoreTest, ARequestIsForgottenAfterItsWindow) {
  int runs = 0;
  const auto request = [&] {
    return store_->RunTransaction(ctx_, {.request_id = "id-1"},
                                  [&](Transaction& tx) {
                                    ++runs;
                                    return tx.Increment(kCounter, "n", 1);
                                  });
  };
  ASSERT_OK(request());
  clock_.Advance(options_.request_window / 2);
  ASSERT_OK(store_->Maintain(ctx_));
  ASSERT_OK(request());
  EXPECT_EQ(runs, 1);
  clock_.Advance(options_.request_window);
  ASSERT_OK(store_->Maintain(ctx_));
  ASSERT_OK(request());
  EXPECT_EQ(runs, 2);
}

TEST_P(StoreTest, RequestsAgeByTheClockWhateverTheCommitTimes) {
  const auto runs = [&](absl::string_view id) {
    bool has_run = false;
    EXPECT_OK(store_->RunTransaction(ctx_, {.request_id = std::string(id)},
                                     [&](Transaction& tx) {
                                       has_run = true;
                                       return tx.Increment(kCounter, "n", 1);
                                     }));
    return has_run;
  };
  clock_.Advance(absl::Hours(24 * 365));
  EXPECT_TRUE(runs("ahead"));
  clock_.Advance(-absl::Hours(24 * 365));
  EXPECT_TRUE(runs("after"));
  ASSERT_OK(store_->Maintain(ctx_));
  clock_.Advance(options_.request_window / 2);
  ASSERT_OK(store_->Maintain(ctx_));
  EXPECT_FALSE(runs("ahead"));
  EXPECT_FALSE(runs("after"));
  clock_.Advance(options_.request_window);
  ASSERT_OK(store_->Maintain(ctx_));
  EXPECT_TRUE(runs("ahead"));
  EXPECT_TRUE(runs("after"));
}

TEST_P(StoreTest, RepeatsOfOneRequestAtOnceRunOnce) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      EXPECT_OK(store_->RunTransaction(
          ctx_, {.request_id = "same"},
          [&](Transaction& tx) { return tx.Increment(kCounter, "n", 1); }));
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  const auto row = store_->Newest()->Get(ctx_, kCounter, "n");
  EXPECT_EQ((*row)->value, kv::EncodeCounter(1));
}

TEST_P(StoreTest, RevisionsAreFoundByTime) {
  const absl::Time start = clock_.Now();
  std::vector<kv::Revision> revisions;
  for (int i = 0; i < 20; ++i) {
    clock_.Advance(absl::Seconds(10));
    revisions.push_back(Put("a", absl::StrCat(i)));
  }
  for (int i = 0; i < 20; ++i) {
    const absl::Time time = start + absl::Seconds(10) * (i + 1);
    EXPECT_EQ(*store_->RevisionAt(ctx_, time), revisions[i]) << i;
    EXPECT_EQ(*store_->RevisionAt(ctx_, time + absl::Seconds(9)), revisions[i]);
  }
  EXPECT_EQ(*store_->RevisionAt(ctx_, start - absl::Hours(1)), 0U);
  ASSERT_OK(store_->TrimBefore(ctx_, revisions[10]));
  const auto check_expired = [&] {
    const auto expired = store_->RevisionAt(ctx_, start);
    EXPECT_THAT(expired, IsError(absl::StatusCode::kOutOfRange,
                                 v1::ERROR_REASON_REVISION_EXPIRED));
    EXPECT_EQ(MetadataOf(expired.status(), "as_of"), FormatCommitTime(start));
    EXPECT_EQ(MetadataOf(expired.status(), "oldest_revision"),
              FormatToken(store_->head()->incarnation, revisions[10]));
    const std::string oldest = FormatCommitTime(start + absl::Seconds(10) * 11);
    EXPECT_EQ(MetadataOf(expired.status(), "oldest_time"), oldest);
    EXPECT_THAT(std::string(expired.status().message()), HasSubstr(oldest));
  };
  check_expired();
  if (GetParam() == EngineKind::kRocks) {
    Open();
    check_expired();
  }
  EXPECT_EQ(*store_->RevisionAt(ctx_, start + absl::Seconds(10) * 11),
            revisions[10]);
}

TEST_P(StoreTest, ATimeMeansTheSameRevisionForEver) {
  const kv::Revision first = Put("a", "1");
  const absl::Time time = clock_.Now();
  // It has the time of now when it begins, and is not there yet.
  ASSERT_OK(store_->RunTransaction(ctx_, {}, [&](Transaction& tx) {
    EXPECT_EQ(*store_->RevisionAt(ctx_, time), first);
    return tx.Put(kFacts, "a", "2");
  }));
  EXPECT_EQ(*store_->RevisionAt(ctx_, time), first);
  const kv::Revision third = Put("a", "3");
  EXPECT_EQ(*store_->RevisionAt(ctx_, time), first);
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(*store_->RevisionAt(ctx_, clock_.Now()), third);
}

TEST_P(RocksStoreTest, ATimeMeansTheSameRevisionWhenOpenedAgain) {
  const kv::Revision first = Put("a", "1");
  const absl::Time time = store_->head()->time;
  EXPECT_EQ(*store_->RevisionAt(ctx_, time), first);
  Open();
  clock_.Advance(-absl::Seconds(1));
  Put("a", "2");
  EXPECT_EQ(*store_->RevisionAt(ctx_, time), first);
  // A copy of a store begins with a commit of its own.
  const std::string copy = dir_.path() + "/copy";
  const kv::Revision second = store_->head()->revision;
  const absl::Time second_time = store_->head()->time;
  EXPECT_EQ(*store_->RevisionAt(ctx_, second_time), second);
  ASSERT_OK(store_->engine().Checkpoint(copy));
  ASSERT_OK_AND_ASSIGN(
      const auto copied,
      Store::Open(ctx_, OpenTestEngine(GetParam(), copy), options_, {}));
  EXPECT_GT(copied->head()->revision, second);
  EXPECT_EQ(*copied->RevisionAt(ctx_, second_time), second);
}

TEST_P(StoreTest, ATimeMeansTheSameRevisionWhileOthersCommit) {
  options_.clock = nullptr;
  Open();
  std::atomic<bool> is_done = false;
  std::vector<std::thread> writers;
  for (int i = 0; i < 3; ++i) {
    writers.emplace_back([&, i] {
      while (!is_done) {
        Put(absl::StrCat(i), "v");
      }
    });
  }
  std::vector<std::pair<absl::Time, kv::Revision>> asked;
  for (int i = 0; i < 200; ++i) {
    const absl::Time now = absl::Now();
    const auto found = store_->RevisionAt(ctx_, now);
    EXPECT_OK(found);
    asked.emplace_back(now, found.value_or(0));
  }
  is_done = true;
  for (std::thread& writer : writers) {
    writer.join();
  }
  for (const auto& [time, revision] : asked) {
    EXPECT_EQ(*store_->RevisionAt(ctx_, time), revision);
  }
}

TEST_P(StoreTest, AskingForATimeToComeMovesNoCommitTime) {
  Put("a", "1");
  const kv::Revision newest = store_->head()->revision;
  EXPECT_EQ(*store_->RevisionAt(ctx_, clock_.Now() + absl::Hours(1)), newest);
  Put("a", "2");
  EXPECT_LE(store_->head()->time, clock_.Now() + absl::Nanoseconds(1));
}

TEST_P(StoreTest, RetentionMovesByTimeAndRespectsPins) {
  options_.retention.time = absl::Minutes(10);
  Open();
  const absl::Time start = clock_.Now();
  const kv::Revision first = Put("a", "1");
  clock_.Advance(absl::Minutes(4));
  const kv::Revision second = Put("a", "2");
  clock_.Advance(absl::Minutes(4));
  Put("a", "3");
  ASSERT_OK(store_->Maintain(ctx_));
  EXPECT_LE(store_->OldestRevision(), first);
  clock_.Advance(absl::Minutes(7));
  {
    ASSERT_OK_AND_ASSIGN(const auto old, store_->ReaderAt(ctx_, first));
    ASSERT_OK(store_->Maintain(ctx_));
    EXPECT_EQ(store_->OldestRevision(), first);
    EXPECT_EQ(Value(*old, "a"), "1");
  }
  ASSERT_OK(store_->Maintain(ctx_));
  EXPECT_EQ(store_->OldestRevision(), second);
  const auto expired = store_->ReaderAt(ctx_, first);
  EXPECT_THAT(expired, IsError(absl::StatusCode::kOutOfRange,
                               v1::ERROR_REASON_REVISION_EXPIRED));
  const kv::Incarnation& incarnation = store_->head()->incarnation;
  EXPECT_EQ(MetadataOf(expired.status(), "oldest_revision"),
            FormatToken(incarnation, second));
  EXPECT_EQ(MetadataOf(expired.status(), "oldest_time"),
            FormatCommitTime(start + absl::Minutes(4)));
  EXPECT_THAT(
      store_->ReadLog(ctx_, first, [](const GroupView&) { return true; }),
      IsError(absl::StatusCode::kOutOfRange,
              v1::ERROR_REASON_REVISION_EXPIRED));
  ASSERT_OK_AND_ASSIGN(const auto kept, store_->ReaderAt(ctx_, second));
  EXPECT_EQ(Value(*kept, "a"), "2");
}

// The first range ends where the entries of a key end, and the next one begins
// with older entries of the same key, which are not to be taken for newer ones.
TEST_P(StoreTest, RangesOfOneKeyAtAnOlderRevisionAreApart) {
  Put("k", "one");
  const kv::Revision kept = Put("k", "two");
  ASSERT_OK(store_->RunTransaction(
      ctx_, {}, [](Transaction& tx) { return tx.Delete(kFacts, "k"); }));
  const kv::Revision at = Put("l", "three");
  Put("m", "four");
  ASSERT_OK(store_->TrimBefore(ctx_, kept));
  ASSERT_OK(store_->engine().Compact(ctx_));
  ASSERT_OK_AND_ASSIGN(const auto reader, store_->ReaderAt(ctx_, at));
  EXPECT_THAT(RowsOf(*reader->MultiScan(ctx_, kFacts,
                                        {{"k", "l"}, {"k", "z"}, {"k", "l"}},
                                        kv::Order::kAscending)),
              ElementsAre(absl::StrCat("l=three@", at)));
}

TEST_P(StoreTest, APinnedRevisionStaysReadableWhateverIsTrimmed) {
  const kv::Revision pinned = Put("k", "old");
  Put("k", "new");
  ASSERT_OK_AND_ASSIGN(Pin pin, store_->PinRevision(pinned));
  ASSERT_OK(store_->TrimBefore(ctx_, store_->head()->revision));
  EXPECT_EQ(Value(**store_->ReaderAt(ctx_, pinned), "k"), "old");
  pin.Release();
  ASSERT_OK(store_->TrimBefore(ctx_, store_->head()->revision));
  EXPECT_THAT(store_->ReaderAt(ctx_, pinned),
              IsError(absl::StatusCode::kOutOfRange,
                      v1::ERROR_REASON_REVISION_EXPIRED));
  EXPECT_THAT(store_->PinRevision(pinned),
              IsError(absl::StatusCode::kOutOfRange,
                      v1::ERROR_REASON_REVISION_EXPIRED));
}

TEST_P(StoreTest, RetentionMovesByBytesButKeepsTheMinimum) {
  options_.retention.bytes = 100'000;
  Open();
  for (int i = 0; i < 100; ++i) {
    clock_.Advance(absl::Seconds(3));
    Put("a", absl::StrCat(i, std::string(10'000, 'v')));
  }
  ASSERT_OK(store_->Maintain(ctx_));
  EXPECT_GT(store_->OldestRevision(), 50U);
  EXPECT_LE(store_->head()->revision - store_->OldestRevision(), 85U);
  // The last minute stays: 20 commits and the trim's own.
  EXPECT_GE(store_->head()->revision - store_->OldestRevision(), 20U);
}

// One commit under a clock that is a year ahead; all later ones carry its time.
TEST_P(StoreTest, AClockThatWasAheadOnceStopsNoRetentionByBytes) {
  options_.retention = {.time = absl::InfiniteDuration(),
                        .bytes = 100'000,
                        .minimum = absl::Minutes(1)};
  Open();
  PutUnderAClockAhead("a", absl::Hours(24 * 365));
  for (int i = 0; i < 100; ++i) {
    clock_.Advance(absl::Seconds(3));
    Put("a", absl::StrCat(i, std::string(10'000, 'v')));
    ASSERT_OK(store_->Maintain(ctx_));
  }
  EXPECT_GT(store_->OldestRevision(), 50U);
  // The last minute stays: 20 commits.
  EXPECT_GE(store_->head()->revision - store_->OldestRevision(), 20U);
}

TEST_P(StoreTest, AClockThatWasAheadOnceStopsNoRetentionByTime) {
  options_.retention.time = absl::Minutes(10);
  Open();
  PutUnderAClockAhead("a", absl::Hours(24 * 365));
  const kv::Revision first = Put("a", "1");
  ASSERT_OK(store_->Maintain(ctx_));
  clock_.Advance(absl::Minutes(9));
  Put("a", "2");
  ASSERT_OK(store_->Maintain(ctx_));
  EXPECT_LE(store_->OldestRevision(), first);
  clock_.Advance(absl::Minutes(1));
  ASSERT_OK(store_->Maintain(ctx_));
  EXPECT_EQ(store_->OldestRevision(), first);
}

TEST_P(StoreTest, ACommitTimeAheadOfTheClockIsSaidOnce) {
  PutUnderAClockAhead("a", absl::Hours(2));
  FlushLog();
  testing::internal::CaptureStderr();
  ASSERT_OK(store_->Maintain(ctx_));
  ASSERT_OK(store_->Maintain(ctx_));
  clock_.Advance(absl::Hours(2));
  Put("a", "in time");
  ASSERT_OK(store_->Maintain(ctx_));
  PutUnderAClockAhead("a", absl::Hours(1));
  ASSERT_OK(store_->Maintain(ctx_));
  FlushLog();
  const std::vector<std::string> lines =
      absl::StrSplit(testing::internal::GetCapturedStderr(), '\n');
  EXPECT_THAT(
      lines,
      ElementsAre(AllOf(HasSubstr("ahead of the clock"), HasSubstr("ahead=2h")),
                  AllOf(HasSubstr("ahead of the clock"), HasSubstr("ahead=1h")),
                  ""));
}

// Values that nothing makes smaller.
std::string Noise(uint64_t seed, size_t bytes) {
  std::mt19937_64 random(seed);
  std::string noise(bytes, '\0');
  for (char& byte : noise) {
    byte = static_cast<char>(random());
  }
  return noise;
}

TEST_P(StoreTest, RetentionByBytesCountsNoByteTwice) {
  constexpr uint64_t kLimit = 4'000'000;
  options_.retention = {.time = absl::InfiniteDuration(),
                        .bytes = kLimit,
                        .minimum = absl::ZeroDuration()};
  Open();
  // Each adds 20 KB to history and log together.
  constexpr uint64_t kBytes = 20'000;
  const auto put_some = [&](int count) {
    for (int i = 0; i < count; ++i) {
      clock_.Advance(absl::Seconds(1));
      Put("a", Noise(store_->head()->revision, kBytes / 2));
    }
  };
  const auto readable_bytes = [&] {
    return kBytes * (store_->head()->revision - store_->OldestRevision());
  };
  put_some(150);
  ASSERT_OK(store_->Maintain(ctx_));
  EXPECT_EQ(store_->OldestRevision(), 0U);  // below the limit
  put_some(450);
  // Passes beside each other, before and after bytes leave.
  for (int pass = 0; pass < 10; ++pass) {
    ASSERT_OK(store_->Maintain(ctx_));
    EXPECT_GE(readable_bytes(), kLimit / 2) << pass;
    EXPECT_LE(readable_bytes(), kLimit * 3 / 2) << pass;
  }
  for (int round = 0; round < 20; ++round) {
    put_some(25);
    ASSERT_OK(store_->Maintain(ctx_));
    EXPECT_GE(readable_bytes(), kLimit / 2) << round;
    EXPECT_LE(readable_bytes(), kLimit * 2) << round;
  }
  const absl::Time deadline = absl::Now() + absl::Seconds(20);
  const auto taken = [&] {
    const kv::EngineStats stats = store_->engine().Stats();
    return stats.history_bytes + stats.log_bytes;
  };
  while (taken() > 2 * kLimit && absl::Now() < deadline) {
    absl::SleepFor(absl::Milliseconds(20));
    ASSERT_OK(store_->Maintain(ctx_));
  }
  EXPECT_LE(taken(), 2 * kLimit);
  EXPECT_GE(readable_bytes(), kLimit / 2);
}

TEST_P(StoreTest, RetentionByBytesWeighsLargeCommits) {
  options_.retention = {.time = absl::InfiniteDuration(),
                        .bytes = 2'000'000,
                        .minimum = absl::ZeroDuration()};
  Open();
  for (int i = 0; i < 40; ++i) {
    Put("large", Noise(static_cast<uint64_t>(i), 50'000));  // 4 MB in all
  }
  for (int i = 0; i < 400; ++i) {
    Put("small", Noise(static_cast<uint64_t>(i), 100));
  }
  for (int pass = 0; pass < 5; ++pass) {
    ASSERT_OK(store_->Maintain(ctx_));
  }
  EXPECT_GE(store_->OldestRevision(), 10U);
  EXPECT_LE(store_->OldestRevision(), 32U);  // of 440
}

TEST_P(RocksStoreTest, RetentionByBytesGivesUpNothingTwiceOverARestart) {
  constexpr uint64_t kLimit = 2'000'000;
  options_.retention = {.time = absl::InfiniteDuration(),
                        .bytes = kLimit,
                        .minimum = absl::ZeroDuration()};
  Open();
  for (int i = 0; i < 150; ++i) {
    Put("a", Noise(static_cast<uint64_t>(i), 10'000));
  }
  ASSERT_OK(store_->Maintain(ctx_));
  for (int restart = 0; restart < 5; ++restart) {
    Open();
    ASSERT_OK(store_->Maintain(ctx_));
    EXPECT_GE(20'000 * (store_->head()->revision - store_->OldestRevision()),
              kLimit / 2)
        << restart;
  }
}

TEST_P(RocksStoreTest, TheFloorIsKeptOverARestart) {
  Put("a", "1");
  const kv::Revision floor = Put("a", "2");
  Put("a", "3");
  ASSERT_OK(store_->TrimBefore(ctx_, floor));
  Open();
  EXPECT_EQ(store_->OldestRevision(), floor);
  ASSERT_OK_AND_ASSIGN(const auto reader, store_->ReaderAt(ctx_, floor));
  EXPECT_EQ(Value(*reader, "a"), "2");
}

TEST_P(RocksStoreTest, AnOrderlyRestartKeepsTheEpoch) {
  const kv::Revision revision = Put("a", "1");
  const kv::Incarnation incarnation = store_->head()->incarnation;
  Open();
  EXPECT_EQ(store_->head()->incarnation, incarnation);
  EXPECT_EQ(store_->head()->revision, revision);
  EXPECT_EQ(Put("a", "2"), revision + 1);
}

TEST_P(RocksStoreTest, ARestoreBeginsANewEpoch) {
  Put("a", "1");
  const kv::Incarnation incarnation = store_->head()->incarnation;
  const std::string token = FormatToken(incarnation, store_->head()->revision);
  ASSERT_OK(store_->engine().Checkpoint(dir_.path() + "/copy"));
  Put("a", "2");
  ASSERT_OK_AND_ASSIGN(
      store_,
      Store::Open(ctx_, OpenTestEngine(GetParam(), dir_.path() + "/copy"),
                  options_, {}));
  EXPECT_EQ(Value(*store_->Newest(), "a"), "1");
  EXPECT_EQ(store_->head()->incarnation.store_id, incarnation.store_id);
  EXPECT_EQ(store_->head()->incarnation.epoch >> 32, 2U);
  EXPECT_THAT(ParseToken(store_->head()->incarnation, token, "revision"),
              IsError(absl::StatusCode::kInvalidArgument,
                      v1::ERROR_REASON_INVALID_REVISION_TOKEN));
}

TEST_P(RocksStoreTest, AnUncleanEndWithRelaxedDurabilityBeginsANewEpoch) {
  for (const auto durability : {kv::Durability::kOs, kv::Durability::kFsync}) {
    options_.durability = durability;
    Open();
    const kv::Revision last = Put("a", "1");
    const uint64_t epoch = store_->head()->incarnation.epoch;
    store_.reset();
    // What is left of an orderly close is its mark.
    ASSERT_EQ(std::remove((directory() + "/CLEAN").c_str()), 0);
    Open();
    if (durability == kv::Durability::kOs) {
      EXPECT_EQ(store_->head()->incarnation.epoch >> 32, (epoch >> 32) + 1);
      // Revisions may have been given out and lost: none is given again.
      EXPECT_GT(Put("a", "2"), last + 1000);
    } else {
      EXPECT_EQ(store_->head()->incarnation.epoch, epoch);
      EXPECT_EQ(Put("a", "2"), last + 1);
    }
  }
}

TEST_P(RocksStoreTest, NumbersAreNotGivenTwiceOverARestart) {
  uint64_t last = 0;
  for (int i = 0; i < 4; ++i) {
    ASSERT_OK(
        store_->RunTransaction(ctx_, {}, [&](Transaction& tx) -> absl::Status {
          const auto first = tx.ReserveNumbers(ctx_, kNumber, "ids", 3);
          EXPECT_OK(first);
          EXPECT_GT(*first, last);
          last = *first + 2;
          return tx.Put(kFacts, absl::StrCat(last), "");
        }));
    Open();
  }
}

TEST_P(StoreTest, TheBackgroundThreadKeepsHouse) {
  options_.maintenance_interval = absl::Milliseconds(1);
  options_.retention.time = absl::Minutes(10);
  Open();
  Put("a", "1");
  clock_.Advance(absl::Hours(1));
  const kv::Revision second = Put("a", "2");
  clock_.Advance(absl::Hours(1));
  while (store_->OldestRevision() < second) {
    std::this_thread::yield();
  }
}

}  // namespace
}  // namespace twingraph::commit
