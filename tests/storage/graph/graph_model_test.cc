// The graph store against plain maps under random operations: every way of
// reading, at the newest and at older revisions, on every engine.

#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "storage/graph/check_graph.h"
#include "tests/storage/graph/graph_world.h"
#include "tests/storage/graph/open_graph.h"

namespace twingraph::graph {
namespace {

struct Setting {
  EngineKind engine = EngineKind::kMemory;
  size_t id_map_bytes = 0;
};

GraphOptions OptionsOf(const Setting& setting) {
  GraphOptions options;
  options.id_map_bytes = setting.id_map_bytes;
  return options;
}

class GraphModelTest : public testing::TestWithParam<Setting> {
 protected:
  void SetUp() override {
    const auto revision = graph_.Write([&](GraphWriter& writer) {
      return writer
          .CreateModels(graph_.ctx(), {{.id = "dtmi:M1;1", .text = "1"},
                                       {.id = "dtmi:M2;1", .text = "2"}})
          .status();
    });
    ASSERT_OK(revision);
    past_[*revision] = world_;
  }

  std::string Pick(absl::string_view prefix, unsigned count) {
    return absl::StrCat(prefix, random_() % count);
  }

  Value RandomContents() {
    Value map = Value::MakeMap();
    for (const std::string name : {"a", "b"}) {
      switch (random_() % 5) {
        case 0:
          map.Set(name, Value::Int(static_cast<int64_t>(random_() % 4)));
          break;
        case 1:
          map.Set(name, Value::Double(static_cast<double>(random_() % 8) / 2));
          break;
        case 2:
          map.Set(name, Value::String(std::string(random_() % 3, 's')));
          break;
        case 3:
          map.Set(name, Value::String(std::string(130 + random_() % 2, 's')));
          break;
        default:
          break;
      }
    }
    if (random_() % 2 == 0) {
      Value part = Value::MakeMap();
      part.Set(random_() % 2 == 0 ? "x" : "y",
               Value::Int(static_cast<int64_t>(random_() % 3)));
      map.Set("c", std::move(part));
    }
    return map;
  }

  // One operation on the graph and on `world`, which says what must come out.
  absl::Status Step(GraphWriter& writer, World& world) {
    switch (random_() % 10) {
      case 0:
      case 1:
        return Create(writer, world);
      case 2:
      case 3:
      case 4:
        return Update(writer, world);
      case 5:
        return Delete(writer, world);
      case 6:
        return Unrelate(writer, world);
      default:
        return Relate(writer, world);
    }
  }

  absl::Status Create(GraphWriter& writer, World& world) {
    const std::string id = Pick("t", 12);
    ids_.insert(id);
    WorldTwin twin = {random_() % 2 == 0 ? "dtmi:M1;1" : "dtmi:M2;1",
                      RandomContents()};
    const auto status =
        writer
            .CreateTwin(
                graph_.ctx(),
                {.id = id, .model = twin.model, .contents = twin.contents})
            .status();
    if (world.twins.contains(id)) {
      EXPECT_EQ(status.code(), absl::StatusCode::kAlreadyExists);
      return absl::OkStatus();
    }
    world.twins[id] = std::move(twin);
    return status;
  }

  absl::Status Update(GraphWriter& writer, World& world) {
    const std::string id = Pick("t", 12);
    ASSIGN_OR_RETURN(const auto current,
                     writer.FindTwinForUpdate(graph_.ctx(), id));
    EXPECT_EQ(current.has_value(), world.twins.contains(id));
    if (!current.has_value()) {
      return absl::OkStatus();
    }
    WorldTwin& twin = world.twins[id];
    twin.contents = RandomContents();
    if (random_() % 4 == 0) {
      twin.model = twin.model == "dtmi:M1;1" ? "dtmi:M2;1" : "dtmi:M1;1";
    }
    return writer.UpdateTwin(
        graph_.ctx(), *current,
        {.id = id, .model = twin.model, .contents = twin.contents});
  }

  absl::Status Delete(GraphWriter& writer, World& world) {
    const std::string id = Pick("t", 12);
    const auto touches = [&](const auto& item) {
      return item.first.first == id || item.second.target == id;
    };
    const bool is_related = std::any_of(world.relationships.begin(),
                                        world.relationships.end(), touches);
    const DeleteMode mode =
        random_() % 2 == 0 ? DeleteMode::kRefuse : DeleteMode::kCascade;
    const auto status = writer.DeleteTwin(graph_.ctx(), id, mode);
    if (!world.twins.contains(id)) {
      EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
      return absl::OkStatus();
    }
    if (is_related && mode == DeleteMode::kRefuse) {
      EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
      return absl::OkStatus();
    }
    std::erase_if(world.relationships, touches);
    world.twins.erase(id);
    return status;
  }

  absl::Status Relate(GraphWriter& writer, World& world) {
    const RelationshipDraft draft = {.source = Pick("t", 12),
                                     .id = Pick("r", 4),
                                     .name = random_() % 2 == 0 ? "n1" : "n2",
                                     .target = Pick("t", 12),
                                     .contents = RandomContents()};
    const WriteMode mode =
        random_() % 2 == 0 ? WriteMode::kCreate : WriteMode::kPut;
    const auto status =
        writer.PutRelationship(graph_.ctx(), draft, mode).status();
    if (!world.twins.contains(draft.source) ||
        !world.twins.contains(draft.target)) {
      EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
      return absl::OkStatus();
    }
    if (mode == WriteMode::kCreate &&
        world.relationships.contains({draft.source, draft.id})) {
      EXPECT_EQ(status.code(), absl::StatusCode::kAlreadyExists);
      return absl::OkStatus();
    }
    world.relationships[{draft.source, draft.id}] = {draft.name, draft.target,
                                                     draft.contents};
    return status;
  }

