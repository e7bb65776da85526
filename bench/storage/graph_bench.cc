// What the graph layer adds to the store: twins read and changed by id, and
// relationships followed, beside bare RocksDB doing the same to the same bytes.

#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "benchmark/benchmark.h"
#include "rocksdb/db.h"
#include "rocksdb/write_batch.h"

#include "bench/storage/support.h"
#include "bench/storage/watched_loop.h"
#include "storage/base/status_macros.h"
#include "storage/graph/graph_store.h"
#include "storage/graph/memory_expander.h"
#include "storage/graph/parts.h"
#include "storage/graph/store_expander.h"
#include "storage/key/key_space.h"
#include "storage/key/relationship_key.h"
#include "storage/key/twin_key.h"
#include "storage/kv_rocks/store.h"

namespace twingraph::graph {
namespace {

using bench::NextRandom;
using bench::Require;

constexpr uint64_t kTwins = 100'000;
// Relationships of each tenth twin.
constexpr uint64_t kFeeds = 10;
constexpr uint64_t kPerCommit = 500;

std::string IdOf(uint64_t i) {
  return absl::StrCat("building-7.floor-", i % 50, ".sensor-", i);
}

Value ContentsOf(uint64_t i) {
  Value contents = Value::MakeMap();
  for (int property = 0; property < 9; ++property) {
    contents.Set(absl::StrCat("property", property),
                 Value::Double(static_cast<double>(i) + property));
  }
  contents.Set("name", Value::String(absl::StrCat("Sensor ", i)));
  return contents;
}

// A graph, and its twins and outgoing relationships as the same rows in a bare
// RocksDB.
class World {
 public:
  static World& Get() {
    static World world(GraphOptions().record_cache_bytes);
    return world;
  }

  // The same, but each get reads the store.
  static World& GetWithoutRecords() {
    static World world(0);
    return world;
  }

  GraphStore& graph() { return *graph_; }

  rocksdb::DB& bare() { return *bare_; }

  const Context& ctx() { return ctx_; }

  uint64_t Pick() { return NextRandom(random_, kTwins); }

  // Bytes that one patch puts into the log, and those of a twin's record.
  size_t log_bytes() const { return log_bytes_; }

  size_t record_bytes() const { return record_bytes_; }

  absl::Status Patch(uint64_t twin, double number) {
    const std::string id = IdOf(twin);
    return graph_
        ->RunTransaction(
            ctx_, {},
            [&](GraphWriter& writer) -> absl::Status {
              ASSIGN_OR_RETURN(const TwinRecord current,
                               writer.GetTwinForUpdate(ctx_, id));
              TwinDraft draft = {.id = id,
                                 .model = std::string(current.model_id())};
              draft.contents = DecodeValue(current.contents());
              draft.contents.Set("property3", Value::Double(number));
              return writer.UpdateTwin(ctx_, current, draft);
            })
        .status();
  }

 private:
  explicit World(size_t record_cache_bytes) {
    auto engine = kv_rocks::OpenEngine(
        key::GraphSpaces(), {.directory = directory_.path() + "/graph",
                             .memory_budget_bytes = size_t{256} << 20});
    Require(engine.status());
    GraphOptions options;
    options.store.durability = kv::Durability::kOs;
    options.store.maintenance_interval = absl::ZeroDuration();
    options.record_cache_bytes = record_cache_bytes;
    auto graph = GraphStore::Open(ctx_, *std::move(engine), options);
    Require(graph.status());
    graph_ = *std::move(graph);
    Fill();
    Require(graph_->commits().engine().Flush());
    Copy();
    MeasureLog();
  }

  void Fill() {
    Write([&](GraphWriter& writer) {
      return writer.CreateModels(ctx_, {{.id = "dtmi:Sensor;1", .text = "{}"}})
          .status();
    });
    InSteps([&](GraphWriter& writer, uint64_t i) {
      return writer
          .CreateTwin(ctx_, {.id = IdOf(i),
                             .model = "dtmi:Sensor;1",
                             .contents = ContentsOf(i)})
          .status();
    });
    InSteps([&](GraphWriter& writer, uint64_t i) -> absl::Status {
      return Relate(writer, i, i % 10 == 0 ? kFeeds : 0);
    });
  }

  void InSteps(
      absl::FunctionRef<absl::Status(GraphWriter&, uint64_t)> function) {
    for (uint64_t i = 0; i < kTwins; i += kPerCommit) {
      Write([&](GraphWriter& writer) -> absl::Status {
        for (uint64_t j = i; j < i + kPerCommit; ++j) {
          RETURN_IF_ERROR(function(writer, j));
        }
        return absl::OkStatus();
      });
    }
  }

  absl::Status Relate(GraphWriter& writer, uint64_t from, uint64_t count) {
    for (uint64_t k = 0; k < count; ++k) {
      RETURN_IF_ERROR(writer
                          .PutRelationship(ctx_,
                                           {.source = IdOf(from),
                                            .id = absl::StrCat("r", k),
                                            .name = "feeds",
                                            .target = IdOf(Pick())},
                                           WriteMode::kCreate)
                          .status());
    }
    return absl::OkStatus();
  }

