#include "server/engine/model_ops.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

#include "tests/server/engine/engine_fixture.h"

namespace twingraph::engine {
namespace {

using absl::StatusCode;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr ModelView kDefinition{.has_definition = true};

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
    const auto list = [&](const PageRequest& page, const ReadOptions& read) {
      return engine_->models().List(ctx_, what, page, read);
    };
    std::vector<std::string> ids;
    for (const auto& models : ReadPages(list, size)) {
      for (const Model& model : models) {
        ids.push_back(model.id);
      }
    }
    return ids;
  }

  bool Exists(const std::string& id) {
    return engine_->models().Get(ctx_, id, {}, {}).ok();
  }
};

TEST_F(ModelOpsTest, GivesBackWhatTheDocumentSays) {
  ASSERT_OK_AND_ASSIGN(const auto room,
                       engine_->models().Get(ctx_, "dtmi:demo:Room;1", {}, {}));
  EXPECT_EQ(room.value.id, "dtmi:demo:Room;1");
  EXPECT_EQ(room.value.display_name, (LocalizedText{{"en", "Room"}}));
  EXPECT_EQ(room.value.description, (LocalizedText{{"en", "A room"}}));
  EXPECT_EQ(room.value.dtdl_version, 3);
  EXPECT_EQ(room.value.upload_time, clock_.Now());
  EXPECT_FALSE(room.value.decommission_time.has_value());
  EXPECT_EQ(room.value.definition, "");
  ASSERT_OK_AND_ASSIGN(
      const auto space,
      engine_->models().Get(ctx_, "dtmi:demo:Space;1", kDefinition, {}));
  EXPECT_EQ(space.value.display_name,
            (LocalizedText{{"de", "Raum"}, {"en", "Space"}}));
  ASSERT_OK_AND_ASSIGN(const Value definition,
                       ParseJsonValue(space.value.definition));
  EXPECT_EQ(definition.Find("@id")->as_string(), "dtmi:demo:Space;1");
  EXPECT_THAT(engine_->models().Get(ctx_, "dtmi:no:One;1", {}, {}),
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
  EXPECT_EQ(MetadataOf(bad.status(), "model"), "dtmi:t:B;1");
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
  EXPECT_EQ(MetadataOf(bad.status(), "document"), "0");
  EXPECT_EQ(MetadataOf(bad.status(), "path"), "/extends");
}

TEST_F(ModelOpsTest, CountsMissingDependenciesWithTheOtherProblems) {
  const std::vector<std::string> documents = {
      Interface("dtmi:t:A;1", R"(,"extends":"dtmi:t:Nowhere;1")"),
      Interface("dtmi:t:B;1", R"(,"colour":"red")")};
  ASSERT_OK_AND_ASSIGN(const auto checked,
                       Upload(documents, {.validate_only = true}));
  ASSERT_EQ(checked.value.problems.size(), 2U);
  const auto bad = Upload(documents);
  EXPECT_EQ(MetadataOf(bad.status(), "violations"), "2");
  EXPECT_EQ(MetadataOf(bad.status(), "document"), "1");
  const auto violations = ViolationsOf(bad.status());
  ASSERT_EQ(violations.size(), 2U);
  EXPECT_EQ(violations[0].field, "documents[1]/colour");
  EXPECT_EQ(violations[1].field, "documents[0]/extends");
}

TEST_F(ModelOpsTest, NamesThePlaceAsTheCallerGaveTheModels) {
  const std::vector<std::string> documents = {
      Interface("dtmi:t:A;1", R"(,"colour":"red")"),
      Interface("dtmi:t:B;1", R"(,"extends":"dtmi:t:Nowhere;1")")};
  const auto object =
      engine_->models().Upload(ctx_, documents, {}, /*object_count=*/1);
  EXPECT_EQ(MetadataOf(object.status(), "line"), "0");
  EXPECT_EQ(MetadataOf(object.status(), "column"), "0");
  const auto violations = ViolationsOf(object.status());
  ASSERT_EQ(violations.size(), 2U);
  EXPECT_EQ(violations[0].field, "models[0]/colour");
  EXPECT_EQ(violations[0].description.find("line"), std::string::npos);
  EXPECT_EQ(violations[1].field, "documents[0]/extends");
}

TEST_F(ModelOpsTest, ChecksNothingForACallerWhoHasGone) {
  const Context late(absl::Now() - absl::Seconds(1), Origin());
  for (const bool validate_only : {false, true}) {
    EXPECT_THAT(
        engine_->models().Upload(late, {Interface("dtmi:t:A;1")},
                                 {.validate_only = validate_only}),
        IsError(StatusCode::kDeadlineExceeded, v1::ERROR_REASON_CALL_ENDED));
  }
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
              ElementsAre("dtmi:demo:Device;1", "dtmi:demo:Floor;1",
                          "dtmi:demo:Person;1", "dtmi:demo:Room;1",
                          "dtmi:demo:Sensor;1", "dtmi:demo:Space;1",
                          "dtmi:demo:Thermostat;1", "dtmi:twingraph:Device;1"));
  const ListModelsOptions room{.ids = {"dtmi:demo:Room;1"},
                               .include_dependencies = true};
  for (const int size : {1, 2, 100}) {
    // The targets of relationships are no dependencies.
    EXPECT_THAT(List(room, size),
                ElementsAre("dtmi:demo:Room;1", "dtmi:demo:Space;1",
                            "dtmi:demo:Thermostat;1"));
  }
  for (const bool include_dependencies : {false, true}) {
    EXPECT_THAT(
        engine_->models().List(ctx_,
                               {.ids = {"dtmi:demo:Room;1", "dtmi:no:One;1"},
                                .include_dependencies = include_dependencies},
                               {}, {}),
        IsError(StatusCode::kNotFound, v1::ERROR_REASON_MODEL_NOT_FOUND));
  }
}

