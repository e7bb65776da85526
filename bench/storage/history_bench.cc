// What reads of older revisions cost beside the same reads of the newest one.

#include <memory>
#include <string>
#include <vector>

#include "benchmark/benchmark.h"

#include "bench/storage/support.h"
#include "storage/commit/store.h"
#include "storage/key/twin_key.h"
#include "storage/kv_rocks/store.h"

namespace twingraph {
namespace {

using bench::Require;

constexpr kv::SpaceId kTwin = 1;
constexpr uint64_t kTwins = 100'000;
constexpr size_t kTwinBytes = 400;
// Twins below have changed a hundred times.
constexpr uint64_t kHot = 1'000;
constexpr int kRounds = 100;
// Of a thousand twins behind them two hundred have changed once.
constexpr uint64_t kScanned = 1'000;

std::string KeyOf(uint64_t twin) {
  return key::EncodeTwinKey(key::TwinNumber{twin});
}

std::string ValueOf(uint64_t twin, int round) {
  std::string value;
  while (value.size() < kTwinBytes) {
    value += absl::StrCat(twin, ":", round, ";", value.size() * twin, ",");
  }
  return value.substr(0, kTwinBytes);
}

class ChangedStore {
 public:
  static ChangedStore& Get() {
    static ChangedStore store;
    return store;
  }

  // Reads as of `changes` commits before the newest.
  std::unique_ptr<commit::Reader> Back(uint64_t changes) {
    auto reader = store_->ReaderAt(
        ctx_, store_->head()->revision - static_cast<kv::Revision>(changes));
    Require(reader.status());
    return *std::move(reader);
  }

  const Context& ctx() const { return ctx_; }

 private:
  ChangedStore() {
    auto engine = kv_rocks::OpenEngine(
        {{.id = kTwin, .name = "twin", .keeps_history = true}},
        {.directory = directory_.path() + "/store",
         .memory_budget_bytes = size_t{256} << 20});
    Require(engine.status());
    commit::StoreOptions options;
    options.durability = kv::Durability::kOs;
    options.maintenance_interval = absl::ZeroDuration();
    auto store = commit::Store::Open(ctx_, *std::move(engine), options, {});
    Require(store.status());
    store_ = *std::move(store);
    for (uint64_t first = 0; first < kTwins; first += 1000) {
      Write(first, first + 1000, 1, 0);
    }
    // What was made long ago has no history.
    Require(store_->TrimBefore(ctx_, store_->head()->revision));
    Require(store_->engine().Compact(ctx_));
    for (int round = 1; round <= kRounds; ++round) {
      Write(0, kHot, 1, round);
    }
    Write(kHot, kHot + kScanned, 5, 1);
    // A store at rest: each further run of files costs a seek more.
    Require(store_->engine().Compact(ctx_));
  }

  void Write(uint64_t first, uint64_t end, uint64_t step, int round) {
    Require(store_
                ->RunTransaction(
                    ctx_, {},
                    [&](commit::Transaction& tx) {
                      for (uint64_t i = first; i < end; i += step) {
                        Require(tx.Put(kTwin, KeyOf(i), ValueOf(i, round)));
                      }
                      return absl::OkStatus();
                    })
                .status());
  }

  const bench::BenchDirectory directory_;
  Context ctx_;
  std::unique_ptr<commit::Store> store_;
};

// As many rows as GetBack reads entries of.
void GetNewestRow(benchmark::State& state) {
  ChangedStore& store = ChangedStore::Get();
  const auto reader = store.Back(0);
  uint64_t random = 1;
  for (auto _ : state) {
    const auto row = reader->Get(store.ctx(), kTwin,
                                 KeyOf(bench::NextRandom(random, kTwins)));
    if (!row.ok() || !row->has_value()) {
      state.SkipWithError("not found");
    }
  }
}

// The argument: changes of the twin since the revision that is read.
void GetBack(benchmark::State& state) {
  ChangedStore& store = ChangedStore::Get();
  // The newest commit changed others.
  const auto reader = store.Back(static_cast<uint64_t>(state.range(0)) + 1);
  uint64_t random = 1;
  for (auto _ : state) {
    const auto row =
        reader->Get(store.ctx(), kTwin, KeyOf(bench::NextRandom(random, kHot)));
    if (!row.ok() || !row->has_value()) {
      state.SkipWithError("not found");
    }
  }
}

// A thousand twins; the argument: commits before the newest one, which changed
// two hundred of them.
void ScanBack(benchmark::State& state) {
  ChangedStore& store = ChangedStore::Get();
  const auto reader = store.Back(static_cast<uint64_t>(state.range(0)));
  for (auto _ : state) {
    const auto cursor =
        reader->Scan(store.ctx(), kTwin, {KeyOf(kHot), KeyOf(kHot + kScanned)});
    size_t rows = 0;
    while (cursor->Next()) {
      benchmark::DoNotOptimize(cursor->value());
      ++rows;
    }
    if (rows != kScanned) {
      state.SkipWithError("wrong rows");
    }
  }
}

BENCHMARK(GetNewestRow);
BENCHMARK(GetBack)->Arg(2)->Arg(50)->Arg(100);
BENCHMARK(ScanBack)->Arg(0)->Arg(1);

}  // namespace
}  // namespace twingraph
