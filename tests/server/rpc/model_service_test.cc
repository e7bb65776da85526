// ModelService over a real engine: what a client sees.

#include <chrono>
#include <memory>
#include <semaphore>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "storage/base/status.h"
#include "tests/server/rpc/graph_client.h"
#include "tests/server/rpc/graph_server.h"
#include "tests/support/gate_clock.h"
#include "tests/support/status_matchers.h"
#include "twingraph/v1/model.grpc.pb.h"
#include "twingraph/v1/twin.grpc.pb.h"

namespace twingraph::rpc {
namespace {

using absl::StatusCode;
using testing::ElementsAre;

class ModelServiceTest : public testing::Test {
 protected:
  using Models = v1::ModelService::Stub;

  void TearDown() override { clock_.Open(); }

  // Lab extends Room, which extends Space.
  void UploadLab() {
    v1::UploadModelsRequest upload;
    upload.add_documents(R"json([
      {"@context": "dtmi:dtdl:context;2", "@id": "dtmi:test:Space;1",
       "@type": "Interface", "contents": [
         {"@type": ["Property", "Temperature"], "name": "temperature",
          "schema": "double", "unit": "degreeCelsius", "writable": true,
          "displayName": "Temp", "description": {"de": "Luft"}},
         {"@type": "Relationship", "name": "near", "maxMultiplicity": 3,
          "target": "dtmi:test:Space;1", "properties": [
            {"@type": "Property", "name": "door", "schema": "boolean"}]}]},
      {"@context": "dtmi:dtdl:context;2", "@id": "dtmi:test:Clock;1",
       "@type": "Interface"},
      {"@context": "dtmi:dtdl:context;3", "@id": "dtmi:test:Room;1",
       "@type": "Interface", "extends": "dtmi:test:Space;1",
       "schemas": [{"@id": "dtmi:test:Mode;1", "@type": "Enum",
         "valueSchema": "integer", "enumValues": [
           {"name": "off", "enumValue": 0}, {"name": "on", "enumValue": 1}]}],
       "contents": [
         {"@type": "Property", "name": "mode", "schema": "dtmi:test:Mode;1"},
         {"@type": "Property", "name": "size", "schema": {"@type": "Object",
           "fields": [{"name": "w", "schema": "double"}]}},
         {"@type": "Property", "name": "tags", "schema": {"@type": "Map",
           "mapKey": {"name": "k", "schema": "string"},
           "mapValue": {"name": "v", "schema": "dtmi:test:Mode;1"}}},
         {"@type": "Component", "name": "clock",
          "schema": "dtmi:test:Clock;1"}]},
      {"@context": "dtmi:dtdl:context;3", "@id": "dtmi:test:Lab;1",
       "@type": "Interface", "displayName": "Lab",
       "extends": "dtmi:test:Room;1", "contents": [
         {"@type": "Command", "name": "vent",
          "request": {"name": "seconds", "schema": "integer"}},
         {"@type": "Telemetry", "name": "alarm", "schema": "string"}]}
    ])json");
    EXPECT_OK(Call(models_, &Models::UploadModels, upload));
  }

  absl::StatusOr<v1::GetModelResponse> Get(const std::string& id) {
    v1::GetModelRequest request;
    request.set_id(id);
    return Call(models_, &Models::GetModel, request);
  }

  absl::StatusOr<v1::DecommissionModelResponse> Decommission(
      const std::string& id, const std::string& etag = "") {
    v1::DecommissionModelRequest request;
    request.set_id(id);
    request.set_etag(etag);
    return Call(models_, &Models::DecommissionModel, request);
  }

  absl::StatusOr<v1::CreateTwinResponse> CreateTwin(const std::string& id,
                                                    const std::string& model) {
    v1::CreateTwinRequest request;
    request.mutable_twin()->set_id(id);
    request.mutable_twin()->set_model_id(model);
    return Call(twins_, &v1::TwinService::Stub::CreateTwin, request);
  }

