// How a store grows: `fill` makes a graph of sensors in rooms, `measure` opens
// it as a server does and prints what it took. Two processes, so that nothing
// of the first is left in memory.
//
//   twingraph_bench_scale fill DIR TWINS RELATIONSHIPS
//   twingraph_bench_scale measure DIR

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <memory>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "rocksdb/db.h"
#include <sys/resource.h>

#include "storage/base/log.h"
#include "storage/base/resident_memory.h"
#include "storage/base/status_macros.h"
#include "storage/graph/graph_store.h"
#include "storage/graph/parts.h"
#include "storage/key/key_space.h"
#include "storage/kv_rocks/store.h"

namespace twingraph::graph {
namespace {

constexpr size_t kStoreMemory = size_t{512} << 20;
constexpr size_t kTopologyMemory = size_t{1} << 30;
constexpr size_t kIdMemory = size_t{1} << 30;
constexpr uint64_t kGets = 20'000;
constexpr int kTurns = 3;
constexpr uint64_t kPerCommit = 1'000;

void Require(const absl::Status& status) {
  if (!status.ok()) {
    fprintf(stderr, "%s\n", status.ToString().c_str());
    std::exit(1);
  }
}

std::unique_ptr<GraphStore> Open(const std::string& directory,
                                 size_t id_memory = kIdMemory) {
  SetLogLevel(LogLevel::kError);
  auto engine = kv_rocks::OpenEngine(
      key::GraphSpaces(),
      {.directory = directory + "/store", .memory_budget_bytes = kStoreMemory});
  Require(engine.status());
  GraphOptions options;
  options.store.durability = kv::Durability::kOs;
  options.topology.bytes = kTopologyMemory;
  options.id_map_bytes = id_memory;
  options.record_cache_bytes = 0;
  auto store = GraphStore::Open(Context(), *std::move(engine), options);
  Require(store.status());
  return *std::move(store);
}

std::string IdOf(uint64_t twin) {
  return absl::StrCat("building-", twin / 10'000, ".floor-", twin / 500 % 20,
                      ".sensor-", twin);
}

// About 300 bytes as JSON.
Value ContentsOf(uint64_t twin) {
  Value contents = Value::MakeMap();
  contents.Set("name", Value::String(absl::StrCat("Sensor ", twin)));
  contents.Set("unit", Value::String(twin % 3 == 0 ? "celsius" : "percent"));
  contents.Set("isCalibrated", Value::Bool(twin % 7 != 0));
  for (int i = 0; i < 5; ++i) {
    contents.Set(absl::StrCat("value", i),
                 Value::Double(static_cast<double>(twin % 1000) / 8 + i));
  }
  return contents;
}

void InCommits(GraphStore& store, uint64_t count,
               absl::FunctionRef<absl::Status(GraphWriter&, uint64_t)> make) {
  const Context ctx;
  for (uint64_t first = 0; first < count; first += kPerCommit) {
    Require(store
                .RunTransaction(ctx, {},
                                [&](GraphWriter& writer) -> absl::Status {
                                  const uint64_t end =
                                      std::min(count, first + kPerCommit);
                                  for (uint64_t i = first; i < end; ++i) {
                                    RETURN_IF_ERROR(make(writer, i));
                                  }
                                  return absl::OkStatus();
                                })
                .status());
  }
}

void Fill(const std::string& directory, uint64_t twins,
          uint64_t relationships) {
  std::filesystem::create_directories(directory);
  const auto store = Open(directory);
  const Context ctx;
  const absl::Time start = absl::Now();
  InCommits(*store, 1, [&](GraphWriter& writer, uint64_t) {
    return writer.CreateModels(ctx, {{.id = "dtmi:Sensor;1", .text = "{}"}})
        .status();
  });
  InCommits(*store, twins, [&](GraphWriter& writer, uint64_t i) {
    return writer
        .CreateTwin(ctx, {.id = IdOf(i),
                          .model = "dtmi:Sensor;1",
                          .contents = ContentsOf(i)})
        .status();
  });
  InCommits(*store, relationships, [&](GraphWriter& writer, uint64_t i) {
    // Any other twin, the same in each run.
    const uint64_t target = (i * 2'654'435'761) % twins;
    return writer
        .PutRelationship(ctx,
                         {.source = IdOf(i % twins),
                          .id = absl::StrCat("r", i / twins),
                          .name = i % 5 == 0 ? "isPartOf" : "feeds",
                          .target = IdOf(target)},
                         WriteMode::kCreate)
        .status();
  });
  // A store that has run for a while: what is older than the retention is gone.
  Require(store->commits().TrimBefore(ctx, store->commits().head()->revision));
  Require(store->commits().engine().Compact(ctx));
  printf("filled in %.0f s\n", absl::ToDoubleSeconds(absl::Now() - start));
}

uint64_t BytesBelow(const std::string& directory) {
  uint64_t bytes = 0;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(directory)) {
    if (entry.is_regular_file()) {
      bytes += entry.file_size();
    }
  }
  return bytes;
}

// The same newest rows in a RocksDB as it comes, compressed alike.
uint64_t RawBytes(const GraphReader& reader, const std::string& directory) {
  std::filesystem::remove_all(directory);
  rocksdb::Options options;
  options.create_if_missing = true;
  options.compression = rocksdb::kLZ4Compression;
  options.bottommost_compression = rocksdb::kZSTD;
  rocksdb::DB* opened = nullptr;
  if (!rocksdb::DB::Open(options, directory, &opened).ok()) {
    Require(absl::InternalError("cannot open the bare database"));
  }
  const std::unique_ptr<rocksdb::DB> bare(opened);
  rocksdb::WriteOptions unlogged;
  unlogged.disableWAL = true;
  for (const kv::SpaceSpec& space : key::GraphSpaces()) {
    const auto cursor =
        reader.rows().Scan(Context(), space.id, kv::Range::All());
    while (cursor->Next()) {
      const std::string key = absl::StrCat(
          std::string(1, static_cast<char>(space.id)), cursor->key());
      bare->Put(unlogged, key,
                {cursor->value().data(), cursor->value().size()});
    }
    Require(cursor->status());
  }
  bare->Flush({});
  bare->CompactRange({}, nullptr, nullptr);
  return BytesBelow(directory);
}

// Microseconds of a get of any twin, the second time it is got.
double GetMicros(const GraphStore& store, int64_t twins) {
  const auto reader = store.Newest();
  const auto get = [&](uint64_t i) {
    Require(reader
                ->GetTwin(Context(), IdOf((i * 2'654'435'761) %
                                          static_cast<uint64_t>(twins)))
                .status());
  };
  for (uint64_t i = 0; i < kGets; ++i) {
    get(i);
  }
  const absl::Time start = absl::Now();
  for (uint64_t i = 0; i < kGets; ++i) {
    get(i);
  }
  return absl::ToDoubleMicroseconds(absl::Now() - start) / kGets;
}

// Returns the number of twins.
int64_t Measure(const std::string& directory) {
  const absl::Time start = absl::Now();
  const auto store = Open(directory);
  const double seconds = absl::ToDoubleSeconds(absl::Now() - start);
  const double megabytes = static_cast<double>(ResidentBytes()) / (1 << 20);
  const double cached =
      static_cast<double>(store->commits().engine().Stats().memory_bytes) /
      (1 << 20);
  const auto reader = store->OpenSnapshot(Context());
  Require(reader.status());
  const auto twins = (*reader)->CountTwins(Context());
  const auto relationships = (*reader)->CountRelationships(Context());
  Require(twins.status());
  Require(relationships.status());
  const Topology& topology = (*reader)->parts().topology;
  const IdMap& ids = (*reader)->parts().id_map;
  const auto edges = static_cast<double>(*relationships);
  const auto disk = static_cast<double>(BytesBelow(directory + "/store"));
  const auto raw = static_cast<double>(RawBytes(**reader, directory + "/raw"));
  printf("%d twins, %d relationships\n", static_cast<int>(*twins),
         static_cast<int>(*relationships));
  printf("open to serving      %8.2f s        target <= 5\n", seconds);
  printf(
      "topology             %8.1f bytes    target <= 16, an edge and "
      "direction%s\n",
      static_cast<double>(topology.bytes()) / edges / 2,
      topology.oldest() == Topology::kNever ? " (NOT IN MEMORY)" : "");
  printf("ids                  %8.1f bytes    a twin, with its model\n",
         static_cast<double>(ids.bytes()) / static_cast<double>(*twins));
  printf("disk, of raw layout  %8.2f          target <= 1.5 (%.0f MB)\n",
         disk / raw, disk / (1 << 20));
  printf(
      "memory after opening %8.0f MB       topology %.0f, ids %.0f, engine's "
      "cache and buffers %.0f of %zu\n",
      megabytes, static_cast<double>(topology.bytes()) / (1 << 20),
      static_cast<double>(ids.bytes()) / (1 << 20), cached, kStoreMemory >> 20);
  return *twins;
}

// What it costs where ids do not fit: the best of some turns.
void MeasureGets(const std::string& directory, int64_t twins) {
  double fast = std::numeric_limits<double>::max();
  double slow = fast;
  for (int turn = 0; turn < kTurns; ++turn) {
    fast = std::min(fast, GetMicros(*Open(directory), twins));
    slow = std::min(slow, GetMicros(*Open(directory, /*id_memory=*/0), twins));
  }
  printf(
      "get of a twin        %8.1f us       %.1f where its id is not in "
      "memory\n",
      fast, slow);
}

}  // namespace
}  // namespace twingraph::graph

int main(int argc, char** argv) {
  const std::string verb = argc > 2 ? argv[1] : "";
  uint64_t twins = 0;
  uint64_t relationships = 0;
  if (verb == "fill" && argc == 5 && absl::SimpleAtoi(argv[3], &twins) &&
      absl::SimpleAtoi(argv[4], &relationships) && twins > 0) {
    twingraph::graph::Fill(argv[2], twins, relationships);
    return 0;
  }
  if (verb == "measure") {
    twingraph::graph::MeasureGets(argv[2], twingraph::graph::Measure(argv[2]));
    return 0;
  }
  fprintf(stderr,
          "usage: twingraph_bench_scale fill DIR TWINS RELATIONSHIPS\n"
          "       twingraph_bench_scale measure DIR\n");
  return 2;
}
