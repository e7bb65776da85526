// What the graph layer adds to the store: twins read and changed by id, and
// relationships followed, beside bare RocksDB doing the same to the same bytes.

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <random>
#include <string>

#include <benchmark/benchmark.h>
#include <rocksdb/db.h>

#include "storage/base/status_macros.h"
#include "storage/graph/graph_store.h"
#include "storage/key/key_space.h"
#include "storage/key/twin_key.h"
#include "storage/kv_rocks/store.h"

namespace twingraph::graph {
namespace {

constexpr int kTwins = 100'000;
constexpr int kFanOut = 10;
constexpr int kPerCommit = 500;

void Require(const absl::Status& status) {
  if (!status.ok()) {
    fprintf(stderr, "%s\n", std::string(status.message()).c_str());
    std::abort();
  }
}

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

// A graph of kTwins twins with kFanOut relationships each, made once, and the
// same rows in a bare RocksDB.
class World {
 public:
  static World& Get() {
    static auto* const world = new World();
    return *world;
  }

  GraphStore& graph() { return *graph_; }

  rocksdb::DB& bare() { return *bare_; }

  const Context& ctx() { return ctx_; }

  uint64_t Pick() { return random_() % kTwins; }

 private:
  World() {
    const std::string directory =
        (std::filesystem::temp_directory_path() / "twingraph_graph_bench")
            .string();
    std::filesystem::remove_all(directory);
    std::filesystem::create_directories(directory);
    auto engine = kv_rocks::OpenEngine(key::GraphSpaces(),
                                       {.directory = directory + "/graph"});
    Require(engine.status());
    GraphOptions options;
    options.store.durability = kv::Durability::kOs;
    auto graph = GraphStore::Open(ctx_, *std::move(engine), options);
    Require(graph.status());
    graph_ = *std::move(graph);
    Fill();
    OpenBare(directory + "/bare");
  }

  void Fill() {
    Write([&](GraphWriter& writer) {
      return writer.CreateModels(ctx_, {{.id = "dtmi:Sensor;1", .text = "{}"}})
          .status();
    });
    for (int i = 0; i < kTwins; i += kPerCommit) {
      Write([&](GraphWriter& writer) -> absl::Status {
        for (uint64_t j = i; j < static_cast<uint64_t>(i) + kPerCommit; ++j) {
          RETURN_IF_ERROR(writer
                              .CreateTwin(ctx_, {.id = IdOf(j),
                                                 .model = "dtmi:Sensor;1",
                                                 .contents = ContentsOf(j)})
                              .status());
        }
        return absl::OkStatus();
      });
    }
    for (int i = 0; i < kTwins; i += kPerCommit) {
      Write([&](GraphWriter& writer) -> absl::Status {
        for (int j = i; j < i + kPerCommit; ++j) {
          RETURN_IF_ERROR(Relate(writer, static_cast<uint64_t>(j)));
        }
        return absl::OkStatus();
      });
    }
  }

  absl::Status Relate(GraphWriter& writer, uint64_t from) {
    for (int k = 0; k < (from % 10 == 0 ? kFanOut : 0); ++k) {
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

  void OpenBare(const std::string& directory) {
    rocksdb::Options options;
    options.create_if_missing = true;
    Require(rocksdb::DB::Open(options, directory, &bare_).ok()
                ? absl::OkStatus()
                : absl::InternalError("cannot open bare RocksDB"));
    const auto reader = graph_->OpenSnapshot(ctx_);
    Require(reader.status());
    const auto cursor =
        (*reader)->rows().Scan(ctx_, key::kTwinSpace, kv::Range::All());
    while (cursor->Next()) {
      bare_->Put({}, {cursor->key().data(), cursor->key().size()},
                 {cursor->value().data(), cursor->value().size()});
    }
    bare_->Flush({});
  }

  Context ctx_;
  std::mt19937_64 random_{1};
  std::unique_ptr<GraphStore> graph_;
  rocksdb::DB* bare_ = nullptr;
};

void BareGet(benchmark::State& state) {
  World& world = World::Get();
  std::string value;
  for (auto _ : state) {
    const std::string key = key::EncodeTwinKey(TwinNumber{world.Pick() + 1});
    if (!world.bare().Get({}, key, &value).ok()) {
      state.SkipWithError("not found");
    }
  }
}

BENCHMARK(BareGet);

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

BENCHMARK(GetTwin);

void GetTwinRow(benchmark::State& state) {
  World& world = World::Get();
  for (auto _ : state) {
    const auto reader = world.graph().commits().Newest();
    const auto row =
        reader->Get(world.ctx(), key::kTwinSpace,
                    key::EncodeTwinKey(TwinNumber{world.Pick() + 1}));
    if (!row.ok() || !row->has_value()) {
      state.SkipWithError("not found");
    }
  }
}

BENCHMARK(GetTwinRow);

void PatchTwin(benchmark::State& state) {
  World& world = World::Get();
  double number = 0;
  for (auto _ : state) {
    const std::string id = IdOf(world.Pick());
    number += 1;
    const auto info = world.graph().RunTransaction(
        world.ctx(), {}, [&](GraphWriter& writer) -> absl::Status {
          ASSIGN_OR_RETURN(const TwinRecord twin,
                           writer.GetTwinForUpdate(world.ctx(), id));
          TwinDraft draft = {.id = id, .model = std::string(twin.model_id())};
          draft.contents = DecodeValue(twin.contents());
          draft.contents.Set("property3", Value::Double(number));
          return writer.UpdateTwin(world.ctx(), twin, draft);
        });
    if (!info.ok()) {
      state.SkipWithError("failed");
    }
  }
}

BENCHMARK(PatchTwin);

void ExpandTen(benchmark::State& state) {
  World& world = World::Get();
  const auto reader = world.graph().OpenSnapshot(world.ctx());
  std::vector<ExpandedEdge> edges;
  for (auto _ : state) {
    const TwinNumber twin{world.Pick() / 10 * 10 + 1};
    ExpandPosition position;
    edges.clear();
    const ExpandRequest request = {
        .twins = {&twin, 1}, .direction = Direction::kOutgoing, .names = {}};
    const auto status =
        (*reader)->Expand(world.ctx(), request, 1000, position, edges);
    if (!status.ok() || edges.size() != kFanOut) {
      state.SkipWithError("wrong edges");
    }
  }
}

BENCHMARK(ExpandTen);

}  // namespace
}  // namespace twingraph::graph

BENCHMARK_MAIN();