TEST_F(ModelOpsTest, ListsThoseThatAreNamed) {
  const ListModelsOptions some{
      .ids = {"dtmi:demo:Sensor;1", "dtmi:demo:Floor;1", "dtmi:demo:Sensor;1"}};
  for (const int size : {1, 2, 3}) {
    EXPECT_THAT(List(some, size),
                ElementsAre("dtmi:demo:Floor;1", "dtmi:demo:Sensor;1"));
  }
}

TEST_F(ModelOpsTest, TheLastPageIsFullAndNamesNoOther) {
  ASSERT_OK_AND_ASSIGN(const auto page,
                       engine_->models().List(ctx_, {}, {.size = 8}, {}));
  EXPECT_EQ(page.items.size(), 8U);
  EXPECT_EQ(page.next_position, "");
}

TEST_F(ModelOpsTest, ListsByState) {
  ASSERT_OK(engine_->models().Decommission(ctx_, "dtmi:demo:Room;1", {}));
  ASSERT_OK(engine_->models().Decommission(ctx_, "dtmi:demo:Device;1", {}));
  for (const int size : {1, 2, 100}) {
    EXPECT_THAT(List({.is_decommissioned = true}, size),
                ElementsAre("dtmi:demo:Device;1", "dtmi:demo:Room;1"));
    EXPECT_THAT(
        List({.is_decommissioned = false}, size),
        ElementsAre("dtmi:demo:Floor;1", "dtmi:demo:Person;1",
                    "dtmi:demo:Sensor;1", "dtmi:demo:Space;1",
                    "dtmi:demo:Thermostat;1", "dtmi:twingraph:Device;1"));
    EXPECT_THAT(List({.ids = {"dtmi:demo:Room;1"},
                      .include_dependencies = true,
                      .is_decommissioned = false},
                     size),
                ElementsAre("dtmi:demo:Space;1", "dtmi:demo:Thermostat;1"));
  }
}

