#include "server/engine/model_ops.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

#include "tests/server/engine/engine_fixture.h"

namespace twingraph::engine {
namespace {

using absl::StatusCode;

std::string Interface(absl::string_view id, absl::string_view members = "") {
  return absl::StrCat(R"({"@context":"dtmi:dtdl:context;3","@id":")", id,
                      R"(","@type":"Interface")", members, "}");
}

class ModelOpsTest : public EngineTest {
 protected:
  absl::StatusOr<At<UploadResult>> Upload(
      const std::vector<std::string>& documents,
      const WriteOptions& options = {}) {
    return engine_->models().Upload(ctx_, documents, options);
  }

  std::vector<std::string> List(const ListModelsOptions& what, int size) {
    std::vector<std::string> ids;
    PageRequest page{.size = size, .position = ""};
    ReadOptions read;
    do {
      auto got = engine_->models().List(ctx_, what, page, read);
      EXPECT_OK(got);
      if (!got.ok()) {
        break;
      }
      for (const Model& model : got->items) {
        ids.push_back(model.id);
      }
      page.position = got->next_position;
      read.exactly_at = got->revision;
    } while (!page.position.empty());
    return ids;
  }

  bool Exists(const std::string& id) {
    return engine_->models().Get(ctx_, id, false, {}).ok();
  }
};

TEST_F(ModelOpsTest, GivesBackWhatTheDocumentSays) {
  ASSERT_OK_AND_ASSIGN(
      const auto room,
      engine_->models().Get(ctx_, "dtmi:demo:Room;1", false, {}));
  EXPECT_EQ(room.value.id, "dtmi:demo:Room;1");
  EXPECT_EQ(room.value.display_name, (LocalizedText{{"en", "Room"}}));
  EXPECT_EQ(room.value.description, (LocalizedText{{"en", "A room"}}));
  EXPECT_EQ(room.value.dtdl_version, 3);
  EXPECT_EQ(room.value.upload_time, clock_.Now());
  EXPECT_FALSE(room.value.decommissioned);
  EXPECT_EQ(room.value.definition, "");
  ASSERT_OK_AND_ASSIGN(
      const auto space,
      engine_->models().Get(ctx_, "dtmi:demo:Space;1", true, {}));
  EXPECT_EQ(space.value.display_name,
            (LocalizedText{{"de", "Raum"}, {"en", "Space"}}));
  ASSERT_OK_AND_ASSIGN(const Value definition,
                       ParseJsonValue(space.value.definition));
  EXPECT_EQ(definition.Find("@id")->as_string(), "dtmi:demo:Space;1");
  EXPECT_THAT(engine_->models().Get(ctx_, "dtmi:no:One;1", false, {}),
              IsError(StatusCode::kNotFound, v1::ERROR_REASON_MODEL_NOT_FOUND));
}

TEST_F(ModelOpsTest, StoresASetInAnyOrderInOneCommit) {
  ASSERT_OK_AND_ASSIGN(
      const auto done,
      Upload({Interface("dtmi:t:C;1", R"(,"extends":"dtmi:t:B;1")"),
              Interface("dtmi:t:B;1", R"(,"extends":["dtmi:t:A;1"])"),
              Interface("dtmi:t:A;1")}));
  ASSERT_EQ(done.value.models.size(), 3U);
  EXPECT_EQ(done.value.models[0].id, "dtmi:t:C;1");
  EXPECT_TRUE(done.value.problems.empty());
  EXPECT_TRUE(Exists("dtmi:t:A;1") && Exists("dtmi:t:B;1"));
}

TEST_F(ModelOpsTest, StoresNothingOfASetWithAProblem) {
  const auto bad = Upload({Interface("dtmi:t:A;1"),
                           Interface("dtmi:t:B;1",
                                     "\n,\"contents\":[{\"@type\":\"Property\","
                                     "\"name\":\"x\"}]")});
  EXPECT_THAT(bad, IsError(StatusCode::kInvalidArgument,
                           v1::ERROR_REASON_INVALID_MODEL));
  EXPECT_EQ(MetadataOf(bad.status(), "line"), "2");
  EXPECT_NE(MetadataOf(bad.status(), "rule"), "");
  EXPECT_GE(ViolationsOf(bad.status()).size(), 1U);
  EXPECT_FALSE(Exists("dtmi:t:A;1"));
}