  absl::Status Unrelate(GraphWriter& writer, World& world) {
    const std::string source = Pick("t", 12);
    const std::string id = Pick("r", 4);
    const auto status = writer.DeleteRelationship(graph_.ctx(), source, id);
    if (world.relationships.erase({source, id}) == 0) {
      EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
      return absl::OkStatus();
    }
    return status;
  }

  // One commit of a few operations, now and then one that is given up.
  void Commit() {
    World world;
    const bool gives_up = random_() % 10 == 0;
    const auto count = 1 + random_() % 4;
    const auto revision =
        graph_.Write([&](GraphWriter& writer) -> absl::Status {
          world = world_;
          for (size_t i = 0; i < count; ++i) {
            RETURN_IF_ERROR(Step(writer, world));
          }
          return gives_up ? absl::CancelledError("given up") : absl::OkStatus();
        });
    if (gives_up) {
      EXPECT_EQ(revision.status().code(), absl::StatusCode::kCancelled);
      return;
    }
    ASSERT_OK(revision);
    world_ = std::move(world);
    past_[*revision] = world_;
  }

  void ExpectNewest() {
    const auto seed = static_cast<unsigned>(random_());
    ExpectSame(graph_.ctx(), *graph_.Snapshot(), world_, ids_, seed);
    ExpectSame(graph_.ctx(), *graph_->Newest(), world_, ids_, seed);
  }

  void ExpectPast() {
    auto found = past_.begin();
    std::advance(found, random_() % past_.size());
    ExpectSame(graph_.ctx(), *graph_.At(found->first), found->second, ids_,
               static_cast<unsigned>(random_()));
  }

  void ExpectSound() {
    const auto report = CheckGraph(graph_.ctx(), *graph_);
    ASSERT_OK(report);
    for (const CheckProblem& problem : report->problems) {
      ADD_FAILURE() << problem.space << " " << problem.key_hex << ": "
                    << problem.message;
    }
    EXPECT_EQ(report->twins, static_cast<int64_t>(world_.twins.size()));
    EXPECT_EQ(report->relationships,
              static_cast<int64_t>(world_.relationships.size()));
  }

  TestGraph graph_{GetParam().engine, OptionsOf(GetParam())};
  std::mt19937 random_{20};
  World world_;
  std::map<Revision, World> past_;
  std::set<std::string> ids_;
};

TEST_P(GraphModelTest, ReadsWhatWasWrittenAtEveryRevision) {
  for (int batch = 0; batch < 12; ++batch) {
    for (int i = 0; i < 12; ++i) {
      Commit();
      ASSERT_FALSE(HasFatalFailure());
    }
    ExpectNewest();
    ExpectPast();
    ExpectPast();
    ExpectSound();
    if (HasFailure()) {
      return;
    }
  }
}

TEST_P(GraphModelTest, AReaderStaysWhereItIs) {
  for (int batch = 0; batch < 6; ++batch) {
    const World world = world_;
    const auto snapshot = graph_.Snapshot();
    const auto newest = graph_->Newest();
    const auto past = graph_.At(newest->revision());
    for (int i = 0; i < 8; ++i) {
      Commit();
      ASSERT_FALSE(HasFatalFailure());
    }
    ExpectSame(graph_.ctx(), *snapshot, world, ids_, 1);
    ExpectSame(graph_.ctx(), *newest, world, ids_, 2);
    ExpectSame(graph_.ctx(), *past, world, ids_, 3);
    if (HasFailure()) {
      return;
    }
  }
}

TEST_P(GraphModelTest, IsTheSameWhenOpenedAgain) {
  if (GetParam().engine == EngineKind::kMemory) {
    return;  // keeps nothing, by its contract
  }
  for (int batch = 0; batch < 4; ++batch) {
    for (int i = 0; i < 10; ++i) {
      Commit();
      ASSERT_FALSE(HasFatalFailure());
    }
    graph_.Reopen();
    ExpectNewest();
    ExpectPast();
    ExpectSound();
    if (HasFailure()) {
      return;
    }
  }
}

// In memory all ids, about three of them, and none.
INSTANTIATE_TEST_SUITE_P(
    Settings, GraphModelTest,
    testing::Values(Setting{EngineKind::kMemory, GraphOptions().id_map_bytes},
                    Setting{EngineKind::kRocks, GraphOptions().id_map_bytes},
                    Setting{EngineKind::kMemory, 120'000},
                    Setting{EngineKind::kRocks, 120'000},
                    Setting{EngineKind::kRocks, 0}),
    [](const testing::TestParamInfo<Setting>& test) {
      return absl::StrCat(
          test.param.engine == EngineKind::kMemory ? "Memory" : "Rocks",
          test.param.id_map_bytes);
    });

}  // namespace
}  // namespace twingraph::graph
