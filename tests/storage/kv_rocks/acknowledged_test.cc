// A table goes bad under a store that is written, flushed and compacted: what
// was acknowledged is there afterwards, or DATA_LOSS says where it is missing.

#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "storage/commit/store.h"
#include "storage/kv/counter.h"
#include "tests/support/kv_engines.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace twingraph::kv_rocks {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kSeeds = 15;

int damage_met = 0;

bool IsDamage(const absl::Status& status) {
  if (status.ok()) {
    return false;
  }
  ++damage_met;
  EXPECT_THAT(status, IsError(absl::StatusCode::kDataLoss,
                              v1::ERROR_REASON_STORE_CORRUPT));
  EXPECT_NE(MetadataOf(status, "space"), "");
  return true;
}

// One store, its damage, and what its callers were told.
class Round {
 public:
  explicit Round(uint64_t seed) : random_(seed) {}

  void Run() {
    ASSERT_OK(Open());
    Commit(Below(60) + 10);
    const bool is_closed = Below(2) == 0;
    if (is_closed) {
      store_.reset();
    }
    DamageATable();
    if (!is_closed || !IsDamage(Open())) {
      CommitBesideCompactions();
    }
    store_.reset();
    if (!IsDamage(Open())) {
      Check();
    }
  }

 private:
  size_t Below(size_t limit) { return random_() % limit; }

  absl::Status Open() {
    absl::StatusOr<std::unique_ptr<kv::Engine>> engine = OpenEngine(
        TestSpaces(),
        {.directory = path_, .memory_budget_bytes = size_t{8} << 20});
    if (!engine.ok()) {
      return engine.status();
    }
    commit::StoreOptions options;
    options.maintenance_interval = absl::ZeroDuration();
    auto store = commit::Store::Open(ctx_, *std::move(engine), options, {});
    if (!store.ok()) {
      return store.status();
    }
    store_ = *std::move(store);
    return absl::OkStatus();
  }

  // Up to `count` commits, until one fails. Each writes a row of every kind,
  // and a key that all of them write.
  void Commit(size_t count) {
    for (size_t i = 0; i < count; ++i) {
      const std::string key = absl::StrCat("k", random_() % 1000, "/", ++next_);
      const std::string value(Below(3000), static_cast<char>('a' + i % 26));
      const auto info = store_->RunTransaction(
          ctx_, {}, [&](commit::Transaction& t) -> absl::Status {
            for (const kv::SpaceId space : {kFacts, kEdges, kIndex}) {
              if (absl::Status put = t.Put(space, key, value); !put.ok()) {
                return put;
              }
            }
            if (absl::Status put = t.Put(kFacts, "same", key); !put.ok()) {
              return put;
            }
            return t.Increment(kCounter, "n", 1);
          });
      if (!info.ok()) {
        unknown_ = key;
        return;
      }
      acknowledged_[key] = {value, info->revision};
      last_ = info->revision;
      if (Below(8) == 0) {
        store_->engine().Flush().IgnoreError();
      }
    }
  }

  void CommitBesideCompactions() {
    std::atomic<bool> is_done{false};
    std::thread compactions;
    if (Below(2) == 0) {
      compactions = std::thread([&] {
        while (!is_done) {
          store_->engine().Compact(ctx_).IgnoreError();
        }
      });
    }
    Commit(Below(60) + 10);
    is_done = true;
    if (compactions.joinable()) {
      compactions.join();
    }
  }