  std::vector<std::string> List(v1::ListModelsRequest request) {
    std::vector<std::string> ids;
    do {
      const auto page = Call(models_, &Models::ListModels, request);
      EXPECT_OK(page);
      if (!page.ok()) {
        break;
      }
      for (const v1::Model& model : page->models()) {
        ids.push_back(model.id());
      }
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return ids;
  }

  // Stops uploads while it is closed.
  GateClock clock_{"uploads"};
  GraphServer server_{{.clock = &clock_}};
  std::unique_ptr<Models> models_ =
      v1::ModelService::NewStub(server_.channel());
  std::unique_ptr<v1::TwinService::Stub> twins_ =
      v1::TwinService::NewStub(server_.channel());
};

TEST_F(ModelServiceTest, UploadsModelsAsObjectsAndGivesThemBackInEachView) {
  v1::UploadModelsRequest upload;
  *upload.add_models() = Json(R"({"@context":"dtmi:dtdl:context;2",
      "@id":"dtmi:test:A;1","@type":"Interface","displayName":"An A"})");
  ASSERT_OK_AND_ASSIGN(const auto uploaded,
                       Call(models_, &Models::UploadModels, upload));
  ASSERT_EQ(uploaded.models_size(), 1);
  EXPECT_EQ(uploaded.models(0).id(), "dtmi:test:A;1");
  EXPECT_EQ(uploaded.models(0).display_name().at("en"), "An A");
  EXPECT_NE(uploaded.revision(), "");

  v1::GetModelRequest get;
  get.set_id("dtmi:test:A;1");
  get.set_view(v1::MODEL_VIEW_FULL);
  ASSERT_OK_AND_ASSIGN(const auto full, Call(models_, &Models::GetModel, get));
  EXPECT_EQ(full.model().definition().fields().at("@id").string_value(),
            "dtmi:test:A;1");
  get.set_view(v1::MODEL_VIEW_TEXT);
  ASSERT_OK_AND_ASSIGN(const auto text, Call(models_, &Models::GetModel, get));
  EXPECT_THAT(text.model().definition_json(), testing::HasSubstr("An A"));
  EXPECT_FALSE(text.model().has_definition());

  EXPECT_OK(Call(models_, &Models::UploadModels, upload));
  v1::DeleteModelRequest remove;
  remove.set_id("dtmi:test:A;1");
  EXPECT_OK(Call(models_, &Models::DeleteModel, remove));
  EXPECT_THAT(Call(models_, &Models::GetModel, get),
              IsError(StatusCode::kNotFound, v1::ERROR_REASON_MODEL_NOT_FOUND));
}

TEST_F(ModelServiceTest, ValidatesModelsAsAnAnswerAndRefusesThemAsAnError) {
  v1::UploadModelsRequest upload;
  upload.add_documents(R"({"@context":"dtmi:dtdl:context;2",
"@id":"dtmi:test:A;1","@type":"Interface","contents":[{"@type":"Property",
"name":"x"}]})");
  EXPECT_THAT(
      Call(models_, &Models::UploadModels, upload),
      IsError(StatusCode::kInvalidArgument, v1::ERROR_REASON_INVALID_MODEL));
  upload.set_validate_only(true);
  ASSERT_OK_AND_ASSIGN(const auto answer,
                       Call(models_, &Models::UploadModels, upload));
  EXPECT_EQ(answer.models_size(), 0);
  ASSERT_GE(answer.diagnostics_size(), 1);
  EXPECT_EQ(answer.diagnostics(0).model_id(), "dtmi:test:A;1");
  EXPECT_EQ(answer.diagnostics(0).element_id(), "dtmi:test:A:_contents:__x;1");
  EXPECT_GT(answer.diagnostics(0).line(), 0);
}

