// A transaction's own view, and what conflicts with what.

#include "storage/commit/transaction.h"

#include <functional>
#include <memory>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "storage/commit/store.h"
#include "storage/kv/counter.h"
#include "tests/support/fake_clock.h"
#include "tests/support/kv_engines.h"
#include "tests/support/status_matchers.h"

namespace twingraph::commit {
namespace {

using ::testing::ElementsAre;
using Act = std::function<void(Transaction&)>;

class TransactionTest : public ::testing::Test {
 protected:
  void SetUp() override {
    StoreOptions options;
    options.clock = &clock_;
    options.maintenance_interval = absl::ZeroDuration();
    ASSERT_OK_AND_ASSIGN(
        store_, Store::Open(ctx_, OpenTestEngine(EngineKind::kMemory, ""),
                            options, {}));
    Run([](Transaction& tx) {
      EXPECT_OK(tx.Put(kFacts, "a", "1"));
      EXPECT_OK(tx.Put(kFacts, "c", "3"));
    });
  }

  kv::Revision Run(const Act& act) {
    const auto info = store_->RunTransaction(ctx_, {}, [&](Transaction& tx) {
      act(tx);
      return absl::OkStatus();
    });
    EXPECT_OK(info);
    return info.ok() ? info->revision : 0;
  }

  // How often `first` runs when `second` commits during its first run.
  int RunsAgainst(const Act& first, const Act& second) {
    int runs = 0;
    Run([&](Transaction& tx) {
      first(tx);
      if (++runs == 1) {
        Run(second);
      }
    });
    return runs;
  }

