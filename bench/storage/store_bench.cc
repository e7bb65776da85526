// What transactions cost over the bare engine: each measurement has its floor,
// the same rows by RocksDB alone, in the same run. Read ratios, not times.

#include "storage/commit/store.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "benchmark/benchmark.h"
#include "rocksdb/db.h"
#include "rocksdb/filter_policy.h"
#include "rocksdb/table.h"
#include "rocksdb/write_batch.h"
#include <fcntl.h>
#include <unistd.h>

#include "storage/base/id.h"
#include "storage/base/log.h"
#include "storage/kv_rocks/store.h"

namespace twingraph {
namespace {

constexpr kv::SpaceId kTwin = 1;
constexpr kv::SpaceId kIndex = 2;
constexpr int kTwins = 100'000;
// A twin of ten properties, and one index entry of a property.
constexpr size_t kTwinBytes = 400;

std::string TwinKey(uint64_t number) {
  std::string key(5, '\0');
  for (int i = 4; i >= 0; --i, number >>= 8) {
    key[static_cast<size_t>(i)] = static_cast<char>(number);
  }
  return key;
}

std::string TwinValue(uint64_t seed) {
  std::string value(kTwinBytes, 'v');
  for (size_t i = 0; i < value.size(); i += 16) {
    value.replace(
        i, 8,
        absl::StrCat(absl::Hex(seed * 31 + i, absl::kZeroPad8)).substr(0, 8));
  }
  return value;
}

std::string NewDirectory() {
  const std::string path =
      absl::StrCat(std::filesystem::temp_directory_path().string(),
                   "/tg-bench-", RandomUuid());
  std::filesystem::create_directories(path);
  return path;
}

// A store with kTwins twins.
class StoreUnderTest {
 public:
  explicit StoreUnderTest(kv::Durability durability) {
    SetLogLevel(LogLevel::kError);
    auto engine = kv_rocks::OpenEngine(
        {{.id = kTwin, .name = "twin", .keeps_history = true},
         {.id = kIndex, .name = "index", .churning = true}},
        {.directory = directory_ + "/store",
         .memory_budget_bytes = size_t{256} << 20});
    commit::StoreOptions options;
    options.durability = durability;
    options.maintenance_interval = absl::ZeroDuration();
    store_ = *commit::Store::Open(ctx_, *std::move(engine), options, {});
    for (uint64_t first = 0; first < kTwins; first += 1000) {
      Check(store_
                ->RunTransaction(
                    ctx_, {},
                    [&](commit::Transaction& tx) {
                      for (uint64_t i = first; i < first + 1000; ++i) {
                        Check(tx.Put(kTwin, TwinKey(i), TwinValue(i)));
                      }
                      return absl::OkStatus();
                    })
                .status());
    }
    Check(store_->engine().Flush());
  }

  ~StoreUnderTest() {
    store_.reset();
    std::filesystem::remove_all(directory_);
  }

  commit::Store& store() { return *store_; }

  // Changes one property: the twin, an index entry out and one in, a guard.
  void Patch(uint64_t twin, uint64_t value) {
    Check(store_
              ->RunTransaction(
                  ctx_, {},
                  [&](commit::Transaction& tx) {
                    Check(tx.GetForUpdate(ctx_, kTwin, TwinKey(twin)).status());
                    Check(tx.Put(kTwin, TwinKey(twin), TwinValue(value)));
                    Check(tx.Delete(kIndex, IndexKey(value - 1, twin)));
                    Check(tx.Put(kIndex, IndexKey(value, twin), ""));
                    return absl::OkStatus();
                  })
              .status());
  }

  void Increment() {
    Check(store_
              ->RunTransaction(ctx_, {},
                               [&](commit::Transaction& tx) {
                                 return tx.Increment(kIndex, "counter", 1);
                               })
              .status());
  }

  static void Check(const absl::Status& status) {
    if (!status.ok()) {
      std::abort();
    }
  }

  static std::string IndexKey(uint64_t value, uint64_t twin) {
    return absl::StrCat("p", TwinKey(value), TwinKey(twin));
  }

  Context ctx_;

 private:
  const std::string directory_ = NewDirectory();
  std::unique_ptr<commit::Store> store_;
};

// The same rows by RocksDB alone.
class BareDatabase {
 public:
  BareDatabase() {
    rocksdb::Options options;
    options.create_if_missing = true;
    rocksdb::BlockBasedTableOptions table;
    table.block_cache = rocksdb::NewLRUCache(size_t{256} << 20);
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
    options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
    rocksdb::DB* opened = nullptr;
    if (!rocksdb::DB::Open(options, directory_ + "/db", &opened).ok()) {
      std::abort();
    }
    db_.reset(opened);
    for (uint64_t i = 0; i < kTwins; ++i) {
      Check(db_->Put({}, "t" + TwinKey(i), TwinValue(i)));
    }
    Check(db_->Flush({}));
  }

  ~BareDatabase() {
    db_.reset();
    std::filesystem::remove_all(directory_);
  }