TEST_F(ModelOpsTest, PagesOfOneListAreOfOneRevision) {
  PageRequest page{.size = 2};
  ASSERT_OK_AND_ASSIGN(auto got, engine_->models().List(ctx_, {}, page, {}));
  const ReadOptions read{.exactly_at = got.revision};
  std::vector<std::string> ids;
  for (int i = 0;; ++i) {
    for (const Model& model : got.items) {
      ids.push_back(model.id);
      EXPECT_FALSE(model.decommission_time.has_value()) << model.id;
    }
    if (got.next_position.empty()) {
      break;
    }
    // Writes behind and before the place of the next page.
    ASSERT_OK(Upload({Interface(absl::StrCat("dtmi:a:New", i, ";1")),
                      Interface(absl::StrCat("dtmi:z:New", i, ";1"))}));
    ASSERT_OK(engine_->models().Decommission(ctx_, "dtmi:demo:Space;1", {}));
    if (i == 0) {
      ASSERT_OK(engine_->models().Delete(ctx_, "dtmi:demo:Person;1", {}));
    }
    page.position = got.next_position;
    ASSERT_OK_AND_ASSIGN(got, engine_->models().List(ctx_, {}, page, read));
  }
  EXPECT_THAT(ids,
              ElementsAre("dtmi:demo:Device;1", "dtmi:demo:Floor;1",
                          "dtmi:demo:Person;1", "dtmi:demo:Room;1",
                          "dtmi:demo:Sensor;1", "dtmi:demo:Space;1",
                          "dtmi:demo:Thermostat;1", "dtmi:twingraph:Device;1"));
}

TEST_F(ModelOpsTest, DeletesOnlyWhatNobodyUses) {
  const auto extended = engine_->models().Delete(ctx_, "dtmi:demo:Space;1", {});
  EXPECT_THAT(extended, IsError(StatusCode::kFailedPrecondition,
                                v1::ERROR_REASON_MODEL_IN_USE));
  EXPECT_THAT(MetadataOf(extended.status(), "referrers"),
              HasSubstr("dtmi:demo:Room;1"));
  EXPECT_THAT(
      engine_->models().Delete(ctx_, "dtmi:demo:Thermostat;1", {}),
      IsError(StatusCode::kFailedPrecondition, v1::ERROR_REASON_MODEL_IN_USE));
  Create("p1", "dtmi:demo:Person;1");
  EXPECT_THAT(
      engine_->models().Delete(ctx_, "dtmi:demo:Person;1", {}),
      IsError(StatusCode::kFailedPrecondition, v1::ERROR_REASON_MODEL_IN_USE));
  ASSERT_OK(Wait(engine_->twins().Delete(ctx_, "p1", {})));
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
                       engine_->models().Get(ctx_, "dtmi:t:A;1", kDefinition,
                                             {.exactly_at = done.revision}));
  EXPECT_EQ(then.value.id, "dtmi:t:A;1");
  EXPECT_NE(then.value.definition, "");
}

TEST_F(ModelOpsTest, ReadsAModelAsItWasBeforeItCameBackInAnotherForm) {
  ASSERT_OK_AND_ASSIGN(
      const auto old,
      Upload({Interface("dtmi:t:A;1", R"(,"displayName":"Old")"),
              Interface("dtmi:t:B;1", R"(,"extends":"dtmi:t:A;1")")}));
  ASSERT_OK(engine_->models().Delete(ctx_, "dtmi:t:B;1", {}));
  ASSERT_OK(engine_->models().Delete(ctx_, "dtmi:t:A;1", {}));
  ASSERT_OK(Upload({Interface(
      "dtmi:t:A;1", R"(,"displayName":"New","contents":[{"@type":"Property",)"
                    R"("name":"x","schema":"double"}])")}));
  const ReadOptions then{.exactly_at = old.revision};
  ASSERT_OK_AND_ASSIGN(const auto a, engine_->models().Get(ctx_, "dtmi:t:A;1",
                                                           kDefinition, then));
  EXPECT_EQ(a.value.display_name, (LocalizedText{{"en", "Old"}}));
  EXPECT_THAT(a.value.definition, HasSubstr("Old"));
  ASSERT_OK_AND_ASSIGN(
      const auto b, engine_->models().GetEffective(ctx_, "dtmi:t:B;1", then));
  ASSERT_EQ(b.value.effective->ancestors.size(), 1U);
  EXPECT_TRUE(b.value.effective->contents.empty());
  ASSERT_OK_AND_ASSIGN(const auto now,
                       engine_->models().GetEffective(ctx_, "dtmi:t:A;1", {}));
  EXPECT_EQ(now.value.effective->contents.size(), 1U);
}