  Context ctx_;
  FakeClock clock_;
  std::unique_ptr<Store> store_;
};

TEST_F(TransactionTest, Law3ReadsItsSnapshotAndItsOwnWrites) {
  Run([&](Transaction& tx) {
    EXPECT_OK(tx.Put(kFacts, "b", "2"));
    EXPECT_OK(tx.Put(kFacts, "c", "33"));
    EXPECT_OK(tx.Delete(kFacts, "a"));
    EXPECT_OK(tx.Put(kFacts, "d", "4"));
    EXPECT_OK(tx.Delete(kFacts, "d"));
    EXPECT_THAT(RowsOf(*tx.Scan(ctx_, kFacts, kv::Range::All())),
                ElementsAre("b=2@0", "c=33@0"));
    EXPECT_THAT(RowsOf(*tx.Scan(ctx_, kFacts, kv::Range::All(),
                                kv::Order::kDescending)),
                ElementsAre("c=33@0", "b=2@0"));
    EXPECT_EQ(*tx.Get(ctx_, kFacts, "a"), std::nullopt);
    const auto rows = tx.MultiGet(ctx_, kFacts, {"a", "b", "c"});
    EXPECT_FALSE((*rows)[0].has_value());
    EXPECT_EQ((*rows)[1], (kv::Row{"2", 0}));
    EXPECT_EQ((*rows)[2], (kv::Row{"33", 0}));
  });
}

TEST_F(TransactionTest, Law3SeesItsIncrementsOverWhatIsStored) {
  Run([](Transaction& tx) { EXPECT_OK(tx.Increment(kCounter, "n", 5)); });
  Run([&](Transaction& tx) {
    EXPECT_OK(tx.Increment(kCounter, "n", 2));
    EXPECT_OK(tx.Increment(kCounter, "m", -1));
    EXPECT_EQ((*tx.Get(ctx_, kCounter, "n"))->value, kv::EncodeCounter(7));
    EXPECT_OK(tx.Increment(kCounter, "n", 1));
    EXPECT_EQ((*tx.GetForUpdate(ctx_, kCounter, "n"))->value,
              kv::EncodeCounter(8));
    EXPECT_OK(tx.Delete(kCounter, "m"));
    EXPECT_OK(tx.Increment(kCounter, "m", 3));
    EXPECT_EQ((*tx.Get(ctx_, kCounter, "m"))->value, kv::EncodeCounter(3));
  });
  const auto reader = store_->Newest();
  EXPECT_EQ((*reader->Get(ctx_, kCounter, "n"))->value, kv::EncodeCounter(8));
  EXPECT_EQ((*reader->Get(ctx_, kCounter, "m"))->value, kv::EncodeCounter(3));
}

TEST_F(TransactionTest, TheTimeIsTheSameAllRunLong) {
  Run([&](Transaction& tx) {
    const absl::Time time = tx.time();
    clock_.Advance(absl::Seconds(5));
    EXPECT_EQ(tx.time(), time);
    EXPECT_GE(tx.time(), tx.head().time);
  });
}

TEST_F(TransactionTest, NumbersAreConsecutiveAndApart) {
  uint64_t first = 0;
  Run([&](Transaction& tx) {
    first = *tx.ReserveNumbers(ctx_, kNumber, "ids", 10);
    EXPECT_EQ(*tx.ReserveNumbers(ctx_, kNumber, "ids", 1), first + 10);
    EXPECT_EQ(*tx.ReserveNumbers(ctx_, kNumber, "other", 1), 1U);
  });
  EXPECT_EQ(first, 1U);
}

struct ConflictCase {
  const char* name;
  Act first;
  Act second;
  int runs;
};

const Context kCtx;

Act Reads(const char* key) {
  return [key](Transaction& tx) {
    EXPECT_OK(tx.GetForUpdate(kCtx, kFacts, key));
    EXPECT_OK(tx.Put(kFacts, "result", "x"));
  };
}

Act Puts(const char* key) {
  return [key](Transaction& tx) { EXPECT_OK(tx.Put(kFacts, key, "new")); };
}

class ConflictTest : public TransactionTest,
                     public ::testing::WithParamInterface<ConflictCase> {};

TEST_P(ConflictTest, Law5RunsAgainOnlyWhereItMust) {
  EXPECT_EQ(RunsAgainst(GetParam().first, GetParam().second), GetParam().runs);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, ConflictTest,
    ::testing::Values(
        ConflictCase{"ReadAgainstPut", Reads("a"), Puts("a"), 2},
        ConflictCase{"AbsentReadAgainstPut", Reads("new"), Puts("new"), 2},
        ConflictCase{"ReadAgainstDelete", Reads("a"),
                     [](Transaction& tx) { EXPECT_OK(tx.Delete(kFacts, "a")); },
                     2},
        ConflictCase{"ReadAgainstTouch", Reads("a"),
                     [](Transaction& tx) { EXPECT_OK(tx.Touch(kFacts, "a")); },
                     2},
        ConflictCase{
            "ReadAgainstIncrement",
            [](Transaction& tx) {
              EXPECT_OK(tx.GetForUpdate(kCtx, kCounter, "n"));
              EXPECT_OK(tx.Put(kFacts, "x", ""));
            },
            [](Transaction& tx) { EXPECT_OK(tx.Increment(kCounter, "n", 1)); },
            2},
        ConflictCase{"ReadAgainstRead", Reads("a"), Reads("a"), 1},
        ConflictCase{
            "ReadAgainstOtherSpace", Reads("a"),
            [](Transaction& tx) { EXPECT_OK(tx.Put(kIndex, "a", "")); }, 1},
        ConflictCase{"PlainReadAgainstPut",
                     [](Transaction& tx) {
                       EXPECT_OK(tx.Get(kCtx, kFacts, "a"));
                       EXPECT_OK(tx.Put(kFacts, "x", ""));
                     },
                     Puts("a"), 1},
        ConflictCase{"PutAgainstPut", Puts("a"), Puts("a"), 1},
        ConflictCase{
            "IncrementAgainstIncrement",
            [](Transaction& tx) { EXPECT_OK(tx.Increment(kCounter, "n", 1)); },
            [](Transaction& tx) { EXPECT_OK(tx.Increment(kCounter, "n", 1)); },
            1},
        ConflictCase{"NumbersAgainstNumbers",
                     [](Transaction& tx) {
                       EXPECT_OK(tx.ReserveNumbers(kCtx, kNumber, "i", 1));
                       EXPECT_OK(tx.Put(kFacts, "x", ""));
                     },
                     [](Transaction& tx) {
                       EXPECT_OK(tx.ReserveNumbers(kCtx, kNumber, "i", 5000));
                       EXPECT_OK(tx.Put(kFacts, "y", ""));
                     },
                     1}),
    [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace twingraph::commit
