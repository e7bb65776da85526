#include "server/rpc/convert/model.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"

#include "tests/support/status_matchers.h"

namespace twingraph::rpc {
namespace {

using google::protobuf::TextFormat;
using google::protobuf::util::MessageDifferencer;

engine::Model Room() {
  engine::Model model;
  model.id = "dtmi:demo:Room;1";
  model.display_name = {{"de", "Raum"}, {"en", "Room"}};
  model.upload_time = absl::FromUnixSeconds(9);
  model.etag = "e";
  model.dtdl_version = 3;
  model.definition = R"({"@id":"dtmi:demo:Room;1","n":1.50})";
  return model;
}

v1::Model Written(const engine::Model& model, v1::ModelView view) {
  std::string bytes;
  WireWriter writer(bytes);
  EXPECT_OK(WriteModel(model, view, writer));
  v1::Model written;
  EXPECT_TRUE(written.ParseFromString(bytes));
  return written;
}

TEST(ModelTest, WritesWhatTheViewAsksFor) {
  v1::Model wanted;
  ASSERT_TRUE(
      TextFormat::ParseFromString(R"pb(
                                    id: "dtmi:demo:Room;1"
                                    display_name { key: "de" value: "Raum" }
                                    display_name { key: "en" value: "Room" }
                                    upload_time { seconds: 9 }
                                    state: MODEL_STATE_ACTIVE
                                    etag: "e"
                                    dtdl_version: 3
                                  )pb",
                                  &wanted));
  EXPECT_TRUE(MessageDifferencer::Equals(
      Written(Room(), v1::MODEL_VIEW_UNSPECIFIED), wanted));
  EXPECT_TRUE(MessageDifferencer::Equals(Written(Room(), v1::MODEL_VIEW_BASIC),
                                         wanted));

  EXPECT_EQ(Written(Room(), v1::MODEL_VIEW_TEXT).definition_json(),
            Room().definition);
  const v1::Model full = Written(Room(), v1::MODEL_VIEW_FULL);
  EXPECT_EQ(full.definition().fields().at("@id").string_value(),
            "dtmi:demo:Room;1");
  EXPECT_EQ(full.definition_json(), "");
}

TEST(ModelTest, ADamagedDefinitionIsAnError) {
  engine::Model model = Room();
  model.definition = "[]";
  std::string bytes;
  WireWriter writer(bytes);
  EXPECT_THAT(
      WriteModel(model, v1::MODEL_VIEW_FULL, writer),
      IsError(absl::StatusCode::kDataLoss, v1::ERROR_REASON_STORE_CORRUPT));
}

TEST(ModelTest, DiagnosticsOfObjectsHaveNoLine) {
  const engine::ModelProblem problem{.rule = "r",
                                     .document = 1,
                                     .model = "m",
                                     .path = "/p",
                                     .line = 3,
                                     .column = 4,
                                     .message = "wrong"};
  for (const int structs : {1, 2}) {
    std::string bytes;
    WireWriter writer(bytes);
    WriteDiagnostics({problem}, structs, writer);
    v1::UploadModelsResponse response;
    ASSERT_TRUE(response.ParseFromString(bytes));
    EXPECT_EQ(response.diagnostic_count(), 1);
    const v1::ModelDiagnostic& written = response.diagnostics(0);
    EXPECT_EQ(written.severity(), v1::ModelDiagnostic::SEVERITY_ERROR);
    EXPECT_EQ(written.document_index(), 1);
    EXPECT_EQ(written.line(), structs == 1 ? 3 : 0);
    EXPECT_EQ(written.message(), "wrong");
  }
}

TEST(ModelTest, MoreDiagnosticsThanFitAreCounted) {
  const std::vector<engine::ModelProblem> problems(kDiagnosticLimit + 7);
  std::string bytes;
  WireWriter writer(bytes);
  WriteDiagnostics(problems, 0, writer);
  v1::UploadModelsResponse response;
  ASSERT_TRUE(response.ParseFromString(bytes));
  EXPECT_EQ(response.diagnostics_size(), kDiagnosticLimit);
  EXPECT_EQ(response.diagnostic_count(), kDiagnosticLimit + 7);
}

TEST(ModelTest, WritesSinceWhenItIsDecommissioned) {
  engine::Model model = Room();
  model.decommission_time = absl::FromUnixSeconds(11);
  const v1::Model written = Written(model, v1::MODEL_VIEW_BASIC);
  EXPECT_EQ(written.state(), v1::MODEL_STATE_DECOMMISSIONED);
  EXPECT_EQ(written.decommission_time().seconds(), 11);
}

TEST(ModelTest, DocumentsAreObjectsThenTexts) {
  v1::UploadModelsRequest request;
  (*request.add_models()->mutable_fields())["a"].set_number_value(1);
  request.add_documents("[ ]");
  ASSERT_OK_AND_ASSIGN(const auto documents, ToDocuments(request));
  EXPECT_THAT(documents, testing::ElementsAre(R"({"a":1})", "[ ]"));
  EXPECT_THAT(ToDocuments(v1::UploadModelsRequest()),
              IsError(absl::StatusCode::kInvalidArgument,
                      v1::ERROR_REASON_INVALID_FIELD));
}

}  // namespace
}  // namespace twingraph::rpc
