// Scans of an index of values that change all the time, beside the same scans
// where nothing ever changed: 10,000 twins whose value changes once a second.
// TWINGRAPH_BENCH_CHURN says for how many seconds; those are played as fast as
// the store takes them. Then the updates go on, once a second for real, while
// the scans are measured: the result is a mean over all moments between two
// flushes, and the updates are beside the scans, not among what is measured.

#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "benchmark/benchmark.h"
#include "rocksdb/perf_context.h"

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
    second_ = seconds;
  }

  // Gives each twin one more value per second until it is told to stop. Does
  // not catch up with what it missed.
  void KeepUpdating(const std::stop_token& stop) {
    const absl::Duration pause =
        absl::Seconds(1) / static_cast<int64_t>(kTwins / kTwinsPerCommit);
    while (!stop.stop_requested()) {
      ++second_;
      for (uint64_t first = 0; first < kTwins; first += kTwinsPerCommit) {
        const absl::Time next = absl::Now() + pause;
        Update(first, second_);
        absl::SleepFor(next - absl::Now());
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
  // The value of each twin is that of this second.
  int second_ = 0;
};

void ScanIndex(benchmark::State& state, IndexStore& store) {
  const auto limit = static_cast<size_t>(state.range(0));
  const rocksdb::PerfContext& counts = *rocksdb::get_perf_context();
  const uint64_t before = counts.internal_delete_skipped_count;
  for (auto _ : state) {
    if (store.Scan(limit) != limit) {
      state.SkipWithError("wrong rows");
    }
  }
  // Graves that a scan stepped over, for each row that it found.
  state.counters["graves"] = benchmark::Counter(
      static_cast<double>(counts.internal_delete_skipped_count - before) /
          static_cast<double>(limit),
      benchmark::Counter::kAvgIterations);
}

void ScanFresh(benchmark::State& state) {
  static IndexStore store(0);
  ScanIndex(state, store);
}

void ScanChurned(benchmark::State& state) {
  static IndexStore store(Seconds());
  const std::jthread updates(
      [](const std::stop_token& stop) { store.KeepUpdating(stop); });
  // As long as one round of updates takes: the pace is real again.
  absl::SleepFor(absl::Seconds(1));
  ScanIndex(state, store);
}

BENCHMARK(ScanFresh)->Arg(100)->Arg(kTwins);
BENCHMARK(ScanChurned)->Arg(100)->Arg(kTwins);

}  // namespace
}  // namespace twingraph