TEST_F(ModelOpsTest, NamesADependencyThatIsMissing) {
  const auto bad =
      Upload({Interface("dtmi:t:A;1", R"(,"extends":"dtmi:t:Nowhere;1")")});
  EXPECT_THAT(bad, IsError(StatusCode::kInvalidArgument,
                           v1::ERROR_REASON_MODEL_DEPENDENCY_MISSING));
  EXPECT_EQ(MetadataOf(bad.status(), "model"), "dtmi:t:A;1");
  EXPECT_EQ(MetadataOf(bad.status(), "missing"), "dtmi:t:Nowhere;1");
}

TEST_F(ModelOpsTest, TextThatIsNotJsonIsAnInvalidModel) {
  for (const char* text : {"", "{", "7", "[1]", "\xff", "{}"}) {
    EXPECT_THAT(Upload({text}), IsError(StatusCode::kInvalidArgument,
                                        v1::ERROR_REASON_INVALID_MODEL))
        << text;
  }
  EXPECT_THAT(Upload({}), IsError(StatusCode::kInvalidArgument,
                                  v1::ERROR_REASON_INVALID_FIELD));
}

TEST_F(ModelOpsTest, RepeatingAnUploadChangesNothing) {
  ASSERT_OK_AND_ASSIGN(const auto before, engine_->admin().GetStatus(ctx_));
  clock_.Advance(absl::Seconds(5));
  ASSERT_OK_AND_ASSIGN(const auto again, Upload(BuildingModels()));
  EXPECT_EQ(again.revision, before.revision);
  EXPECT_LT(again.value.models[0].upload_time, clock_.Now());
  // White space and the order of members do not matter, an order of a list
  // does.
  EXPECT_OK(Upload({R"({ "@type": "Interface", "@id": "dtmi:t:A;1",
                         "@context": "dtmi:dtdl:context;3" })"}));
  EXPECT_OK(Upload({Interface("dtmi:t:A;1")}));
  const auto other =
      Upload({Interface("dtmi:t:A;1", R"(,"displayName":"Another")"),
              Interface("dtmi:t:New;1")});
  EXPECT_THAT(other, IsError(StatusCode::kAlreadyExists,
                             v1::ERROR_REASON_MODEL_ALREADY_EXISTS));
  EXPECT_EQ(MetadataOf(other.status(), "model"), "dtmi:t:A;1");
  EXPECT_FALSE(Exists("dtmi:t:New;1"));
}

TEST_F(ModelOpsTest, ValidateOnlyAnswersWithAllProblems) {
  ASSERT_OK_AND_ASSIGN(
      const auto checked,
      Upload({Interface("dtmi:t:A;1",
                        R"(,"contents":[{"@type":"Property","name":"x"},)"
                        R"({"@type":"Property","name":"y"}])"),
              Interface("not a dtmi")},
             {.validate_only = true}));
  EXPECT_GE(checked.value.problems.size(), 3U);
  for (const ModelProblem& problem : checked.value.problems) {
    EXPECT_NE(problem.rule, "");
    EXPECT_NE(problem.message, "");
    EXPECT_GE(problem.line, 1);
  }
  ASSERT_OK_AND_ASSIGN(const auto good, Upload({Interface("dtmi:t:A;1")},
                                               {.validate_only = true}));
  EXPECT_TRUE(good.value.problems.empty());
  EXPECT_FALSE(Exists("dtmi:t:A;1"));
}

TEST_F(ModelOpsTest, ModelsAreThereForTheNextCall) {
  ASSERT_OK(Upload({Interface("dtmi:t:A;1")}));
  EXPECT_OK(TryCreate("a", "dtmi:t:A;1", "{}"));
}

TEST_F(ModelOpsTest, ListsAllOrWhatSomeNeed) {
  EXPECT_THAT(List({}, 3),
              testing::ElementsAre("dtmi:demo:Device;1", "dtmi:demo:Floor;1",
                                   "dtmi:demo:Person;1", "dtmi:demo:Room;1",
                                   "dtmi:demo:Sensor;1", "dtmi:demo:Space;1",
                                   "dtmi:demo:Thermostat;1",
                                   "dtmi:twingraph:Device;1"));
  const ListModelsOptions room{.dependencies_for = {"dtmi:demo:Room;1"},
                               .with_definition = false};
  for (const int size : {1, 2, 100}) {
    // The targets of relationships are no dependencies.
    EXPECT_THAT(List(room, size),
                testing::ElementsAre("dtmi:demo:Room;1", "dtmi:demo:Space;1",
                                     "dtmi:demo:Thermostat;1"));
  }
  EXPECT_THAT(engine_->models().List(ctx_,
                                     {.dependencies_for = {"dtmi:no:One;1"},
                                      .with_definition = false},
                                     {}, {}),
              IsError(StatusCode::kNotFound, v1::ERROR_REASON_MODEL_NOT_FOUND));
}

TEST_F(ModelOpsTest, DeletesOnlyWhatNobodyUses) {
  const auto extended = engine_->models().Delete(ctx_, "dtmi:demo:Space;1", {});
  EXPECT_THAT(extended, IsError(StatusCode::kFailedPrecondition,
                                v1::ERROR_REASON_MODEL_IN_USE));
  EXPECT_THAT(MetadataOf(extended.status(), "referrers"),
              testing::HasSubstr("dtmi:demo:Room;1"));
  EXPECT_THAT(
      engine_->models().Delete(ctx_, "dtmi:demo:Thermostat;1", {}),
      IsError(StatusCode::kFailedPrecondition, v1::ERROR_REASON_MODEL_IN_USE));
  Create("p1", "dtmi:demo:Person;1");
  EXPECT_THAT(
      engine_->models().Delete(ctx_, "dtmi:demo:Person;1", {}),
      IsError(StatusCode::kFailedPrecondition, v1::ERROR_REASON_MODEL_IN_USE));
  ASSERT_OK(engine_->twins().Delete(ctx_, "p1", {}));
  ASSERT_OK(engine_->models().Delete(ctx_, "dtmi:demo:Person;1", {}));
  EXPECT_FALSE(Exists("dtmi:demo:Person;1"));
  EXPECT_THAT(TryCreate("p1", "dtmi:demo:Person;1", "{}"),
              IsError(StatusCode::kNotFound, v1::ERROR_REASON_MODEL_NOT_FOUND));
  EXPECT_THAT(engine_->models().Delete(ctx_, "dtmi:demo:Person;1", {}),
              IsError(StatusCode::kNotFound, v1::ERROR_REASON_MODEL_NOT_FOUND));
  EXPECT_THAT(
      engine_->models().Delete(ctx_, "dtmi:twingraph:Device;1", {}),
      IsError(StatusCode::kFailedPrecondition, v1::ERROR_REASON_MODEL_IN_USE));
}

TEST_F(ModelOpsTest, AModelCanComeBackInAnotherForm) {
  ASSERT_OK(Upload({Interface("dtmi:t:A;1")}));
  ASSERT_OK(engine_->models().Delete(ctx_, "dtmi:t:A;1", {}));
  ASSERT_OK(Upload({Interface(
      "dtmi:t:A;1",
      R"(,"contents":[{"@type":"Property","name":"x","schema":"double"}])")}));
  EXPECT_OK(TryCreate("a", "dtmi:t:A;1", R"({"x":1})"));
}

TEST_F(ModelOpsTest, ReadsADeletedModelAtItsRevision) {
  ASSERT_OK_AND_ASSIGN(const auto done, Upload({Interface("dtmi:t:A;1")}));
  ASSERT_OK(engine_->models().Delete(ctx_, "dtmi:t:A;1", {}));
  ASSERT_OK_AND_ASSIGN(const auto then,
                       engine_->models().Get(ctx_, "dtmi:t:A;1", true,
                                             {.exactly_at = done.revision}));
  EXPECT_EQ(then.value.id, "dtmi:t:A;1");
  EXPECT_NE(then.value.definition, "");
}

class ModelLimitsTest : public EngineTest {
 protected:
  ModelLimitsTest()
      : EngineTest({.models_per_upload = 7, .model_bytes = 4000}) {}
};

TEST_F(ModelLimitsTest, RefusesWhatIsTooMuch) {
  std::vector<std::string> many;
  for (int i = 0; i < 8; ++i) {
    many.push_back(Interface(absl::StrCat("dtmi:t:M", i, ";1")));
  }
  EXPECT_THAT(
      engine_->models().Upload(ctx_, many, {}),
      IsError(StatusCode::kInvalidArgument, v1::ERROR_REASON_LIMIT_EXCEEDED));
  const std::string large = Interface(
      "dtmi:t:A;1",
      absl::StrCat(R"(,"comment":")", std::string(4000, 'x'), R"(")"));
  EXPECT_THAT(
      engine_->models().Upload(ctx_, {large}, {}),
      IsError(StatusCode::kInvalidArgument, v1::ERROR_REASON_LIMIT_EXCEEDED));
}

}  // namespace
}  // namespace twingraph::engine