// Models that take long to check: each of them inherits what many others have.
v1::UploadModelsRequest SlowUpload() {
  std::string models = "[";
  for (int i = 0; i < 400; ++i) {
    absl::StrAppend(&models, i == 0 ? "" : ",",
                    R"({"@context":"dtmi:dtdl:context;3","@type":"Interface",)",
                    R"("@id":"dtmi:test:S)", i, R"(;1","extends":[)");
    for (int j = 0; i >= 100 && j < 100; ++j) {
      absl::StrAppend(&models, j == 0 ? "" : ",", "\"dtmi:test:S",
                      (i / 100 - 1) * 100 + j, ";1\"");
    }
    absl::StrAppend(&models, R"(],"contents":[{"@type":"Property",)",
                    R"("name":"p)", i, R"(","schema":"double"}]})");
  }
  v1::UploadModelsRequest request;
  request.add_documents(absl::StrCat(models, "]"));
  request.set_validate_only(true);
  return request;
}

// An upload by a thread of its own, until it ends or is given up.
class UploadCall {
 public:
  // Releases `refused` where the server refuses it.
  UploadCall(v1::ModelService::Stub& models,
             const v1::UploadModelsRequest& request,
             std::counting_semaphore<>& refused) {
    thread_ = std::thread([this, &models, &request, &refused] {
      v1::UploadModelsResponse response;
      const grpc::Status done =
          models.UploadModels(&context_, request, &response);
      if (done.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED) {
        refused.release();
      }
    });
  }

  ~UploadCall() {
    context_.TryCancel();
    thread_.join();
  }

 private:
  grpc::ClientContext context_;
  std::thread thread_;
};

TEST_F(ModelServiceTest, UploadsTakeNoThreadFromWritesAndAreBounded) {
  constexpr int kWaiting = 16;
  constexpr int kRefused = 3;
  server_.UploadModels();
  const v1::UploadModelsRequest slow = SlowUpload();
  std::counting_semaphore<> refused(0);
  clock_.Close();
  {
    const UploadCall running(*models_, slow, refused);
    ASSERT_TRUE(clock_.WaitUntilStopped());
    std::vector<std::unique_ptr<UploadCall>> others;
    for (int i = 0; i < kWaiting + kRefused; ++i) {
      others.push_back(std::make_unique<UploadCall>(*models_, slow, refused));
    }
    for (int i = 0; i < kRefused; ++i) {
      ASSERT_TRUE(refused.try_acquire_for(std::chrono::minutes(1)));
    }
    EXPECT_OK(CreateTwin("while-uploads-wait", "dtmi:test:Floor;1"));
  }
  EXPECT_FALSE(refused.try_acquire());
  clock_.Open();
  // Those who waited have gone, and soon so has their work.
  v1::UploadModelsRequest quick;
  quick.add_documents(R"({"@context":"dtmi:dtdl:context;3",
      "@id":"dtmi:test:A;1","@type":"Interface"})");
  const absl::Time late = absl::Now() + absl::Minutes(1);
  while (!Call(models_, &Models::UploadModels, quick).ok()) {
    ASSERT_LT(absl::Now(), late);
    absl::SleepFor(absl::Milliseconds(100));
  }
}

