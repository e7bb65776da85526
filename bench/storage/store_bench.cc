// What transactions cost over the bare engine: each measurement has its floor,
// the same rows by RocksDB alone, in the same run. Read ratios, not times.

#include "storage/commit/store.h"

#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "benchmark/benchmark.h"
#include "rocksdb/db.h"
#include "rocksdb/write_batch.h"
#include <fcntl.h>
#include <unistd.h>

#include "bench/storage/support.h"
#include "bench/storage/watched_loop.h"
#include "storage/base/log.h"
#include "storage/kv_rocks/store.h"

namespace twingraph {
namespace {

using bench::Require;

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

// A store with kTwins twins.
class StoreUnderTest {
 public:
  explicit StoreUnderTest(kv::Durability durability) {
    SetLogLevel(LogLevel::kError);
    auto engine = kv_rocks::OpenEngine(
        {{.id = kTwin, .name = "twin", .keeps_history = true},
         {.id = kIndex, .name = "index", .churning = true}},
        {.directory = directory_.path() + "/store",
         .memory_budget_bytes = size_t{256} << 20});
    commit::StoreOptions options;
    options.durability = durability;
    options.maintenance_interval = absl::ZeroDuration();
    store_ = *commit::Store::Open(ctx_, *std::move(engine), options, {});
    for (uint64_t first = 0; first < kTwins; first += 1000) {
      Require(store_
                  ->RunTransaction(
                      ctx_, {},
                      [&](commit::Transaction& tx) {
                        for (uint64_t i = first; i < first + 1000; ++i) {
                          Require(tx.Put(kTwin, TwinKey(i), TwinValue(i)));
                        }
                        return absl::OkStatus();
                      })
                  .status());
    }
    Require(store_->engine().Flush());
  }

  commit::Store& store() { return *store_; }

  // Changes one property: the twin, an index entry out and one in.
  void Patch(uint64_t twin, uint64_t value) {
    Require(store_
                ->RunTransaction(
                    ctx_, {},
                    [&](commit::Transaction& tx) {
                      Require(
                          tx.GetForUpdate(ctx_, kTwin, TwinKey(twin)).status());
                      Require(tx.Put(kTwin, TwinKey(twin), TwinValue(value)));
                      Require(tx.Delete(kIndex, IndexKey(value - 1, twin)));
                      Require(tx.Put(kIndex, IndexKey(value, twin), ""));
                      return absl::OkStatus();
                    })
                .status());
  }

  void Increment(const std::string& key) {
    Require(store_
                ->RunTransaction(ctx_, {},
                                 [&](commit::Transaction& tx) {
                                   return tx.Increment(kIndex, key, 1);
                                 })
                .status());
  }

  static std::string IndexKey(uint64_t value, uint64_t twin) {
    return absl::StrCat("p", TwinKey(value), TwinKey(twin));
  }

  Context ctx_;

 private:
  const bench::BenchDirectory directory_;
  std::unique_ptr<commit::Store> store_;
};

// The same rows by RocksDB alone.
class BareDatabase {
 public:
  BareDatabase() {
    for (uint64_t i = 0; i < kTwins; ++i) {
      Require(db_->Put({}, "t" + TwinKey(i), TwinValue(i)));
    }
    Require(db_->Flush({}));
  }

  // The puts of StoreUnderTest::Patch: state, index, history, log, head.
  void Patch(uint64_t twin, uint64_t value, bool sync) {
    const std::string key = TwinKey(twin);
    rocksdb::WriteBatch batch;
    Require(batch.Put("t" + key, TwinValue(value)));
    Require(batch.Delete("i" + StoreUnderTest::IndexKey(value - 1, twin)));
    Require(batch.Put("i" + StoreUnderTest::IndexKey(value, twin), ""));
    Require(batch.Put("h" + key + TwinKey(value), TwinValue(value - 1)));
    Require(
        batch.Put("l" + TwinKey(value), std::string(kTwinBytes + 150, 'l')));
    Require(batch.Put("head", std::string(48, 'h')));
    rocksdb::WriteOptions options;
    options.sync = sync;
    Require(db_->Write(options, &batch));
  }

  std::string Get(uint64_t twin) {
    rocksdb::PinnableSlice value;
    Require(
        db_->Get({}, db_->DefaultColumnFamily(), "t" + TwinKey(twin), &value));
    return {value.data(), value.size()};
  }

 private:
  const bench::BenchDirectory directory_;
  const std::unique_ptr<rocksdb::DB> db_ = bench::OpenBare(directory_.path());
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
  return bench::NextRandom(state, kTwins);
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
  bench::RunWatched(state, [&] { test.Patch(7, ++value); });
}

void IncrementOneKey(benchmark::State& state) {
  StoreUnderTest& test = RelaxedStore();
  bench::RunWatched(state, [&] { test.Increment("counter"); });
}

void IncrementOwnKey(benchmark::State& state) {
  StoreUnderTest& test = RelaxedStore();
  const std::string key = absl::StrCat("counter", state.thread_index());
  for (auto _ : state) {
    test.Increment(key);
  }
}

void FdatasyncFloor(benchmark::State& state) {
  const bench::BenchDirectory directory;
  const int file = open((directory.path() + "/f").c_str(),
                        O_CREAT | O_WRONLY | O_CLOEXEC, 0644);
  const std::string bytes(1000, 'x');
  for (auto _ : state) {
    if (write(file, bytes.data(), bytes.size()) < 0 || fdatasync(file) != 0) {
      std::abort();
    }
  }
  close(file);
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
BENCHMARK(IncrementOwnKey)->Threads(200)->UseRealTime();
BENCHMARK(FdatasyncFloor)->UseRealTime();
BENCHMARK(PatchDurably)->Threads(1)->Threads(64)->UseRealTime();

}  // namespace
}  // namespace twingraph
