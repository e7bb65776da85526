// A disk that is full or broken: commits are refused while it lasts, nothing
// that was acknowledged is lost, reads go on, and all is well again by itself.

#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "storage/commit/store.h"
#include "tests/support/faulty_disk.h"
#include "tests/support/kv_engines.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace twingraph::kv_rocks {
namespace {

using ::testing::AnyOf;
using Fault = FaultyDisk::Fault;

class DiskFaultTest : public ::testing::Test {
 protected:
  void SetUp() override { Open(); }

  void Open() {
    store_.reset();
    ASSERT_OK_AND_ASSIGN(
        auto engine,
        OpenEngine(TestSpaces(), {.directory = dir_.path() + "/store",
                                  .memory_budget_bytes = size_t{16} << 20,
                                  .disk_reserve_bytes = 1000,
                                  .env = disk_.env()}));
    commit::StoreOptions options;
    options.maintenance_interval = absl::ZeroDuration();
    ASSERT_OK_AND_ASSIGN(
        store_, commit::Store::Open(ctx_, std::move(engine), options, {}));
  }

  absl::Status Put(const std::string& key, const std::string& value = "v",
                   bool frees_space = false) {
    return store_
        ->RunTransaction(
            ctx_, {.frees_space = frees_space},
            [&](commit::Transaction& tx) { return tx.Put(kFacts, key, value); })
        .status();
  }

  bool Has(const std::string& key) {
    const auto row = store_->Newest()->Get(ctx_, kFacts, key);
    EXPECT_OK(row);
    return row.ok() && row->has_value();
  }

  // Tries until it works; how a caller that waits for the disk does.
  void ExpectRecovers(const std::string& key) {
    const absl::Time deadline = absl::Now() + absl::Seconds(20);
    absl::Status status = Put(key);
    while (!status.ok() && absl::Now() < deadline) {
      absl::SleepFor(absl::Milliseconds(20));
      status = Put(key);
    }
    EXPECT_OK(status);
  }

  const TempDir dir_;
  FaultyDisk disk_;
  Context ctx_;
  std::unique_ptr<commit::Store> store_;
};

TEST_F(DiskFaultTest, TooLittleRoomRefusesCommitsWithoutADoubt) {
  ASSERT_OK(Put("before"));
  disk_.SetFreeBytes(999);
  absl::SleepFor(absl::Milliseconds(150));
  const absl::Status refused = Put("refused");
  EXPECT_THAT(refused, IsError(absl::StatusCode::kResourceExhausted,
                               v1::ERROR_REASON_STORE_FULL));
  EXPECT_EQ(MetadataOf(refused, "free_bytes"), "999");
  EXPECT_TRUE(Has("before"));
  EXPECT_FALSE(Has("refused"));
  // What frees space may use the reserve.
  EXPECT_OK(Put("freeing", "v", /*frees_space=*/true));
  EXPECT_OK(store_->TrimBefore(ctx_, store_->head()->revision));
  // A little more is not enough: it would flap.
  disk_.SetFreeBytes(1100);
  absl::SleepFor(absl::Milliseconds(150));
  EXPECT_FALSE(Put("refused").ok());
  disk_.SetFreeBytes(1300);
  ExpectRecovers("after");
}

struct Case {
  const char* name;
  Fault fault;
  const char* files;  // part of their names
};

class DiskFaultCaseTest : public DiskFaultTest,
                          public ::testing::WithParamInterface<Case> {};

TEST_P(DiskFaultCaseTest, RefusesCommitsReadsOnAndRecovers) {
  ASSERT_OK(Put("before", std::string(1000, 'b')));
  disk_.FailWrites(GetParam().fault, GetParam().files);
  // Large, so that the log is left and files are written.
  std::vector<std::string> stored = {"before"};
  absl::Status status;
  for (int i = 0; i < 100 && status.ok(); ++i) {
    const std::string key = "during" + std::to_string(i);
    status = Put(key, std::string(400'000, static_cast<char>('a' + i % 26)));
    if (status.ok()) {
      stored.push_back(key);
    }
    if (i % 10 == 9) {
      store_->engine().Flush().IgnoreError();
    }
  }
  EXPECT_GT(disk_.failures(), 0);
  if (!status.ok()) {
    EXPECT_THAT(ReasonOf(status), AnyOf(v1::ERROR_REASON_OUTCOME_UNKNOWN,
                                        v1::ERROR_REASON_STORE_FULL,
                                        v1::ERROR_REASON_STORE_UNAVAILABLE));
    const absl::Status next = Put("next");
    EXPECT_THAT(next, GetParam().fault == Fault::kFull
                          ? IsError(absl::StatusCode::kResourceExhausted,
                                    v1::ERROR_REASON_STORE_FULL)
                          : IsError(absl::StatusCode::kUnavailable,
                                    v1::ERROR_REASON_STORE_UNAVAILABLE));
    EXPECT_EQ(ReasonOf(store_->engine().Stats().write_failure), ReasonOf(next));
  }
  for (const std::string& key : stored) {
    EXPECT_TRUE(Has(key)) << key;
  }
  ASSERT_OK(store_->OpenSnapshot(ctx_));
  disk_.Repair();
  ExpectRecovers("after");
  EXPECT_OK(store_->engine().Stats().write_failure);
  for (const std::string& key : stored) {
    EXPECT_TRUE(Has(key)) << key;
  }
  const kv::Revision revision = store_->head()->revision;
  Open();
  EXPECT_EQ(store_->head()->revision, revision);
  EXPECT_EQ(store_->engine().opened_as(), kv::OpenedAs::kClean);
  stored.push_back("after");
  for (const std::string& key : stored) {
    EXPECT_TRUE(Has(key)) << key;
  }
  EXPECT_FALSE(Has("next"));
}

INSTANTIATE_TEST_SUITE_P(
    Cases, DiskFaultCaseTest,
    ::testing::Values(Case{"FullEverywhere", Fault::kFull, ""},
                      Case{"FullForTheLog", Fault::kFull, ".log"},
                      Case{"FullForTables", Fault::kFull, ".sst"},
                      Case{"FullForTheManifest", Fault::kFull, "MANIFEST"},
                      Case{"BrokenEverywhere", Fault::kBroken, ""},
                      Case{"BrokenForTheLog", Fault::kBroken, ".log"},
                      Case{"BrokenForTables", Fault::kBroken, ".sst"},
                      Case{"BrokenForTheManifest", Fault::kBroken, "MANIFEST"}),
    [](const auto& test) { return test.param.name; });

TEST_F(DiskFaultTest, AReadThatFailsConcernsItsCallOnly) {
  for (char key = 'a'; key < 'k'; ++key) {  // each in a block of its own
    ASSERT_OK(Put(std::string(1, key), std::string(10'000, key)));
  }
  ASSERT_OK(store_->engine().Flush());
  Open();  // nothing cached
  disk_.FailReads(".sst");
  EXPECT_THAT(store_->Newest()->Get(ctx_, kFacts, "e"),
              IsError(absl::StatusCode::kUnavailable,
                      v1::ERROR_REASON_STORE_UNAVAILABLE));
  // A put reads the row before it, for the history.
  EXPECT_THAT(Put("e"), IsError(absl::StatusCode::kUnavailable,
                                v1::ERROR_REASON_STORE_UNAVAILABLE));
  disk_.Repair();
  EXPECT_TRUE(Has("e"));
  EXPECT_OK(Put("e"));
}

}  // namespace
}  // namespace twingraph::kv_rocks