TEST_F(ModelOpsTest, TheEffectiveModelSaysWhereContentsComeFrom) {
  ASSERT_OK_AND_ASSIGN(const auto room, engine_->models().GetEffective(
                                            ctx_, "dtmi:demo:Room;1", {}));
  EXPECT_EQ(room.value.model.id, "dtmi:demo:Room;1");
  std::vector<std::string> inherited;
  for (const auto& content : room.value.effective->contents) {
    if (content.declared_in->id == "dtmi:demo:Space;1") {
      inherited.push_back(content.content->name);
    }
  }
  EXPECT_THAT(inherited, ElementsAre("contains", "label", "near"));
  EXPECT_EQ(room.value.effective->contents.size(), 13U);
  EXPECT_THAT(engine_->models().GetEffective(ctx_, "dtmi:no:One;1", {}),
              IsError(StatusCode::kNotFound, v1::ERROR_REASON_MODEL_NOT_FOUND));
}

TEST_F(ModelOpsTest, ADefinitionCanStandAlone) {
  ASSERT_OK(Upload(
      {R"({"@context":["dtmi:dtdl:context;3",)"
       R"("dtmi:dtdl:extension:quantitativeTypes;1"],"@id":"dtmi:t:A;1",)"
       R"("@type":"Interface","schemas":[{"@id":"dtmi:t:s;1","@type":"Array",)"
       R"("elementSchema":"long"}],"contents":{"@type":"Property",)"
       R"("name":"a","schema":"dtmi:t:s;1"}})",
       Interface("dtmi:t:B;1",
                 R"(,"extends":"dtmi:t:A;1","displayName":"B","contents":)"
                 R"([{"@type":"Telemetry","name":"b","schema":"long"}])")}));
  ASSERT_OK_AND_ASSIGN(
      const auto model,
      engine_->models().Get(ctx_, "dtmi:t:B;1",
                            {.has_definition = true, .has_base_contents = true},
                            {}));
  ASSERT_OK_AND_ASSIGN(const Value flat,
                       ParseJsonValue(model.value.definition));
  EXPECT_EQ(flat.Find("extends"), nullptr);
  EXPECT_EQ(flat.Find("displayName")->as_string(), "B");
  EXPECT_EQ(flat.Find("@context")->as_list().size(), 2U);
  EXPECT_EQ(flat.Find("contents")->as_list().size(), 2U);
  EXPECT_EQ(flat.Find("schemas")->as_list().size(), 1U);
  // It is DTDL in its own right.
  const auto parsed = dtdl::ParseModels(
      {&model.value.definition, 1}, [](absl::string_view) { return nullptr; });
  EXPECT_TRUE(parsed.ok());
  EXPECT_EQ(parsed.interfaces.at(0)->contents.size(), 2U);
}