  void Write(GraphStore::TransactionFunction function) {
    Require(graph_->RunTransaction(ctx_, {}, function).status());
  }

  void Copy() {
    const auto reader = graph_->OpenSnapshot(ctx_);
    Require(reader.status());
    for (const kv::SpaceId space : {key::kTwinSpace, key::kOutSpace}) {
      const auto cursor = (*reader)->rows().Scan(ctx_, space, kv::Range::All());
      while (cursor->Next()) {
        if (space == key::kTwinSpace) {
          record_bytes_ = cursor->value().size();
        }
        Require(
            bare_->Put({},
                       absl::StrCat(std::string(1, static_cast<char>(space)),
                                    cursor->key()),
                       bench::ToSlice(cursor->value())));
      }
      Require(cursor->status());
    }
    Require(bare_->Flush({}));
  }

  void MeasureLog() {
    Require(Patch(1, 0.5));
    const auto head = graph_->commits().head()->revision;
    Require(graph_->commits().engine().ReadLog(ctx_, head,
                                               [&](absl::string_view record) {
                                                 log_bytes_ = record.size();
                                                 return true;
                                               }));
  }

  const bench::BenchDirectory directory_;
  const std::unique_ptr<rocksdb::DB> bare_ =
      bench::OpenBare(directory_.path() + "/bare");
  Context ctx_;
  uint64_t random_ = 1;
  std::unique_ptr<GraphStore> graph_;
  size_t log_bytes_ = 0;
  size_t record_bytes_ = 0;
};

// --- Twins ---

std::string BareKey(kv::SpaceId space, absl::string_view key) {
  return absl::StrCat(std::string(1, static_cast<char>(space)), key);
}

// Random numbers of its own for each thread.
uint64_t RandomOf(const benchmark::State& state) {
  return 1 + 1000 * static_cast<uint64_t>(state.thread_index());
}

// Where the floor of patches has its twins: gets read others.
constexpr kv::SpaceId kPatchedSpace = 200;

void BareGet(benchmark::State& state) {
  World& world = World::Get();
  std::string value;
  for (auto _ : state) {
    const std::string key = BareKey(
        key::kTwinSpace, key::EncodeTwinKey(TwinNumber{world.Pick() + 1}));
    if (!world.bare().Get({}, key, &value).ok()) {
      state.SkipWithError("not found");
    }
  }
}

void GetFrom(benchmark::State& state, World& world) {
  for (auto _ : state) {
    const auto reader = world.graph().Newest();
    const auto twin = reader->GetTwin(world.ctx(), IdOf(world.Pick()));
    if (!twin.ok()) {
      state.SkipWithError("not found");
    }
    benchmark::DoNotOptimize(twin->contents());
  }
}

void GetTwin(benchmark::State& state) {
  GetFrom(state, World::Get());
}

void GetTwinFromStore(benchmark::State& state) {
  GetFrom(state, World::GetWithoutRecords());
}

// The puts of a patch: the twin, an index row out and one in, the twin before,
// the log record, the head.
void BarePatch(benchmark::State& state) {
  World& world = World::Get();
  const std::string log(world.log_bytes(), 'l');
  const std::string record(world.record_bytes(), 'r');
  uint64_t random = RandomOf(state);
  uint64_t count = random;
  for (auto _ : state) {
    const std::string twin =
        BareKey(kPatchedSpace,
                key::EncodeTwinKey(TwinNumber{NextRandom(random, kTwins) + 1}));
    rocksdb::WriteBatch batch;
    ++count;
    Require(batch.Put(twin, record));
    Require(batch.Delete(absl::StrCat("i", count, twin)));
    Require(batch.Put(absl::StrCat("i", count + 1, twin), ""));
    Require(batch.Put(absl::StrCat("h", twin, count), record));
    Require(batch.Put(absl::StrCat("l", count), log));
    Require(batch.Put("head", std::string(48, 'h')));
    Require(world.bare().Write({}, &batch));
  }
}

void PatchTwin(benchmark::State& state) {
  World& world = World::Get();
  uint64_t random = RandomOf(state);
  double number = 0;
  for (auto _ : state) {
    Require(world.Patch(NextRandom(random, kTwins), ++number));
  }
}

void PatchSameTwin(benchmark::State& state) {
  World& world = World::Get();
  double number = static_cast<double>(RandomOf(state));
  bench::RunWatched(state, [&] { Require(world.Patch(7, ++number)); });
}

// --- Relationships ---

// A twin with kFeeds relationships.
TwinNumber PickFeeder(World& world) {
  return TwinNumber{world.Pick() / 10 * 10 + 1};
}

void BareTenEdges(benchmark::State& state) {
  World& world = World::Get();
  const NameNumber feeds =
      (*world.graph().OpenSnapshot(world.ctx()))->FindNameNumber("feeds");
  for (auto _ : state) {
    const std::string prefix =
        BareKey(key::kOutSpace, key::AdjacencyPrefix(PickFeeder(world), feeds));
    const std::unique_ptr<rocksdb::Iterator> row(
        world.bare().NewIterator(rocksdb::ReadOptions()));
    uint64_t count = 0;
    for (row->Seek(prefix); row->Valid() && row->key().starts_with(prefix);
         row->Next()) {
      Edge edge;
      key::DecodeOutKey(
          absl::string_view(row->key().data() + 1, row->key().size() - 1),
          edge);
      benchmark::DoNotOptimize(edge);
      ++count;
    }
    if (count != kFeeds) {
      state.SkipWithError("wrong edges");
    }
  }
}

void ExpandTen(benchmark::State& state, const Expander& expander,
               NameNumber feeds) {
  World& world = World::Get();
  std::vector<ExpandedEdge> edges;
  for (auto _ : state) {
    const TwinNumber twin = PickFeeder(world);
    ExpandPosition position;
    edges.clear();
    const ExpandRequest request = {.twins = {&twin, 1},
                                   .direction = Direction::kOutgoing,
                                   .names = {&feeds, 1}};
    Require(expander.Expand(world.ctx(), request, 1000, position, edges));
    if (edges.size() != kFeeds) {
      state.SkipWithError("wrong edges");
    }
  }
}

void TenEdgesFromStore(benchmark::State& state) {
  World& world = World::Get();
  const auto reader = *world.graph().OpenSnapshot(world.ctx());
  ExpandTen(state, StoreExpander(reader->rows()),
            reader->FindNameNumber("feeds"));
}

void TenEdgesFromMemory(benchmark::State& state) {
  World& world = World::Get();
  const auto reader = *world.graph().OpenSnapshot(world.ctx());
  ExpandTen(state, MemoryExpander(reader->parts().topology, reader->rows()),
            reader->FindNameNumber("feeds"));
}

// --- One hop from many twins with kFeeds relationships each ---

std::vector<TwinNumber> PickFeeders(World& world, int64_t count) {
  std::vector<TwinNumber> twins;
  for (int64_t i = 0; i < count; ++i) {
    twins.push_back(PickFeeder(world));
  }
  return twins;
}

// One iterator for all prefixes, bounded as a reader would bound it.
void BareHop(benchmark::State& state) {
  World& world = World::Get();
  const NameNumber feeds =
      (*world.graph().OpenSnapshot(world.ctx()))->FindNameNumber("feeds");
  const std::unique_ptr<rocksdb::Iterator> row(
      world.bare().NewIterator(rocksdb::ReadOptions()));
  std::vector<Edge> edges;
  for (auto _ : state) {
    edges.clear();
    for (const TwinNumber twin : PickFeeders(world, state.range(0))) {
      const std::string prefix =
          BareKey(key::kOutSpace, key::AdjacencyPrefix(twin, feeds));
      for (row->Seek(prefix); row->Valid() && row->key().starts_with(prefix);
           row->Next()) {
        key::DecodeOutKey(
            absl::string_view(row->key().data() + 1, row->key().size() - 1),
            edges.emplace_back());
      }
    }
    if (edges.size() != kFeeds * static_cast<size_t>(state.range(0))) {
      state.SkipWithError("wrong edges");
    }
  }
}

void HopFromStore(benchmark::State& state) {
  World& world = World::Get();
  const auto reader = *world.graph().OpenSnapshot(world.ctx());
  const NameNumber feeds = reader->FindNameNumber("feeds");
  const StoreExpander expander(reader->rows());
  std::vector<ExpandedEdge> edges;
  for (auto _ : state) {
    const std::vector<TwinNumber> twins = PickFeeders(world, state.range(0));
    const ExpandRequest request = {.twins = twins,
                                   .direction = Direction::kOutgoing,
                                   .names = {&feeds, 1}};
    ExpandPosition position;
    edges.clear();
    Require(expander.Expand(world.ctx(), request, /*limit=*/100'000, position,
                            edges));
    if (edges.size() != kFeeds * twins.size()) {
      state.SkipWithError("wrong edges");
    }
  }
}

BENCHMARK(BareGet);
BENCHMARK(GetTwin);
BENCHMARK(GetTwinFromStore);
BENCHMARK(BarePatch)->Threads(1)->Threads(64)->UseRealTime();
BENCHMARK(PatchTwin)->Threads(1)->Threads(64)->UseRealTime();
BENCHMARK(PatchSameTwin)->Threads(64)->UseRealTime();
BENCHMARK(BareTenEdges);
BENCHMARK(TenEdgesFromStore);
BENCHMARK(TenEdgesFromMemory);
BENCHMARK(BareHop)->Arg(100)->Arg(1000);
BENCHMARK(HopFromStore)->Arg(100)->Arg(1000);

}  // namespace
}  // namespace twingraph::graph
