// Two writers that would harm each other, in the worst order: one has done all
// its reading and writing, then the other commits, then the first one tries to.
// It must see the other and decide again.

#include <functional>
#include <string>
#include <vector>

#include "gtest/gtest.h"

#include "storage/graph/check_graph.h"
#include "tests/storage/graph/open_graph.h"

namespace twingraph::graph {
namespace {

using Operation = std::function<absl::Status(const Context&, GraphWriter&)>;

Operation CreateModel(const std::string& id,
                      const std::vector<std::string>& needs = {}) {
  return [=](const Context& ctx, GraphWriter& writer) {
    return writer
        .CreateModels(ctx, {{.id = id, .text = "{}", .dependencies = needs}})
        .status();
  };
}

Operation DeleteModel(const std::string& id) {
  return [=](const Context& ctx, GraphWriter& writer) {
    return writer.DeleteModel(ctx, id);
  };
}

Operation Decommission(const std::string& id) {
  return [=](const Context& ctx, GraphWriter& writer) {
    return writer.SetDecommissioned(ctx, id, /*is_decommissioned=*/true);
  };
}

Operation CreateTwin(const std::string& id, const std::string& model,
                     const std::string& contents = "{}") {
  return [=](const Context& ctx, GraphWriter& writer) {
    return writer
        .CreateTwin(ctx, {.id = id, .model = model, .contents = Json(contents)})
        .status();
  };
}

Operation ChangeModel(const std::string& id, const std::string& model) {
  return [=](const Context& ctx, GraphWriter& writer) -> absl::Status {
    ASSIGN_OR_RETURN(const TwinRecord twin, writer.GetTwinForUpdate(ctx, id));
    return writer.UpdateTwin(ctx, twin, {.id = id, .model = model});
  };
}

Operation DeleteTwin(const std::string& id,
                     DeleteMode mode = DeleteMode::kRefuse) {
  return [=](const Context& ctx, GraphWriter& writer) {
    return writer.DeleteTwin(ctx, id, mode);
  };
}

Operation Relate(const std::string& source, const std::string& target,
                 const std::string& name = "n",
                 WriteMode mode = WriteMode::kCreate) {
  return [=](const Context& ctx, GraphWriter& writer) {
    return writer
        .PutRelationship(
            ctx, {.source = source, .id = "r", .name = name, .target = target},
            mode)
        .status();
  };
}

Operation Unrelate(const std::string& source) {
  return [=](const Context& ctx, GraphWriter& writer) {
    return writer.DeleteRelationship(ctx, source, "r");
  };
}

Operation AttachHub(const std::string& hub, const std::string& model) {
  return [=](const Context& ctx, GraphWriter& writer) {
    return writer.PutHub(ctx, {.id = hub, .default_model = model},
                         WriteMode::kCreate);
  };
}

Operation PutDevice(const std::string& hub) {
  return [=](const Context& ctx, GraphWriter& writer) {
    return writer.PutDevice(ctx, {.hub = hub, .path = {"d"}});
  };
}

Operation PutProgress(const std::string& hub) {
  return [=](const Context& ctx, GraphWriter& writer) {
    return writer.PutHubProgress(ctx, hub, {.cursor = "c"});
  };
}

Operation DeleteHub(const std::string& hub) {
  return [=](const Context& ctx, GraphWriter& writer) {
    return writer.DeleteHub(ctx, hub);
  };
}

struct Case {
  std::string name;
  Operation first;
  Operation second;  // commits before the first one does
  // What the first one comes to, having seen the second.
  absl::StatusCode code;
  v1::ErrorReason reason = v1::ERROR_REASON_UNSPECIFIED;
};

// The graph that each case begins with: models A, and B which needs nothing;
// twins a1 and a2 of A, b of B; a relationship of b to itself; a hub.
class GraphGuardTest : public testing::TestWithParam<Case> {
 protected:
  void SetUp() override {
    for (const Operation& operation :
         {CreateModel("A"), CreateModel("B"), CreateModel("Unused"),
          CreateTwin("a1", "A"), CreateTwin("a2", "A"), CreateTwin("b", "B"),
          Relate("b", "b")}) {
      ASSERT_OK(graph_.Write([&](GraphWriter& writer) {
        return operation(graph_.ctx(), writer);
      }));
    }
    ASSERT_OK(graph_.Write([&](GraphWriter& writer) {
      return writer.PutHub(graph_.ctx(), {.id = "h"}, WriteMode::kCreate);
    }));
  }

