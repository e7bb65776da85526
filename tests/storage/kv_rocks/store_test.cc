// What concerns files; the laws that all engines keep are tested in
// tests/conformance/kv.
#include "storage/kv_rocks/store.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"

#include "storage/base/id.h"
#include "storage/kv_rocks/disk_bytes.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace twingraph::kv_rocks {
namespace {

const std::vector<kv::SpaceSpec> kSpaces = {
    {.id = 1, .name = "points", .keeps_history = true},
    {.id = 2, .name = "edges", .keeps_history = true, .prefix_length = 2},
    {.id = 3, .name = "index", .churning = true}};

std::unique_ptr<kv::Engine> Open(const std::string& path) {
  auto engine =
      OpenEngine(kSpaces, {.directory = path, .memory_budget_bytes = 16 << 20});
  EXPECT_OK(engine);
  return engine.ok() ? *std::move(engine) : nullptr;
}

// Puts one row of each space in a group of its own.
void Commit(kv::Engine& engine, const std::string& key,
            const std::string& value, uint64_t epoch = 1) {
  const kv::EngineHead head = engine.head();
  kv::GroupRecord record;
  record.incarnation.epoch = epoch;
  record.previous_revision = head.revision;
  record.previous_hash = head.record_hash;
  record.first_revision = head.revision + 1;
  kv::Commit commit;
  for (const kv::SpaceSpec& space : kSpaces) {
    kv::Effect effect;
    effect.space = space.id;
    effect.key = key;
    effect.value = value;
    commit.effects.push_back(effect);
  }
  record.commits.push_back(commit);
  ASSERT_OK_AND_ASSIGN(const kv::EncodedGroup group,
                       kv::EncodeGroup(std::move(record)));
  ASSERT_OK_AND_ASSIGN(const kv::ApplyResult result,
                       engine.Apply(group, kv::Durability::kFsync));
  ASSERT_EQ(result.outcome, kv::ApplyOutcome::kApplied);
}

std::string ValueOf(kv::Engine& engine, kv::SpaceId space,
                    const std::string& key) {
  const auto row =
      engine.newest().Get(Context(), space, key, kv::ReadTier::kAll);
  EXPECT_OK(row);
  return row.ok() && row->has_value() ? (*row)->value : "(none)";
}

TEST(RocksStoreTest, KeepsRowsHeadAndLogWhenClosedAndOpened) {
  const TempDir dir;
  kv::EngineHead head;
  {
    const auto engine = Open(dir.path());
    EXPECT_EQ(engine->opened_as(), kv::OpenedAs::kEmpty);
    Commit(*engine, "k1", "a");
    Commit(*engine, "k2", "b");
    head = engine->head();
  }
  const auto engine = Open(dir.path());
  EXPECT_EQ(engine->opened_as(), kv::OpenedAs::kClean);
  EXPECT_EQ(engine->head().revision, 2U);
  EXPECT_EQ(engine->head().record_hash, head.record_hash);
  for (const kv::SpaceSpec& space : kSpaces) {
    EXPECT_EQ(ValueOf(*engine, space.id, "k1"), "a");
  }
  int records = 0;
  EXPECT_OK(engine->ReadLog(Context(), 1, [&](absl::string_view) {
    ++records;
    return true;
  }));
  EXPECT_EQ(records, 2);
}

TEST(RocksStoreTest, ACopyIsMarkedUntilItsFirstCommitOfANewEpoch) {
  const TempDir dir;
  const std::string copy = dir.path() + "/copy";
  {
    const auto engine = Open(dir.path() + "/store");
    Commit(*engine, "k1", "a");
    ASSERT_OK(engine->Checkpoint(copy));
    EXPECT_THAT(engine->Checkpoint(copy),
                IsError(absl::StatusCode::kFailedPrecondition,
                        v1::ERROR_REASON_INVALID_FIELD));
    Commit(*engine, "k1", "later");
  }
  {
    const auto engine = Open(copy);
    EXPECT_EQ(engine->opened_as(), kv::OpenedAs::kCopy);
    EXPECT_EQ(ValueOf(*engine, 1, "k1"), "a");
  }
  {
    const auto engine = Open(copy);
    EXPECT_EQ(engine->opened_as(), kv::OpenedAs::kCopy);
    Commit(*engine, "k2", "b", /*epoch=*/2);
  }
  EXPECT_EQ(Open(copy)->opened_as(), kv::OpenedAs::kClean);
}

TEST(RocksStoreTest, TrimmedHistoryAndLogLeaveTheDisk) {
  const TempDir dir;
  const auto engine = Open(dir.path());
  for (int i = 0; i < 50; ++i) {
    Commit(*engine, "k1", std::string(20'000, static_cast<char>('a' + i % 26)));
  }
  ASSERT_OK(engine->Flush());
  ASSERT_OK(engine->Trim(50));
  ASSERT_OK(engine->Compact(Context()));
  const auto entries = engine->newest().Scan(
      Context(), kv::kHistorySpace, kv::Range::All(), kv::Order::kAscending);
  EXPECT_FALSE(entries->Next());
  EXPECT_OK(entries->status());
  std::vector<kv::Revision> kept;
  EXPECT_OK(engine->ReadLog(Context(), 1, [&](absl::string_view record) {
    kept.push_back(kv::DecodeGroupHeader(record)->first_revision);
    return true;
  }));
  EXPECT_EQ(kept, std::vector<kv::Revision>{50});
  EXPECT_LT(engine->Stats().history_bytes, 10'000U);
}

TEST(RocksStoreTest, ExpiredHistoryLeavesTheDiskByItself) {
  const TempDir dir;
  const auto engine = Open(dir.path());
  for (int i = 0; i < 50; ++i) {
    Commit(*engine, "k1", std::string(20'000, static_cast<char>('a' + i % 26)));
  }
  ASSERT_OK(engine->Flush());
  const uint64_t before = engine->Stats().history_bytes;
  ASSERT_OK(engine->Trim(10));  // too little to be worth a sweep
  ASSERT_OK(engine->Trim(48));
  const absl::Time deadline = absl::Now() + absl::Seconds(20);
  while (engine->Stats().history_bytes > before / 2 && absl::Now() < deadline) {
    std::this_thread::yield();
  }
  EXPECT_LE(engine->Stats().history_bytes, before / 2);
}

TEST(RocksStoreTest, ACompactionEndsWithItsCall) {
  const TempDir dir;
  const auto engine = Open(dir.path());
  Commit(*engine, "k1", "a");
  Context ended;
  ended.Cancel();
  EXPECT_THAT(engine->Compact(ended), IsError(absl::StatusCode::kCancelled,
                                              v1::ERROR_REASON_CALL_ENDED));
  EXPECT_OK(engine->Compact(Context()));
}

TEST(RocksStoreTest, SaysWhatItsPartsHold) {
  const TempDir dir;
  auto engine = Open(dir.path());
  Commit(*engine, "k1", std::string(10'000, 'a'));
  for (const bool is_reopened : {false, true}) {
    SCOPED_TRACE(is_reopened);
    if (is_reopened) {
      engine.reset();
      engine = Open(dir.path());
    } else {
      ASSERT_OK(engine->Flush());
    }
    const kv::EngineStats stats = engine->Stats();
    ASSERT_EQ(stats.parts.size(), 5U);
    EXPECT_EQ(stats.parts[3].name, "history");
    uint64_t bytes_of_parts = 0;
    for (const kv::PartStats& part : stats.parts) {
      EXPECT_GT(part.disk_bytes, 0U) << part.name;
      EXPECT_GT(part.rows, 0U) << part.name;
      bytes_of_parts += part.disk_bytes;
    }
    EXPECT_GT(stats.disk_bytes, bytes_of_parts);
  }
  const kv::EngineStats stats = engine->Stats();
  EXPECT_EQ(stats.memory_limit_bytes, size_t{16} << 20);
  EXPECT_GT(stats.memory_bytes, 0U);
  EXPECT_LE(stats.memory_bytes, stats.memory_limit_bytes);
}

TEST(RocksStoreTest, CountsAllThatItsDirectoryTakes) {
  const TempDir dir;
  const auto engine = Open(dir.path());
  // In the log of writes, and in no table.
  Commit(*engine, "k1", RandomBytes(100'000));
  EXPECT_GE(engine->Stats().disk_bytes, 100'000U);
  EXPECT_EQ(engine->Stats().disk_bytes, DiskBytesOf(dir.path()));
}

TEST(RocksStoreTest, ADirectoryInUseIsRefused) {
  const TempDir dir;
  const auto engine = Open(dir.path());
  EXPECT_THAT(OpenEngine(kSpaces, {.directory = dir.path()}),
              IsError(absl::StatusCode::kFailedPrecondition,
                      v1::ERROR_REASON_STORE_UNAVAILABLE));
}

// A group that gives each of `rows` index rows another key; the first only
// puts them.
void MoveIndexRows(kv::Engine& engine, int rows, int round) {
  const auto key_of = [](int row, int at) {
    return std::to_string((row * 7919 + at * 104'729) % 1'000'003) + "/" +
           std::to_string(row);
  };
  const kv::EngineHead head = engine.head();
  kv::GroupRecord record;
  record.incarnation.epoch = 1;
  record.previous_revision = head.revision;
  record.previous_hash = head.record_hash;
  record.first_revision = head.revision + 1;
  kv::Commit& commit = record.commits.emplace_back();
  for (int row = 0; row < rows; ++row) {
    kv::Effect effect;
    effect.space = 3;
    if (round > 0) {
      effect.op = kv::EffectOp::kDelete;
      effect.key = key_of(row, round - 1);
      commit.effects.push_back(effect);
    }
    effect.op = kv::EffectOp::kPut;
    effect.key = key_of(row, round);
    commit.effects.push_back(effect);
  }
  ASSERT_OK_AND_ASSIGN(const kv::EncodedGroup group,
                       kv::EncodeGroup(std::move(record)));
  ASSERT_OK_AND_ASSIGN(const kv::ApplyResult result,
                       engine.Apply(group, kv::Durability::kOs));
  ASSERT_EQ(result.outcome, kv::ApplyOutcome::kApplied);
}

uint64_t ChurningBufferBytes(const kv::Engine& engine) {
  for (const kv::PartStats& part : engine.Stats().parts) {
    if (part.name == "churning") {
      return part.buffer_bytes;
    }
  }
  return 0;
}

TEST(RocksStoreTest, AnIndexThatOnlyGrowsIsNotFlushedEarly) {
  const TempDir dir;
  const auto engine = Open(dir.path());
  MoveIndexRows(*engine, /*rows=*/5'000, /*round=*/0);
  EXPECT_GT(ChurningBufferBytes(*engine), 5'000U * 20);
}

TEST(RocksStoreTest, ABusyIndexIsFlushedBeforeItsGravesPileUp) {
  const TempDir dir;
  const auto engine = Open(dir.path());
  constexpr int kRows = 2'000;
  uint64_t most = 0;
  for (int round = 0; round < 20; ++round) {
    MoveIndexRows(*engine, kRows, round);
    // As long as the disk may take for one file.
    for (int i = 0; i < 200; ++i) {
      if (ChurningBufferBytes(*engine) < uint64_t{400} << 10) {
        break;
      }
      absl::SleepFor(absl::Milliseconds(10));
    }
    most = std::max(most, ChurningBufferBytes(*engine));
  }
  // 40,000 graves and as many rows take more than 4 MB; the buffer's share of
  // the budget is 1 MiB.
  EXPECT_LT(most, uint64_t{600} << 10);
  const auto rows = engine->newest().Scan(Context(), 3, kv::Range::All(),
                                          kv::Order::kAscending);
  int count = 0;
  while (rows->Next()) {
    ++count;
  }
  EXPECT_OK(rows->status());
  EXPECT_EQ(count, kRows);
}

TEST(RocksStoreTest, ALongScanMissesNothingWhereItStopsCaching) {
  const TempDir dir;
  const auto engine = Open(dir.path());
  constexpr int kRows = 51'000;
  MoveIndexRows(*engine, kRows, /*round=*/0);
  ASSERT_OK(engine->Flush());
  // The same rows, moved: graves of the first round lie between them.
  MoveIndexRows(*engine, kRows, /*round=*/1);
  ASSERT_OK_AND_ASSIGN(const auto snapshot, engine->OpenSnapshot());
  MoveIndexRows(*engine, kRows, /*round=*/2);
  std::vector<std::string> rising;
  const auto forward =
      snapshot->Scan(Context(), 3, kv::Range::All(), kv::Order::kAscending);
  while (forward->Next()) {
    rising.emplace_back(forward->key());
  }
  EXPECT_OK(forward->status());
  EXPECT_EQ(rising.size(), static_cast<size_t>(kRows));
  EXPECT_TRUE(std::is_sorted(rising.begin(), rising.end()));
  std::vector<std::string> falling;
  const auto backward =
      snapshot->Scan(Context(), 3, kv::Range::All(), kv::Order::kDescending);
  while (backward->Next()) {
    falling.emplace_back(backward->key());
  }
  EXPECT_OK(backward->status());
  std::reverse(falling.begin(), falling.end());
  EXPECT_EQ(falling, rising);
}

// Indexes that are cleared just now have nothing to write or to compact.
TEST(RocksStoreTest, UpkeepGoesOnBesideClearing) {
  const TempDir dir;
  const auto engine = Open(dir.path());
  constexpr int kClearings = 40;
  std::atomic<bool> is_done{false};
  std::thread flushes([&] {
    while (!is_done) {
      EXPECT_OK(engine->Flush());
    }
  });
  std::thread compactions([&] {
    while (!is_done) {
      EXPECT_OK(engine->Compact(Context()));
    }
  });
  for (int i = 0; i < kClearings; ++i) {
    for (int row = 0; row < 20; ++row) {
      Commit(*engine, absl::StrCat("k", row), absl::StrCat("v", i));
    }
    EXPECT_OK(engine->ClearChurning());
  }
  is_done = true;
  flushes.join();
  compactions.join();
  EXPECT_EQ(ValueOf(*engine, 1, "k7"), absl::StrCat("v", kClearings - 1));
  EXPECT_EQ(ValueOf(*engine, 3, "k7"), "(none)");
}

}  // namespace
}  // namespace twingraph::kv_rocks