TEST_F(ModelServiceTest, ListsModelsPageByPage) {
  server_.UploadModels();
  v1::ListModelsRequest request;
  request.set_page_size(1);
  std::set<std::string> seen;
  do {
    ASSERT_OK_AND_ASSIGN(const auto page,
                         Call(models_, &Models::ListModels, request));
    for (const v1::Model& model : page.models()) {
      EXPECT_TRUE(seen.insert(model.id()).second) << model.id();
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(seen, testing::IsSupersetOf(
                        {"dtmi:test:Room;1", "dtmi:test:Floor;1",
                         "dtmi:test:Sensor;1", "dtmi:test:Thermostat;1"}));
}

TEST_F(ModelServiceTest, ListsWhatIsNamedWithWhatItNeeds) {
  UploadLab();
  v1::ListModelsRequest request;
  request.set_page_size(1);
  request.add_ids("dtmi:test:Lab;1");
  EXPECT_THAT(List(request), ElementsAre("dtmi:test:Lab;1"));
  request.set_include_dependencies(true);
  EXPECT_THAT(List(request),
              ElementsAre("dtmi:test:Clock;1", "dtmi:test:Lab;1",
                          "dtmi:test:Room;1", "dtmi:test:Space;1"));
  ASSERT_OK(Decommission("dtmi:test:Room;1"));
  request.set_state(v1::MODEL_STATE_DECOMMISSIONED);
  EXPECT_THAT(List(request), ElementsAre("dtmi:test:Room;1"));
  request.set_state(v1::MODEL_STATE_ACTIVE);
  EXPECT_THAT(List(request), ElementsAre("dtmi:test:Clock;1", "dtmi:test:Lab;1",
                                         "dtmi:test:Space;1"));
}

TEST_F(ModelServiceTest, AListThatCannotBeIsRefused) {
  UploadLab();
  const auto refused = [this](const v1::ListModelsRequest& request) {
    return Call(models_, &Models::ListModels, request);
  };
  v1::ListModelsRequest unknown;
  unknown.add_ids("dtmi:no:One;1");
  EXPECT_THAT(refused(unknown),
              IsError(StatusCode::kNotFound, v1::ERROR_REASON_MODEL_NOT_FOUND));
  v1::ListModelsRequest state;
  state.set_state(static_cast<v1::ModelState>(77));
  EXPECT_THAT(refused(state), IsError(StatusCode::kInvalidArgument,
                                      v1::ERROR_REASON_INVALID_FIELD));
  v1::ListModelsRequest negative;
  negative.set_page_size(-1);
  EXPECT_THAT(refused(negative), IsError(StatusCode::kInvalidArgument,
                                         v1::ERROR_REASON_INVALID_FIELD));
  v1::ListModelsRequest many;
  for (int i = 0; i < 10'001; ++i) {
    many.add_ids("dtmi:test:Lab;1");
  }
  EXPECT_THAT(refused(many), IsError(StatusCode::kInvalidArgument,
                                     v1::ERROR_REASON_LIMIT_EXCEEDED));
}

TEST_F(ModelServiceTest, ATokenIsGoodForItsOwnListOnly) {
  UploadLab();
  v1::ListModelsRequest request;
  request.set_page_size(1);
  ASSERT_OK_AND_ASSIGN(const auto page,
                       Call(models_, &Models::ListModels, request));
  request.set_page_token(page.next_page_token());
  v1::ListModelsRequest other = request;
  other.add_ids("dtmi:test:Lab;1");
  v1::ListModelsRequest closed = request;
  closed.set_state(v1::MODEL_STATE_DECOMMISSIONED);
  v1::ListModelsRequest deep = request;
  deep.set_include_dependencies(true);
  for (const auto& wrong : {other, closed, deep}) {
    EXPECT_THAT(Call(models_, &Models::ListModels, wrong),
                IsError(StatusCode::kInvalidArgument,
                        v1::ERROR_REASON_INVALID_PAGE_TOKEN));
  }
  EXPECT_OK(Call(models_, &Models::ListModels, request));
}

TEST_F(ModelServiceTest, AnEffectiveModelHasAllThatItInherits) {
  UploadLab();
  v1::GetEffectiveModelRequest request;
  request.set_id("dtmi:test:Lab;1");
  ASSERT_OK_AND_ASSIGN(const auto answer,
                       Call(models_, &Models::GetEffectiveModel, request));
  EXPECT_NE(answer.revision(), "");
  const v1::EffectiveModel& lab = answer.model();
  EXPECT_EQ(lab.model().id(), "dtmi:test:Lab;1");
  EXPECT_EQ(lab.model().dtdl_version(), 3);
  EXPECT_EQ(lab.model().state(), v1::MODEL_STATE_ACTIVE);
  EXPECT_THAT(lab.bases(),
              ElementsAre("dtmi:test:Room;1", "dtmi:test:Space;1"));
  std::vector<std::string> names;
  for (const v1::ModelContent& content : lab.contents()) {
    names.push_back(absl::StrCat(content.name(), " ", content.declared_in()));
  }
  EXPECT_THAT(
      names,
      ElementsAre("alarm dtmi:test:Lab;1", "clock dtmi:test:Room;1",
                  "mode dtmi:test:Room;1", "near dtmi:test:Space;1",
                  "size dtmi:test:Room;1", "tags dtmi:test:Room;1",
                  "temperature dtmi:test:Space;1", "vent dtmi:test:Lab;1"));
  request.set_id("dtmi:no:One;1");
  EXPECT_THAT(Call(models_, &Models::GetEffectiveModel, request),
              IsError(StatusCode::kNotFound, v1::ERROR_REASON_MODEL_NOT_FOUND));
}

TEST_F(ModelServiceTest, ADefinitionStandsAloneOnRequest) {
  UploadLab();
  v1::GetModelRequest request;
  request.set_id("dtmi:test:Lab;1");
  request.set_view(v1::MODEL_VIEW_FULL);
  request.set_include_base_contents(true);
  ASSERT_OK_AND_ASSIGN(const auto answer,
                       Call(models_, &Models::GetModel, request));
  const auto& fields = answer.model().definition().fields();
  EXPECT_EQ(fields.at("contents").list_value().values_size(), 8);
  EXPECT_EQ(fields.count("extends"), 0U);
  request.set_view(v1::MODEL_VIEW_BASIC);
  ASSERT_OK_AND_ASSIGN(const auto basic,
                       Call(models_, &Models::GetModel, request));
  EXPECT_FALSE(basic.model().has_definition());
}

TEST_F(ModelServiceTest, ADecommissionedModelTakesNoNewTwins) {
  server_.UploadModels();
  ASSERT_OK_AND_ASSIGN(const auto before, Get("dtmi:test:Sensor;1"));
  EXPECT_EQ(before.model().state(), v1::MODEL_STATE_ACTIVE);
  EXPECT_FALSE(before.model().has_decommission_time());
  ASSERT_OK(CreateTwin("old", "dtmi:test:Sensor;1"));
  EXPECT_THAT(Decommission("dtmi:test:Sensor;1", "W/\"0-0\""),
              IsError(StatusCode::kAborted, v1::ERROR_REASON_ETAG_MISMATCH));
  ASSERT_OK_AND_ASSIGN(const auto closed, Decommission("dtmi:test:Sensor;1",
                                                       before.model().etag()));
  EXPECT_EQ(closed.model().state(), v1::MODEL_STATE_DECOMMISSIONED);
  EXPECT_TRUE(closed.model().has_decommission_time());
  EXPECT_THAT(CreateTwin("new", "dtmi:test:Sensor;1"),
              IsError(StatusCode::kFailedPrecondition,
                      v1::ERROR_REASON_MODEL_DECOMMISSIONED));
  v1::ReactivateModelRequest reactivate;
  reactivate.set_id("dtmi:test:Sensor;1");
  reactivate.set_etag(closed.model().etag());
  ASSERT_OK_AND_ASSIGN(const auto active,
                       Call(models_, &Models::ReactivateModel, reactivate));
  EXPECT_EQ(active.model().state(), v1::MODEL_STATE_ACTIVE);
  EXPECT_FALSE(active.model().has_decommission_time());
  EXPECT_OK(CreateTwin("new", "dtmi:test:Sensor;1"));

  v1::GetModelRequest then;
  then.set_id("dtmi:test:Sensor;1");
  then.mutable_read()->set_exactly_at(closed.revision());
  ASSERT_OK_AND_ASSIGN(const auto old, Call(models_, &Models::GetModel, then));
  EXPECT_EQ(old.model().state(), v1::MODEL_STATE_DECOMMISSIONED);
  EXPECT_EQ(old.model().etag(), closed.model().etag());
  EXPECT_THAT(Decommission("dtmi:no:One;1"),
              IsError(StatusCode::kNotFound, v1::ERROR_REASON_MODEL_NOT_FOUND));
}

TEST_F(ModelServiceTest, TheSameRequestIdWithAnotherRequestIsRefused) {
  server_.UploadModels();
  v1::DecommissionModelRequest request;
  request.set_id("dtmi:test:Sensor;1");
  request.set_request_id("r");
  ASSERT_OK_AND_ASSIGN(const auto first,
                       Call(models_, &Models::DecommissionModel, request));
  ASSERT_OK_AND_ASSIGN(const auto again,
                       Call(models_, &Models::DecommissionModel, request));
  EXPECT_EQ(again.revision(), first.revision());
  v1::ReactivateModelRequest other;
  other.set_id("dtmi:test:Sensor;1");
  other.set_request_id("r");
  EXPECT_THAT(Call(models_, &Models::ReactivateModel, other),
              IsError(StatusCode::kInvalidArgument,
                      v1::ERROR_REASON_REQUEST_ID_REUSED));
  request.set_request_id(std::string(129, 'x'));
  EXPECT_THAT(
      Call(models_, &Models::DecommissionModel, request),
      IsError(StatusCode::kInvalidArgument, v1::ERROR_REASON_INVALID_FIELD));
}

TEST_F(ModelServiceTest, ADeletionNamesWhatUsesTheModel) {
  UploadLab();
  v1::DeleteModelRequest request;
  request.set_id("dtmi:test:Space;1");
  const auto used = Call(models_, &Models::DeleteModel, request);
  EXPECT_THAT(used, IsError(StatusCode::kFailedPrecondition,
                            v1::ERROR_REASON_MODEL_IN_USE));
  EXPECT_EQ(MetadataOf(used.status(), "referrers"), "dtmi:test:Room;1");
  EXPECT_EQ(MetadataOf(used.status(), "count"), "1");
  request.set_id("dtmi:test:Lab;1");
  request.set_validate_only(true);
  EXPECT_OK(Call(models_, &Models::DeleteModel, request));
  EXPECT_OK(Get("dtmi:test:Lab;1"));
  request.set_validate_only(false);
  request.set_etag("W/\"0-0\"");
  EXPECT_THAT(Call(models_, &Models::DeleteModel, request),
              IsError(StatusCode::kAborted, v1::ERROR_REASON_ETAG_MISMATCH));
}

TEST_F(ModelServiceTest, AnUploadThatCannotBeIsRefused) {
  EXPECT_THAT(
      Call(models_, &Models::UploadModels, v1::UploadModelsRequest()),
      IsError(StatusCode::kInvalidArgument, v1::ERROR_REASON_INVALID_FIELD));
  v1::UploadModelsRequest missing;
  missing.add_documents(R"({"@context":"dtmi:dtdl:context;3",
      "@id":"dtmi:test:A;1","@type":"Interface","extends":"dtmi:no:One;1"})");
  EXPECT_THAT(Call(models_, &Models::UploadModels, missing),
              IsError(StatusCode::kInvalidArgument,
                      v1::ERROR_REASON_MODEL_DEPENDENCY_MISSING));
  server_.UploadModels();
  v1::UploadModelsRequest differs;
  differs.add_documents(R"({"@context":"dtmi:dtdl:context;3",
      "@id":"dtmi:test:Room;1","@type":"Interface"})");
  EXPECT_THAT(Call(models_, &Models::UploadModels, differs),
              IsError(StatusCode::kAlreadyExists,
                      v1::ERROR_REASON_MODEL_ALREADY_EXISTS));
  // All that is wrong is the answer where only that is asked.
  *missing.mutable_documents()->Add() = differs.documents(0);
  missing.set_validate_only(true);
  ASSERT_OK_AND_ASSIGN(const auto answer,
                       Call(models_, &Models::UploadModels, missing));
  EXPECT_EQ(answer.diagnostic_count(), 2);
  ASSERT_EQ(answer.diagnostics_size(), 2);
  EXPECT_EQ(answer.diagnostics(0).rule(), "missingDependency");
  EXPECT_EQ(answer.diagnostics(1).rule(), "modelAlreadyExists");
  EXPECT_EQ(answer.diagnostics(1).document_index(), 1);
}

}  // namespace
}  // namespace twingraph::rpc