  // Overwrites some bytes of one file.
  void DamageATable() {
    std::vector<fs::path> tables;
    for (const auto& file : fs::directory_iterator(path_)) {
      if (file.path().extension() == ".sst") {
        tables.push_back(file.path());
      }
    }
    if (tables.empty()) {
      return;
    }
    const fs::path& table = tables[Below(tables.size())];
    std::fstream file(table, std::ios::in | std::ios::out | std::ios::binary);
    std::error_code gone;
    const size_t bytes = fs::file_size(table, gone);
    if (gone || bytes == 0) {
      return;
    }
    // Rows, or what describes them at the end.
    const size_t at = Below(3) == 0
                          ? bytes - 1 - Below(std::min(bytes, size_t{1500}))
                          : Below(bytes);
    // Not above 127: RocksDB 7.8 ends the process where the last byte of the
    // properties of a table is.
    const std::string noise(std::min(bytes - at, Below(100) + 1),
                            static_cast<char>(Below(128)));
    file.seekp(static_cast<std::streamoff>(at));
    file.write(noise.data(), static_cast<std::streamsize>(noise.size()));
  }

  // What is read without an error is what was acknowledged, and all of it.
  void Check() {
    EXPECT_GE(store_->head()->revision, last_);
    for (const auto& [key, row] : acknowledged_) {
      for (const kv::SpaceId space : {kFacts, kEdges, kIndex}) {
        const auto found = store_->Newest()->Get(ctx_, space, key);
        if (!IsDamage(found.status())) {
          ASSERT_TRUE(found->has_value()) << key << " in " << int{space};
          EXPECT_EQ((*found)->value, row.value) << key;
          EXPECT_EQ((*found)->revision, row.revision) << key;
        }
      }
    }
    const auto counter = store_->Newest()->Get(ctx_, kCounter, "n");
    if (!IsDamage(counter.status()) && !acknowledged_.empty()) {
      ASSERT_TRUE(counter->has_value());
      EXPECT_GE(*kv::DecodeCounter((*counter)->value),
                static_cast<int64_t>(acknowledged_.size()));
    }
    for (const kv::Order order :
         {kv::Order::kAscending, kv::Order::kDescending}) {
      for (const kv::SpaceId space : {kFacts, kEdges, kIndex}) {
        CheckScan(space, order);
      }
    }
    CheckLog();
  }

  void CheckScan(kv::SpaceId space, kv::Order order) {
    const auto cursor =
        store_->engine().newest().Scan(ctx_, space, kv::Range::All(), order);
    size_t found = 0;
    while (cursor->Next()) {
      const std::string key(cursor->key());
      found += acknowledged_.count(key);
      EXPECT_TRUE(acknowledged_.count(key) > 0 || key == "same" ||
                  key == unknown_)
          << key;
    }
    if (!IsDamage(cursor->status())) {
      EXPECT_EQ(found, acknowledged_.size()) << int{space};
    }
  }

  void CheckLog() {
    std::map<kv::Revision, bool> logged;
    const absl::Status read =
        store_->engine().ReadLog(ctx_, 1, [&](absl::string_view record) {
          const auto header = kv::DecodeGroupHeader(record);
          for (kv::Revision at = header->first_revision;
               at <= header->last_revision(); ++at) {
            logged[at] = true;
          }
          return true;
        });
    if (!IsDamage(read)) {
      for (const auto& [key, row] : acknowledged_) {
        EXPECT_TRUE(logged.contains(row.revision)) << key;
      }
    }
  }

  struct Row {
    std::string value;
    kv::Revision revision = 0;
  };

  const TempDir dir_;
  const std::string path_ = dir_.path() + "/store";
  Context ctx_;
  std::mt19937_64 random_;
  std::unique_ptr<commit::Store> store_;
  int next_ = 0;
  std::map<std::string, Row> acknowledged_;
  kv::Revision last_ = 0;
  std::string unknown_;
};

// With --gtest_shuffle --gtest_repeat each repetition has seeds of its own.
TEST(AcknowledgedTest, IsThereOrItsDamageIsNamed) {
  const uint64_t first =
      kSeeds *
      static_cast<uint64_t>(testing::UnitTest::GetInstance()->random_seed());
  for (uint64_t seed = first; seed < first + kSeeds; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    Round round(seed);
    round.Run();
    if (HasFailure()) {
      return;
    }
  }
  EXPECT_GT(damage_met, 0);
}

}  // namespace
}  // namespace twingraph::kv_rocks
