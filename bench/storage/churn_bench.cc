// Scans of an index of values that change all the time, beside the same scans
// where nothing ever changed: 10,000 twins whose value changes once a second,
// for as many seconds as TWINGRAPH_BENCH_CHURN says.

#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "benchmark/benchmark.h"

#include "bench/storage/support.h"
#include "storage/commit/store.h"
#include "storage/key/index_key.h"
#include "storage/key/ordered_codec.h"
#include "storage/kv_rocks/store.h"
#include "storage/value/value_codec.h"

namespace twingraph {
namespace {

using bench::Require;

constexpr kv::SpaceId kIndex = 2;
constexpr uint64_t kTwins = 10'000;
constexpr uint64_t kTwinsPerCommit = 500;
constexpr int kDefaultSeconds = 600;

int Seconds() {
  const char* text = std::getenv("TWINGRAPH_BENCH_CHURN");
  int seconds = kDefaultSeconds;
  if (text != nullptr && !absl::SimpleAtoi(text, &seconds)) {
    Require(absl::InvalidArgumentError("TWINGRAPH_BENCH_CHURN is no number"));
  }
  return seconds;
}

// A value between 20 and 30 with a step of its own, as of a sensor.
double ValueOf(uint64_t twin, int second) {
  uint64_t state = twin * 1'000'003 + static_cast<uint64_t>(second);
  return 20 + static_cast<double>(bench::NextRandom(state, 10'000)) / 1000;
}

std::string KeyOf(uint64_t twin, int second) {
  std::string value;
  EncodeValue(Value::Double(ValueOf(twin, second)), value);
  std::string ordered;
  key::AppendOrdered(ValueView(value), ordered);
  return key::EncodePropertyIndexKey(key::PathNumber{1}, ordered,
                                     key::TwinNumber{twin + 1});
}

class IndexStore {
 public:
  explicit IndexStore(int seconds) {
    auto engine = kv_rocks::OpenEngine(
        {{.id = kIndex, .name = "index", .churning = true}},
        {.directory = directory_.path() + "/store",
         .memory_budget_bytes = size_t{256} << 20});
    Require(engine.status());
    commit::StoreOptions options;
    options.durability = kv::Durability::kOs;
    options.maintenance_interval = absl::ZeroDuration();
    auto store = commit::Store::Open(ctx_, *std::move(engine), options, {});
    Require(store.status());
    store_ = *std::move(store);
    for (int second = 0; second <= seconds; ++second) {
      for (uint64_t first = 0; first < kTwins; first += kTwinsPerCommit) {
        Update(first, second);
      }
      if (second % 60 == 59) {
        Require(store_->TrimBefore(ctx_, store_->head()->revision));
      }
    }
  }

  // Reads up to `limit` rows in order; how many there were.
  size_t Scan(size_t limit) {
    const auto reader = store_->OpenSnapshot(ctx_);
    Require(reader.status());
    const auto cursor = (*reader)->Scan(ctx_, kIndex, kv::Range::All());
    size_t rows = 0;
    while (rows < limit && cursor->Next()) {
      benchmark::DoNotOptimize(cursor->key());
      ++rows;
    }
    return rows;
  }

 private:
  void Update(uint64_t first, int second) {
    Require(store_
                ->RunTransaction(
                    ctx_, {},
                    [&](commit::Transaction& tx) {
                      for (uint64_t twin = first;
                           twin < first + kTwinsPerCommit; ++twin) {
                        if (second > 0) {
                          Require(tx.Delete(kIndex, KeyOf(twin, second - 1)));
                        }
                        Require(tx.Put(kIndex, KeyOf(twin, second), ""));
                      }
                      return absl::OkStatus();
                    })
                .status());
  }

  const bench::BenchDirectory directory_;
  Context ctx_;
  std::unique_ptr<commit::Store> store_;
};

void ScanIndex(benchmark::State& state, IndexStore& store) {
  const auto limit = static_cast<size_t>(state.range(0));
  for (auto _ : state) {
    if (store.Scan(limit) != limit) {
      state.SkipWithError("wrong rows");
    }
  }
}

void ScanFresh(benchmark::State& state) {
  static IndexStore store(0);
  ScanIndex(state, store);
}

void ScanChurned(benchmark::State& state) {
  static IndexStore store(Seconds());
  ScanIndex(state, store);
}

BENCHMARK(ScanFresh)->Arg(100)->Arg(kTwins);
BENCHMARK(ScanChurned)->Arg(100)->Arg(kTwins);

}  // namespace
}  // namespace twingraph