  // The puts of StoreUnderTest::Patch: state, index, history, log, head.
  void Patch(uint64_t twin, uint64_t value, bool sync) {
    const std::string key = TwinKey(twin);
    rocksdb::WriteBatch batch;
    Check(batch.Put("t" + key, TwinValue(value)));
    Check(batch.Delete("i" + StoreUnderTest::IndexKey(value - 1, twin)));
    Check(batch.Put("i" + StoreUnderTest::IndexKey(value, twin), ""));
    Check(batch.Put("h" + key + TwinKey(value), TwinValue(value - 1)));
    Check(batch.Put("l" + TwinKey(value), std::string(kTwinBytes + 150, 'l')));
    Check(batch.Put("head", std::string(48, 'h')));
    rocksdb::WriteOptions options;
    options.sync = sync;
    Check(db_->Write(options, &batch));
  }

  std::string Get(uint64_t twin) {
    rocksdb::PinnableSlice value;
    Check(
        db_->Get({}, db_->DefaultColumnFamily(), "t" + TwinKey(twin), &value));
    return {value.data(), value.size()};
  }

  static void Check(const rocksdb::Status& status) {
    if (!status.ok()) {
      std::abort();
    }
  }

 private:
  const std::string directory_ = NewDirectory();
  std::unique_ptr<rocksdb::DB> db_;
};

StoreUnderTest& RelaxedStore() {
  static StoreUnderTest store(kv::Durability::kOs);
  return store;
}

StoreUnderTest& DurableStore() {
  static StoreUnderTest store(kv::Durability::kFsync);
  return store;
}

BareDatabase& Bare() {
  static BareDatabase database;
  return database;
}

uint64_t NextTwin(uint64_t& state) {
  state = state * 6364136223846793005ULL + 1442695040888963407ULL;
  return (state >> 33) % kTwins;
}

void GetFloor(benchmark::State& state) {
  uint64_t random = 1;
  Bare();
  for (auto _ : state) {
    benchmark::DoNotOptimize(Bare().Get(NextTwin(random)));
  }
}

void GetNewest(benchmark::State& state) {
  StoreUnderTest& test = RelaxedStore();
  uint64_t random = 1;
  for (auto _ : state) {
    benchmark::DoNotOptimize(test.store().Newest()->Get(
        test.ctx_, kTwin, TwinKey(NextTwin(random))));
  }
}

void GetFromSnapshot(benchmark::State& state) {
  StoreUnderTest& test = RelaxedStore();
  const auto reader = *test.store().OpenSnapshot(test.ctx_);
  uint64_t random = 1;
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        reader->Get(test.ctx_, kTwin, TwinKey(NextTwin(random))));
  }
}

void PatchFloor(benchmark::State& state) {
  uint64_t random = 1 + static_cast<uint64_t>(state.thread_index());
  uint64_t value = 1;
  Bare();
  for (auto _ : state) {
    Bare().Patch(NextTwin(random), ++value, /*sync=*/false);
  }
}

void Patch(benchmark::State& state) {
  StoreUnderTest& test = RelaxedStore();
  uint64_t random = 1 + static_cast<uint64_t>(state.thread_index());
  uint64_t value = 1;
  for (auto _ : state) {
    test.Patch(NextTwin(random), ++value);
  }
}

void PatchOneTwin(benchmark::State& state) {
  StoreUnderTest& test = RelaxedStore();
  uint64_t value = 1;
  for (auto _ : state) {
    test.Patch(7, ++value);
  }
}

void IncrementOneKey(benchmark::State& state) {
  for (auto _ : state) {
    RelaxedStore().Increment();
  }
}

void FdatasyncFloor(benchmark::State& state) {
  const std::string directory = NewDirectory();
  const int file =
      open((directory + "/f").c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0644);
  const std::string bytes(1000, 'x');
  for (auto _ : state) {
    if (write(file, bytes.data(), bytes.size()) < 0 || fdatasync(file) != 0) {
      std::abort();
    }
  }
  close(file);
  std::filesystem::remove_all(directory);
}

void PatchDurably(benchmark::State& state) {
  StoreUnderTest& test = DurableStore();
  uint64_t random = 1 + static_cast<uint64_t>(state.thread_index());
  uint64_t value = 1;
  for (auto _ : state) {
    test.Patch(NextTwin(random), ++value);
  }
}

BENCHMARK(GetFloor);
BENCHMARK(GetNewest);
BENCHMARK(GetFromSnapshot);
BENCHMARK(PatchFloor)->Threads(1)->Threads(64)->UseRealTime();
BENCHMARK(Patch)->Threads(1)->Threads(64)->UseRealTime();
BENCHMARK(PatchOneTwin)->Threads(64)->UseRealTime();
BENCHMARK(IncrementOneKey)->Threads(200)->UseRealTime();
BENCHMARK(FdatasyncFloor)->UseRealTime();
BENCHMARK(PatchDurably)->Threads(1)->Threads(64)->UseRealTime();

}  // namespace
}  // namespace twingraph

BENCHMARK_MAIN();