TEST_F(ModelOpsTest, AClosedModelKeepsItsTwinsAndTakesNoNewOnes) {
  CreateSensor("old");
  CreateRoom("room");
  clock_.Advance(absl::Seconds(5));
  ASSERT_OK_AND_ASSIGN(
      const auto open,
      engine_->models().Get(ctx_, "dtmi:demo:Sensor;1", {}, {}));
  ASSERT_OK_AND_ASSIGN(const auto closed, engine_->models().Decommission(
                                              ctx_, "dtmi:demo:Sensor;1", {}));
  EXPECT_EQ(closed.value.decommission_time, clock_.Now());
  EXPECT_LT(closed.value.upload_time, clock_.Now());
  EXPECT_NE(closed.value.etag, open.value.etag);

  const auto refused =
      TryCreate("new", "dtmi:demo:Sensor;1", R"({"thermostat":{}})");
  EXPECT_THAT(refused, IsError(StatusCode::kFailedPrecondition,
                               v1::ERROR_REASON_MODEL_DECOMMISSIONED));
  EXPECT_EQ(MetadataOf(refused.status(), "model"), "dtmi:demo:Sensor;1");
  EXPECT_THAT(
      Wait(engine_->twins().Patch(ctx_, "room",
                                  {{"replace", "/$metadata/$model",
                                    Value::String("dtmi:demo:Sensor;1")}},
                                  {})),
      IsError(StatusCode::kFailedPrecondition,
              v1::ERROR_REASON_MODEL_DECOMMISSIONED));
  EXPECT_OK(Wait(engine_->twins().Patch(
      ctx_, "old", {{"add", "/firmware", Value::String("2")}}, {})));
  EXPECT_OK(TryRelate("room", "r", "hasDevice", "old"));
  // What extends it and what it extends go on.
  EXPECT_OK(Upload(
      {Interface("dtmi:t:Special;1", R"(,"extends":"dtmi:demo:Sensor;1")")}));
  EXPECT_OK(TryCreate("s", "dtmi:t:Special;1", R"({"thermostat":{}})"));
  EXPECT_OK(TryCreate("d", "dtmi:demo:Device;1", "{}"));

  ASSERT_OK_AND_ASSIGN(const auto again, engine_->models().Reactivate(
                                             ctx_, "dtmi:demo:Sensor;1", {}));
  EXPECT_FALSE(again.value.decommission_time.has_value());
  EXPECT_OK(TryCreate("new", "dtmi:demo:Sensor;1", R"({"thermostat":{}})"));
  // What it was stays readable.
  ASSERT_OK_AND_ASSIGN(const auto then,
                       engine_->models().Get(ctx_, "dtmi:demo:Sensor;1", {},
                                             {.exactly_at = closed.revision}));
  EXPECT_EQ(then.value.decommission_time, closed.value.decommission_time);
  EXPECT_EQ(then.value.etag, closed.value.etag);
}

TEST_F(ModelOpsTest, AStateThatIsThereIsLeftAlone) {
  ASSERT_OK_AND_ASSIGN(const auto closed, engine_->models().Decommission(
                                              ctx_, "dtmi:demo:Room;1", {}));
  clock_.Advance(absl::Seconds(5));
  ASSERT_OK_AND_ASSIGN(const auto again, engine_->models().Decommission(
                                             ctx_, "dtmi:demo:Room;1", {}));
  EXPECT_EQ(again.revision, closed.revision);
  EXPECT_EQ(again.value.etag, closed.value.etag);
  EXPECT_EQ(again.value.decommission_time, closed.value.decommission_time);
  ASSERT_OK_AND_ASSIGN(const auto active, engine_->models().Reactivate(
                                              ctx_, "dtmi:demo:Floor;1", {}));
  EXPECT_EQ(active.revision, closed.revision);
  // An upload of what is stored is no reactivation.
  ASSERT_OK_AND_ASSIGN(const auto same, Upload(BuildingModels()));
  EXPECT_EQ(same.revision, closed.revision);
  EXPECT_EQ(same.value.models[2].id, "dtmi:demo:Room;1");
  EXPECT_EQ(same.value.models[2].etag, closed.value.etag);
  EXPECT_TRUE(same.value.models[2].decommission_time.has_value());
}

struct StateCase {
  std::string name;
  std::string id;
  WriteOptions options;
  StatusCode code;
  v1::ErrorReason reason;
};

class RefusedStateTest : public ModelOpsTest,
                         public testing::WithParamInterface<StateCase> {};

