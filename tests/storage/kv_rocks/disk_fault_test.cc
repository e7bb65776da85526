// A disk that is full or broken: commits are refused while it lasts, nothing
// that was acknowledged is lost, reads go on, and all is well again by itself.

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "storage/base/status_macros.h"
#include "storage/commit/store.h"
#include "tests/support/faulty_disk.h"
#include "tests/support/kv_engines.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace twingraph::kv_rocks {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Fault = FaultyDisk::Fault;

class DiskFaultTest : public ::testing::Test {
 protected:
  void SetUp() override { Open(); }

  void Open() { ASSERT_OK(TryToOpen()); }

  absl::Status TryToOpen() {
    store_.reset();
    ASSIGN_OR_RETURN(
        auto engine,
        OpenEngine(TestSpaces(), {.directory = dir_.path() + "/store",
                                  .memory_budget_bytes = size_t{16} << 20,
                                  .disk_reserve_bytes = 1000,
                                  .env = disk_.env()}));
    commit::StoreOptions options;
    options.maintenance_interval = absl::ZeroDuration();
    ASSIGN_OR_RETURN(store_,
                     commit::Store::Open(ctx_, std::move(engine), options, {}));
    return absl::OkStatus();
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
  static void ExpectComesToWork(const std::function<absl::Status()>& call) {
    const absl::Time deadline = absl::Now() + absl::Seconds(20);
    absl::Status status = call();
    while (!status.ok() && absl::Now() < deadline) {
      absl::SleepFor(absl::Milliseconds(20));
      status = call();
    }
    EXPECT_OK(status);
  }

  // The highest number of a file that RocksDB has made.
  int NewestFile() const {
    int newest = 0;
    for (const auto& file :
         std::filesystem::directory_iterator(dir_.path() + "/store")) {
      int number = 0;
      if (absl::SimpleAtoi(file.path().stem().string(), &number)) {
        newest = std::max(newest, number);
      }
    }
    return newest;
  }

  void ExpectRecovers(const std::string& key) {
    ExpectComesToWork([&] { return Put(key); });
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

TEST_P(DiskFaultCaseTest, ClosesAsTheEndOfTheProcessWould) {
  ASSERT_OK(Put("before"));
  disk_.FailWrites(GetParam().fault, GetParam().files);
  const bool is_stored = Put("during").ok();
  store_.reset();
  EXPECT_GT(disk_.failures(), 0);
  disk_.Repair();
  Open();
  EXPECT_TRUE(Has("before"));
  EXPECT_TRUE(!is_stored || Has("during"));
  EXPECT_OK(Put("after"));
}

// Nothing lies in memory that resuming could write: after opening, after a
// flush.
TEST_P(DiskFaultCaseTest, RecoversWhereTheFirstWriteFails) {
  ASSERT_OK(Put("before"));
  for (const bool is_opened : {true, false}) {
    SCOPED_TRACE(is_opened);
    if (is_opened) {
      Open();
    } else {
      ExpectComesToWork([&] { return store_->engine().Flush(); });
    }
    disk_.FailWrites(GetParam().fault, GetParam().files);
    Put("during").IgnoreError();
    store_->engine().Trim(store_->head()->revision).IgnoreError();
    disk_.Repair();
    ExpectRecovers("after");
    EXPECT_TRUE(Has("before"));
  }
}

// Without a commit that would stumble over it first.
TEST_P(DiskFaultCaseTest, FlushesAgainAfterAFailureInTheBackground) {
  ASSERT_OK(Put("before"));
  disk_.FailWrites(GetParam().fault, GetParam().files);
  EXPECT_FALSE(store_->engine().Flush().ok());
  disk_.Repair();
  ExpectComesToWork([&] { return store_->engine().Flush(); });
  EXPECT_TRUE(Has("before"));
}

TEST_P(DiskFaultCaseTest, CompactsAgainAfterAFailureInTheBackground) {
  ASSERT_OK(Put("before"));
  disk_.FailWrites(GetParam().fault, GetParam().files);
  EXPECT_FALSE(store_->engine().Flush().ok());
  disk_.Repair();
  ExpectComesToWork([&] { return store_->engine().Compact(ctx_); });
  EXPECT_TRUE(Has("before"));
}

// What recovers once does not go on recovering.
TEST_P(DiskFaultCaseTest, WritesNoFilesForEachCommitAfterwards) {
  ASSERT_OK(Put("before"));
  disk_.FailWrites(GetParam().fault, GetParam().files);
  store_->engine().Flush().IgnoreError();
  disk_.Repair();
  ExpectRecovers("after");
  const int made = NewestFile();
  for (int i = 0; i < 20; ++i) {
    ASSERT_OK(Put(absl::StrCat("k", i)));
  }
  EXPECT_LT(NewestFile() - made, 20);
}

// After an orderly close, and after a process that ended without.
TEST_P(DiskFaultCaseTest, OpensForReadingOrSaysWhyNot) {
  for (const bool is_clean : {true, false}) {
    SCOPED_TRACE(is_clean);
    ASSERT_OK(Put("before"));
    if (!is_clean) {
      disk_.FailWrites(Fault::kFull);
    }
    store_.reset();
    disk_.FailWrites(GetParam().fault, GetParam().files);
    const absl::Status opened = TryToOpen();
    if (opened.ok()) {
      EXPECT_TRUE(Has("before"));
      Put("during").IgnoreError();
    } else {
      EXPECT_THAT(ReasonOf(opened), GetParam().fault == Fault::kFull
                                        ? v1::ERROR_REASON_STORE_FULL
                                        : v1::ERROR_REASON_STORE_UNAVAILABLE);
    }
    store_.reset();
    disk_.Repair();
    Open();
    EXPECT_TRUE(Has("before"));
    EXPECT_OK(Put("after"));
  }
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

TEST_F(DiskFaultTest, WithoutRoomToOpenItIsReadAndStaysAsItIs) {
  ASSERT_OK(Put("before"));
  const auto epoch = store_->head()->incarnation.epoch;
  store_.reset();
  disk_.SetFreeBytes(0);
  for (int i = 0; i < 2; ++i) {
    Open();
    EXPECT_TRUE(Has("before"));
    EXPECT_EQ(store_->engine().opened_as(), kv::OpenedAs::kClean);
    const absl::Status refused = Put("refused");
    EXPECT_THAT(refused, IsError(absl::StatusCode::kResourceExhausted,
                                 v1::ERROR_REASON_STORE_FULL));
    EXPECT_THAT(refused.message(), AllOf(HasSubstr("0 bytes are free"),
                                         HasSubstr("make room, and writes")));
    kv::Engine& engine = store_->engine();
    for (const absl::Status& status :
         {Put("refused", "v", /*frees_space=*/true),
          engine.Stats().write_failure, engine.Flush(), engine.Compact(ctx_),
          engine.Checkpoint(dir_.path() + "/copy")}) {
      EXPECT_EQ(ReasonOf(status), ReasonOf(refused));
      EXPECT_EQ(status.message(), refused.message());
      EXPECT_EQ(MetadataOf(status, "needed_bytes"),
                MetadataOf(refused, "needed_bytes"));
    }
    EXPECT_OK(store_->Maintain(ctx_));
    EXPECT_GT(engine.Stats().disk_bytes, 0U);
    const auto damages = engine.Verify(ctx_);
    ASSERT_OK(damages);
    EXPECT_THAT(*damages, IsEmpty());
  }
  disk_.SetFreeBytes(UINT64_MAX);
  Open();
  EXPECT_EQ(store_->engine().opened_as(), kv::OpenedAs::kClean);
  EXPECT_EQ(store_->head()->incarnation.epoch, epoch);
  EXPECT_FALSE(Has("refused"));
  EXPECT_OK(Put("after"));
}

TEST_F(DiskFaultTest, WithoutRoomNothingOfANewStoreIsMade) {
  store_.reset();
  std::filesystem::remove_all(dir_.path() + "/store");
  disk_.SetFreeBytes(300'000);
  EXPECT_OK(TryToOpen());
  store_.reset();
  std::filesystem::remove_all(dir_.path() + "/store");
  disk_.SetFreeBytes(200'000);
  const absl::Status refused = TryToOpen();
  EXPECT_THAT(refused, IsError(absl::StatusCode::kResourceExhausted,
                               v1::ERROR_REASON_STORE_FULL));
  EXPECT_THAT(refused.message(), HasSubstr("200000 bytes are free"));
  EXPECT_FALSE(std::filesystem::exists(dir_.path() + "/store"));
}

TEST_F(DiskFaultTest, WithoutRoomWhatOnlyTheLogHoldsIsRead) {
  ASSERT_OK(Put("before"));
  disk_.FailWrites(Fault::kFull);
  store_.reset();
  disk_.Repair();
  disk_.SetFreeBytes(0);
  Open();
  EXPECT_EQ(store_->engine().opened_as(), kv::OpenedAs::kUnclean);
  EXPECT_TRUE(Has("before"));
}

// Opened for reading only, and written as soon as there is room.
class RoomReturnsTest : public DiskFaultTest,
                        public ::testing::WithParamInterface<bool> {
 protected:
  static constexpr int kRows = 200;

  // Rows in tables and, where the process ended without closing, in the log.
  void OpenWithoutRoom() {
    for (int i = 0; i < kRows; ++i) {
      ASSERT_OK(Put(Key(i), std::string(2000, 'v')));
      if (i % 50 == 25) {
        ASSERT_OK(store_->engine().Flush());
      }
    }
    if (!GetParam()) {
      disk_.FailWrites(Fault::kFull);
    }
    epoch_ = store_->head()->incarnation.epoch;
    revision_ = store_->head()->revision;
    store_.reset();
    disk_.Repair();
    disk_.SetFreeBytes(0);
    Open();
    ASSERT_FALSE(Put("refused").ok());
  }

  static std::string Key(int i) { return "key" + std::to_string(1000 + i); }

  // Everything that was there when the store was opened, and nothing else.
  static void ExpectAsOpened(const Context& ctx, const commit::Reader& reader) {
    const auto cursor = reader.Scan(ctx, kFacts, kv::Range());
    for (int i = 0; i < kRows; ++i) {
      ASSERT_TRUE(cursor->Next()) << i << cursor->status();
      EXPECT_EQ(cursor->key(), Key(i));
      EXPECT_EQ(cursor->value(), std::string(2000, 'v'));
    }
    EXPECT_FALSE(cursor->Next());
    EXPECT_OK(cursor->status());
  }

  size_t Tables() const {
    size_t count = 0;
    for (const auto& entry :
         std::filesystem::directory_iterator(dir_.path() + "/store")) {
      count += entry.path().extension() == ".sst" ? 1 : 0;
    }
    return count;
  }

  // Is the last thing that is known of the disk that there is no room?
  bool IsWithoutRoom() const {
    return absl::StrContains(store_->engine().CheckWritable().message(),
                             "0 bytes are free");
  }

  static bool Until(const std::function<bool()>& is_so) {
    const absl::Time deadline = absl::Now() + absl::Seconds(20);
    while (!is_so() && absl::Now() < deadline) {
      absl::SleepFor(absl::Milliseconds(20));
    }
    return is_so();
  }

  uint64_t epoch_ = 0;
  kv::Revision revision_ = 0;
};

INSTANTIATE_TEST_SUITE_P(Left, RoomReturnsTest, ::testing::Bool(),
                         [](const auto& test) {
                           return test.param ? "Clean" : "Unclean";
                         });

TEST_P(RoomReturnsTest, WritesComeBackWhereTheyEnded) {
  OpenWithoutRoom();
  EXPECT_EQ(store_->head()->revision, revision_);
  disk_.SetFreeBytes(UINT64_MAX);
  ExpectRecovers("recovered");
  EXPECT_EQ(store_->head()->revision, revision_ + 1);
  EXPECT_EQ(store_->head()->incarnation.epoch, epoch_);
  EXPECT_OK(store_->engine().CheckWritable());
  EXPECT_OK(store_->engine().Stats().write_failure);
  EXPECT_OK(store_->engine().Checkpoint(dir_.path() + "/copy"));
  EXPECT_OK(store_->TrimBefore(ctx_, revision_));
  const auto damages = store_->engine().Verify(ctx_);
  ASSERT_OK(damages);
  EXPECT_THAT(*damages, IsEmpty());
  Open();
  EXPECT_EQ(store_->engine().opened_as(), kv::OpenedAs::kClean);
  EXPECT_EQ(store_->head()->revision, revision_ + 2);
  EXPECT_EQ(store_->head()->incarnation.epoch, epoch_);
  EXPECT_TRUE(Has("recovered"));
  EXPECT_TRUE(Has(Key(0)));
  EXPECT_FALSE(Has("refused"));
}

// What was opened before keeps its state and its files, whatever is written.
TEST_P(RoomReturnsTest, OpenReadersStayRight) {
  OpenWithoutRoom();
  auto snapshot = store_->OpenSnapshot(ctx_);
  ASSERT_OK(snapshot);
  auto begun = store_->engine().newest().Scan(ctx_, kFacts, kv::Range(),
                                              kv::Order::kAscending);
  ASSERT_TRUE(begun->Next());
  disk_.SetFreeBytes(UINT64_MAX);
  ExpectRecovers("recovered");
  for (int i = 0; i < kRows; ++i) {
    ASSERT_OK(Put(Key(i), "changed"));
  }
  ASSERT_OK(store_->engine().Flush());
  ASSERT_OK(store_->engine().Compact(ctx_));
  const size_t tables = Tables();
  ExpectAsOpened(ctx_, **snapshot);
  for (int i = 1; i < kRows; ++i) {
    ASSERT_TRUE(begun->Next()) << begun->status();
    EXPECT_EQ(begun->value(), std::string(2000, 'v'));
  }
  EXPECT_FALSE(begun->Next());
  EXPECT_OK(begun->status());
  const auto row = store_->Newest()->Get(ctx_, kFacts, Key(0));
  ASSERT_OK(row);
  EXPECT_EQ((*row)->value, "changed");
  // With the last of them its files go.
  begun.reset();
  EXPECT_EQ(Tables(), tables);
  ExpectAsOpened(ctx_, **snapshot);
  snapshot->reset();
  EXPECT_TRUE(Until([&] { return Tables() < tables; }));
}

TEST_P(RoomReturnsTest, ReadersMeetTheChangeAtAnyMoment) {
  OpenWithoutRoom();
  std::atomic<bool> is_done{false};
  std::atomic<int> reads{0};
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&, i] {
      while (!is_done) {
        EXPECT_TRUE(Has(Key(i)));
        const auto snapshot = store_->engine().OpenSnapshot();
        ASSERT_OK(snapshot);
        const auto cursor =
            (*snapshot)->Scan(ctx_, kFacts, kv::Range(), kv::Order::kAscending);
        int rows = 0;
        while (cursor->Next()) {
          ++rows;
        }
        EXPECT_OK(cursor->status());
        EXPECT_EQ(rows, kRows + static_cast<int>((*snapshot)->revision() -
                                                 revision_));
        store_->engine().Stats();
        ++reads;
      }
    });
  }
  while (reads < 10) {
    absl::SleepFor(absl::Milliseconds(1));
  }
  disk_.SetFreeBytes(UINT64_MAX);
  ExpectRecovers("w0");
  for (int i = 1; i < 20; ++i) {
    EXPECT_OK(Put("w" + std::to_string(i)));
  }
  EXPECT_OK(store_->engine().Compact(ctx_));
  is_done = true;
  for (std::thread& each : readers) {
    each.join();
  }
}

// There was room to try, and not enough, or the disk fails.
TEST_P(RoomReturnsTest, StaysAsItIsUntilOpeningWorks) {
  OpenWithoutRoom();
  const auto snapshot = store_->OpenSnapshot(ctx_);
  ASSERT_OK(snapshot);
  for (const auto& [fault, files] :
       {std::pair(Fault::kFull, ""), std::pair(Fault::kFull, ".log"),
        std::pair(Fault::kBroken, "MANIFEST"),
        std::pair(Fault::kBroken, ".dbtmp")}) {
    SCOPED_TRACE(files);
    ASSERT_TRUE(Until([&] { return IsWithoutRoom(); }));
    disk_.FailWrites(fault, files);
    disk_.SetFreeBytes(UINT64_MAX);
    ASSERT_TRUE(Until([&] { return !IsWithoutRoom(); }));
    EXPECT_FALSE(Put("refused").ok());
    disk_.SetFreeBytes(0);
    disk_.Repair();
  }
  ExpectAsOpened(ctx_, **snapshot);
  EXPECT_EQ(store_->head()->revision, revision_);
  disk_.SetFreeBytes(UINT64_MAX);
  ExpectRecovers("recovered");
  EXPECT_EQ(store_->head()->revision, revision_ + 1);
  ExpectAsOpened(ctx_, **snapshot);
}

TEST_P(RoomReturnsTest, ClosesAsItWasLeftWhereOpeningFailed) {
  OpenWithoutRoom();
  const kv::OpenedAs left = store_->engine().opened_as();
  disk_.FailWrites(Fault::kFull, "MANIFEST");
  disk_.SetFreeBytes(UINT64_MAX);
  ASSERT_TRUE(Until([&] { return !IsWithoutRoom(); }));
  store_.reset();
  disk_.Repair();
  Open();
  EXPECT_EQ(store_->engine().opened_as(), left);
  EXPECT_EQ(store_->head()->revision, revision_);
  EXPECT_EQ(store_->head()->incarnation.epoch, epoch_);
  EXPECT_OK(Put("after"));
}

TEST_F(DiskFaultTest, ANewStoreWithoutRoomIsRefused) {
  store_.reset();
  std::filesystem::remove_all(dir_.path() + "/store");
  disk_.SetFreeBytes(100'000);
  const absl::Status refused = TryToOpen();
  EXPECT_THAT(refused, IsError(absl::StatusCode::kResourceExhausted,
                               v1::ERROR_REASON_STORE_FULL));
  EXPECT_EQ(MetadataOf(refused, "free_bytes"), "100000");
  disk_.SetFreeBytes(UINT64_MAX);
  Open();
}

TEST_F(DiskFaultTest, TrimsNothingWhileTheLogFails) {
  ASSERT_OK(Put("before"));
  disk_.FailWrites(Fault::kFull, ".log");
  EXPECT_FALSE(Put("during").ok());
  EXPECT_FALSE(store_->engine().Trim(store_->head()->revision).ok());
  disk_.Repair();
  ExpectRecovers("after");
  EXPECT_OK(store_->engine().Trim(store_->head()->revision));
}

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