  TestGraph graph_{EngineKind::kMemory};
};

TEST_P(GraphGuardTest, TheFirstSeesTheSecondAndDecidesAgain) {
  int runs = 0;
  const auto first = graph_.Write([&](GraphWriter& writer) {
    const absl::Status status = GetParam().first(graph_.ctx(), writer);
    if (++runs == 1) {
      EXPECT_OK(status) << "without the second it goes well";
      EXPECT_OK(
          graph_->RunTransaction(graph_.ctx(), {}, [&](GraphWriter& other) {
            return GetParam().second(graph_.ctx(), other);
          }));
    }
    return status;
  });
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(first.status().code(), GetParam().code) << first.status();
  EXPECT_EQ(ReasonOf(first.status()), GetParam().reason);
  const auto report = CheckGraph(graph_.ctx(), *graph_);
  ASSERT_OK(report);
  for (const CheckProblem& problem : report->problems) {
    ADD_FAILURE() << problem.space << " " << problem.key_hex << ": "
                  << problem.message;
  }
}

constexpr auto kOk = absl::StatusCode::kOk;
constexpr auto kNotFound = absl::StatusCode::kNotFound;
constexpr auto kExists = absl::StatusCode::kAlreadyExists;
constexpr auto kPrecondition = absl::StatusCode::kFailedPrecondition;

const std::vector<Case>& Cases() {
  static const auto* const cases = new std::vector<Case>{
      {"DeleteSourceOfNewRelationship", DeleteTwin("a1"), Relate("a1", "a2"),
       kPrecondition, v1::ERROR_REASON_TWIN_HAS_RELATIONSHIPS},
      {"DeleteTargetOfNewRelationship", DeleteTwin("a2"), Relate("a1", "a2"),
       kPrecondition, v1::ERROR_REASON_TWIN_HAS_RELATIONSHIPS},
      {"CascadeSourceOfNewRelationship", DeleteTwin("a1", DeleteMode::kCascade),
       Relate("a1", "a2"), kOk},
      {"CascadeTargetOfNewRelationship", DeleteTwin("a2", DeleteMode::kCascade),
       Relate("a1", "a2"), kOk},
      {"RelateFromDeletedSource", Relate("a1", "a2"), DeleteTwin("a1"),
       kNotFound, v1::ERROR_REASON_TWIN_NOT_FOUND},
      {"RelateToDeletedTarget", Relate("a1", "a2"), DeleteTwin("a2"), kNotFound,
       v1::ERROR_REASON_TARGET_TWIN_NOT_FOUND},
      {"RelateTwiceUnderOneId", Relate("a1", "a2"), Relate("a1", "b"), kExists,
       v1::ERROR_REASON_RELATIONSHIP_ALREADY_EXISTS},
      {"ReplaceDeletedRelationship", Relate("b", "b", "n", WriteMode::kPut),
       Unrelate("b"), kOk},
      {"ReplaceReplacedRelationship", Relate("b", "b", "n", WriteMode::kPut),
       Relate("b", "a1", "other", WriteMode::kPut), kOk},
      {"DeleteReplacedRelationship", Unrelate("b"),
       Relate("b", "a1", "other", WriteMode::kPut), kOk},
      {"CreateTwinTwice", CreateTwin("new", "A"), CreateTwin("new", "B"),
       kExists, v1::ERROR_REASON_TWIN_ALREADY_EXISTS},
      {"UpdateDeletedTwin", ChangeModel("a1", "B"), DeleteTwin("a1"), kNotFound,
       v1::ERROR_REASON_TWIN_NOT_FOUND},
      {"DeleteUpdatedTwin", DeleteTwin("a1"), ChangeModel("a1", "B"), kOk},
      {"UpdateUpdatedTwin", ChangeModel("a1", "B"), ChangeModel("a1", "Unused"),
       kOk},
      {"CreateTwinOfDeletedModel", CreateTwin("new", "Unused"),
       DeleteModel("Unused"), kNotFound, v1::ERROR_REASON_MODEL_NOT_FOUND},
      {"CreateTwinOfDecommissionedModel", CreateTwin("new", "Unused"),
       Decommission("Unused"), kPrecondition,
       v1::ERROR_REASON_MODEL_DECOMMISSIONED},
      {"DeleteDecommissionedModel", DeleteModel("Unused"),
       Decommission("Unused"), kOk},
      {"DecommissionDeletedModel", Decommission("Unused"),
       DeleteModel("Unused"), kNotFound, v1::ERROR_REASON_MODEL_NOT_FOUND},
      {"ChangeTwinToDecommissionedModel", ChangeModel("a1", "Unused"),
       Decommission("Unused"), kPrecondition,
       v1::ERROR_REASON_MODEL_DECOMMISSIONED},
      {"DeleteModelOfNewTwin", DeleteModel("Unused"),
       CreateTwin("new", "Unused"), kPrecondition,
       v1::ERROR_REASON_MODEL_IN_USE},
      {"ChangeTwinToDeletedModel", ChangeModel("a1", "Unused"),
       DeleteModel("Unused"), kNotFound, v1::ERROR_REASON_MODEL_NOT_FOUND},
      {"DeleteModelOfChangedTwin", DeleteModel("Unused"),
       ChangeModel("a1", "Unused"), kPrecondition,
       v1::ERROR_REASON_MODEL_IN_USE},
      {"CreateModelThatNeedsDeletedOne", CreateModel("C", {"Unused"}),
       DeleteModel("Unused"), absl::StatusCode::kInvalidArgument,
       v1::ERROR_REASON_MODEL_DEPENDENCY_MISSING},
      {"DeleteModelThatNewOneNeeds", DeleteModel("Unused"),
       CreateModel("C", {"Unused"}), kPrecondition,
       v1::ERROR_REASON_MODEL_IN_USE},
      {"AttachHubOfDeletedModel", AttachHub("h2", "Unused"),
       DeleteModel("Unused"), kNotFound, v1::ERROR_REASON_MODEL_NOT_FOUND},
      {"DeleteModelOfAttachedHub", DeleteModel("Unused"),
       AttachHub("h2", "Unused"), kPrecondition, v1::ERROR_REASON_MODEL_IN_USE},
      {"CreateModelTwice", CreateModel("C"), CreateModel("C"), kExists,
       v1::ERROR_REASON_MODEL_ALREADY_EXISTS},
      {"NameOnePathAtOnce", CreateTwin("x", "A", R"({"brandNew": 1})"),
       CreateTwin("y", "A", R"({"brandNew": 2})"), kOk},
      {"NameOneRelationshipAtOnce", Relate("a1", "a2", "brandNew"),
       Relate("a2", "a1", "brandNew"), kOk},
      {"PutDeviceOfDeletedHub", PutDevice("h"), DeleteHub("h"), kNotFound,
       v1::ERROR_REASON_HUB_NOT_FOUND},
      {"DeleteHubOfNewDevice", DeleteHub("h"), PutDevice("h"), kOk},
      {"PutProgressOfDeletedHub", PutProgress("h"), DeleteHub("h"), kNotFound,
       v1::ERROR_REASON_HUB_NOT_FOUND},
  };
  return *cases;
}

INSTANTIATE_TEST_SUITE_P(Pairs, GraphGuardTest, testing::ValuesIn(Cases()),
                         [](const auto& test) { return test.param.name; });

// The other half: writers that do not harm each other do not disturb either.
struct Peace {
  std::string name;
  Operation first;
  Operation second;
};

class GraphPeaceTest : public testing::TestWithParam<Peace> {};

TEST_P(GraphPeaceTest, NeitherRunsAgain) {
  TestGraph graph(EngineKind::kMemory);
  for (const Operation& operation :
       {CreateModel("A"), CreateTwin("a", "A"), CreateTwin("b", "A"),
        CreateTwin("c", "A"), Relate("c", "b")}) {
    ASSERT_OK(graph.Write(
        [&](GraphWriter& writer) { return operation(graph.ctx(), writer); }));
  }
  int runs = 0;
  EXPECT_OK(graph.Write([&](GraphWriter& writer) {
    const absl::Status status = GetParam().first(graph.ctx(), writer);
    if (++runs == 1) {
      EXPECT_OK(graph->RunTransaction(graph.ctx(), {}, [&](GraphWriter& other) {
        return GetParam().second(graph.ctx(), other);
      }));
    }
    return status;
  }));
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(CheckGraph(graph.ctx(), *graph)->problem_count, 0);
}

const std::vector<Peace>& PeaceCases() {
  static const auto* const cases = new std::vector<Peace>{
      {"TwinsOfOneModel", CreateTwin("x", "A"), CreateTwin("y", "A")},
      {"RelationshipsToOneTarget", Relate("a", "b"), Relate("b", "b")},
      {"RelationshipAndUpdateOfItsEnd", Relate("a", "b"),
       ChangeModel("b", "A")},
      {"HubsOfOneModel", AttachHub("h1", "A"), AttachHub("h2", "A")},
      {"HubAndTwinOfOneModel", AttachHub("h1", "A"), CreateTwin("x", "A")},
      {"UpdatesOfTwoTwins", ChangeModel("a", "A"), ChangeModel("b", "A")},
      {"RelationshipGoesAndOtherComes", Unrelate("c"), Relate("a", "b")},
  };
  return *cases;
}

INSTANTIATE_TEST_SUITE_P(Pairs, GraphPeaceTest, testing::ValuesIn(PeaceCases()),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace twingraph::graph