TEST_P(RefusedStateTest, SaysWhy) {
  const auto& [name, id, options, code, reason] = GetParam();
  EXPECT_THAT(engine_->models().Decommission(ctx_, id, options),
              IsError(code, reason));
  EXPECT_THAT(engine_->models().Delete(ctx_, id, options),
              IsError(code, reason));
  if (reason != v1::ERROR_REASON_MODEL_IN_USE) {
    EXPECT_THAT(engine_->models().Reactivate(ctx_, id, options),
                IsError(code, reason));
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, RefusedStateTest,
    testing::Values(StateCase{"NoSuchModel",
                              "dtmi:no:One;1",
                              {},
                              StatusCode::kNotFound,
                              v1::ERROR_REASON_MODEL_NOT_FOUND},
                    StateCase{"NoModelWithAnEtag",
                              "dtmi:no:One;1",
                              {.expected_etag = "*"},
                              StatusCode::kNotFound,
                              v1::ERROR_REASON_MODEL_NOT_FOUND},
                    StateCase{"NoId",
                              "",
                              {},
                              StatusCode::kNotFound,
                              v1::ERROR_REASON_MODEL_NOT_FOUND},
                    StateCase{"OldEtag",
                              "dtmi:demo:Person;1",
                              {.expected_etag = "W/\"0-0\""},
                              StatusCode::kAborted,
                              v1::ERROR_REASON_ETAG_MISMATCH},
                    StateCase{"BuiltIn",
                              "dtmi:twingraph:Device;1",
                              {},
                              StatusCode::kFailedPrecondition,
                              v1::ERROR_REASON_MODEL_IN_USE}),
    [](const auto& test) { return test.param.name; });

TEST_F(ModelOpsTest, AnEtagThatIsCurrentIsTaken) {
  ASSERT_OK_AND_ASSIGN(const auto uploaded, Upload({Interface("dtmi:t:A;1")}));
  const std::string etag = uploaded.value.models[0].etag;
  ASSERT_OK_AND_ASSIGN(const auto read,
                       engine_->models().Get(ctx_, "dtmi:t:A;1", {}, {}));
  EXPECT_EQ(read.value.etag, etag);
  ASSERT_OK_AND_ASSIGN(const auto closed,
                       engine_->models().Decommission(ctx_, "dtmi:t:A;1",
                                                      {.expected_etag = etag}));
  EXPECT_THAT(
      engine_->models().Delete(ctx_, "dtmi:t:A;1", {.expected_etag = etag}),
      IsError(StatusCode::kAborted, v1::ERROR_REASON_ETAG_MISMATCH));
  EXPECT_OK(engine_->models().Delete(ctx_, "dtmi:t:A;1",
                                     {.expected_etag = closed.value.etag}));
}

TEST_F(ModelOpsTest, ACheckedWriteChangesNothing) {
  const WriteOptions check{.validate_only = true};
  ASSERT_OK_AND_ASSIGN(const auto before, engine_->admin().GetStatus(ctx_));
  ASSERT_OK_AND_ASSIGN(
      const auto closed,
      engine_->models().Decommission(ctx_, "dtmi:demo:Person;1", check));
  EXPECT_TRUE(closed.value.decommission_time.has_value());
  EXPECT_EQ(closed.value.etag, "");
  EXPECT_EQ(closed.revision, before.revision);
  EXPECT_OK(engine_->models().Delete(ctx_, "dtmi:demo:Person;1", check));
  EXPECT_THAT(
      engine_->models().Delete(ctx_, "dtmi:demo:Space;1", check),
      IsError(StatusCode::kFailedPrecondition, v1::ERROR_REASON_MODEL_IN_USE));
  ASSERT_OK_AND_ASSIGN(
      const auto person,
      engine_->models().Get(ctx_, "dtmi:demo:Person;1", {}, {}));
  EXPECT_FALSE(person.value.decommission_time.has_value());
}

TEST_F(ModelOpsTest, ARepeatIsAnsweredAsTheFirstTime) {
  const WriteOptions upload{.request_id = "u", .request_fingerprint = 1};
  ASSERT_OK_AND_ASSIGN(const auto first,
                       Upload({Interface("dtmi:t:A;1")}, upload));
  const WriteOptions close{.request_id = "c", .request_fingerprint = 2};
  ASSERT_OK_AND_ASSIGN(const auto closed, engine_->models().Decommission(
                                              ctx_, "dtmi:t:A;1", close));
  ASSERT_OK(engine_->models().Reactivate(ctx_, "dtmi:t:A;1", {}));
  ASSERT_OK_AND_ASSIGN(const auto again, engine_->models().Decommission(
                                             ctx_, "dtmi:t:A;1", close));
  EXPECT_EQ(again.revision, closed.revision);
  EXPECT_EQ(again.value.etag, closed.value.etag);
  EXPECT_TRUE(again.value.decommission_time.has_value());
  // It was not done again.
  EXPECT_OK(TryCreate("a", "dtmi:t:A;1", "{}"));
  ASSERT_OK(Wait(engine_->twins().Delete(ctx_, "a", {})));

  const WriteOptions remove{.request_id = "d", .request_fingerprint = 3};
  ASSERT_OK_AND_ASSIGN(const auto gone,
                       engine_->models().Delete(ctx_, "dtmi:t:A;1", remove));
  ASSERT_OK_AND_ASSIGN(const auto gone_again,
                       engine_->models().Delete(ctx_, "dtmi:t:A;1", remove));
  EXPECT_EQ(gone_again.revision, gone.revision);
  // The repeat of the upload does not bring the model back.
  ASSERT_OK_AND_ASSIGN(const auto late,
                       Upload({Interface("dtmi:t:A;1")}, upload));
  EXPECT_EQ(late.revision, first.revision);
  ASSERT_EQ(late.value.models.size(), 1U);
  EXPECT_EQ(late.value.models[0].etag, first.value.models[0].etag);
  EXPECT_FALSE(Exists("dtmi:t:A;1"));
}

TEST_F(ModelOpsTest, AModelInUseNamesItsFirstUsersAndTheirCount) {
  std::vector<std::string> heirs;
  for (int i = 0; i < 12; ++i) {
    heirs.push_back(Interface(absl::StrCat("dtmi:t:Heir", i, ";1"),
                              R"(,"extends":"dtmi:demo:Person;1")"));
  }
  ASSERT_OK(Upload(heirs));
  const auto used = engine_->models().Delete(ctx_, "dtmi:demo:Person;1", {});
  EXPECT_EQ(MetadataOf(used.status(), "what"), "models");
  EXPECT_EQ(MetadataOf(used.status(), "count"), "12");
  EXPECT_EQ(MetadataOf(used.status(), "model"), "dtmi:demo:Person;1");
  EXPECT_THAT(MetadataOf(used.status(), "referrers"),
              HasSubstr("dtmi:t:Heir0;1,dtmi:t:Heir1;1"));
  for (int i = 0; i < 3; ++i) {
    Create(absl::StrCat("t", i), "dtmi:t:Heir0;1");
  }
  const auto has_twins = engine_->models().Delete(ctx_, "dtmi:t:Heir0;1", {});
  EXPECT_EQ(MetadataOf(has_twins.status(), "what"), "twins");
  EXPECT_EQ(MetadataOf(has_twins.status(), "count"), "3");
  EXPECT_EQ(MetadataOf(has_twins.status(), "referrers"), "t0,t1,t2");
}

TEST_F(ModelOpsTest, ValidateOnlyTellsOfMissingAndOfStoredModels) {
  ASSERT_OK(Upload({Interface("dtmi:t:A;1")}));
  ASSERT_OK_AND_ASSIGN(
      const auto checked,
      Upload({Interface("dtmi:t:New;1"),
              Interface("dtmi:t:A;1", R"(,"displayName":"Another")"),
              Interface("dtmi:t:B;1", R"(,"extends":"dtmi:t:Nowhere;1")")},
             {.validate_only = true}));
  ASSERT_EQ(checked.value.problems.size(), 2U);
  EXPECT_EQ(checked.value.problems[0].rule, "missingDependency");
  EXPECT_EQ(checked.value.problems[0].model, "dtmi:t:B;1");
  EXPECT_EQ(checked.value.problems[0].document, 2U);
  EXPECT_EQ(checked.value.problems[1].rule, "modelAlreadyExists");
  EXPECT_EQ(checked.value.problems[1].model, "dtmi:t:A;1");
  EXPECT_EQ(checked.value.problems[1].document, 1U);
  EXPECT_TRUE(checked.value.models.empty());
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
  EXPECT_THAT(
      engine_->models().List(
          ctx_, {.ids = std::vector<std::string>(8, "dtmi:demo:Room;1")}, {},
          {}),
      IsError(StatusCode::kInvalidArgument, v1::ERROR_REASON_LIMIT_EXCEEDED));
  EXPECT_OK(engine_->models().List(
      ctx_, {.ids = std::vector<std::string>(7, "dtmi:demo:Room;1")}, {}, {}));
}

}  // namespace
}  // namespace twingraph::engine
