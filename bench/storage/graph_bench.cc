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
    static World world;
    return world;
  }

  GraphStore& graph() { return *graph_; }

  rocksdb::DB& bare() { return *bare_; }

  const Context& ctx() { return ctx_; }

  uint64_t Pick() { return NextRandom(random_, kTwins); }

  // Bytes that one patch puts into the log.
  size_t log_bytes() const { return log_bytes_; }

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
  World() {
    auto engine = kv_rocks::OpenEngine(
        key::GraphSpaces(), {.directory = directory_.path() + "/graph",
                             .memory_budget_bytes = size_t{256} << 20});
    Require(engine.status());
    GraphOptions options;
    options.store.durability = kv::Durability::kOs;
    options.store.maintenance_interval = absl::ZeroDuration();
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
};

// --- Twins ---

std::string BareKey(kv::SpaceId space, absl::string_view key) {
  return absl::StrCat(std::string(1, static_cast<char>(space)), key);
}

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

void GetTwin(benchmark::State& state) {
  World& world = World::Get();
  for (auto _ : state) {
    const auto reader = world.graph().Newest();
    const auto twin = reader->GetTwin(world.ctx(), IdOf(world.Pick()));
    if (!twin.ok()) {
      state.SkipWithError("not found");
    }
    benchmark::DoNotOptimize(twin->contents());
  }
}

// The puts of a patch: the twin, an index row out and one in, the twin before,
// the log record, the head.
void BarePatch(benchmark::State& state) {
  World& world = World::Get();
  const std::string log(world.log_bytes(), 'l');
  uint64_t count = 0;
  for (auto _ : state) {
    const std::string twin = BareKey(
        key::kTwinSpace, key::EncodeTwinKey(TwinNumber{world.Pick() + 1}));
    std::string record;
    if (!world.bare().Get({}, twin, &record).ok()) {
      state.SkipWithError("not found");
    }
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
  double number = 0;
  for (auto _ : state) {
    Require(world.Patch(world.Pick(), ++number));
  }
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

BENCHMARK(BareGet);
BENCHMARK(GetTwin);
BENCHMARK(BarePatch)->UseRealTime();
BENCHMARK(PatchTwin)->UseRealTime();
BENCHMARK(BareTenEdges);
BENCHMARK(TenEdgesFromStore);
BENCHMARK(TenEdgesFromMemory);

}  // namespace
}  // namespace twingraph::graph
