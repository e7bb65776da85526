// The services over a real engine: what a client sees.

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "storage/base/status.h"
#include "tests/server/rpc/graph_client.h"
#include "tests/server/rpc/graph_server.h"
#include "tests/support/status_matchers.h"
#include "twingraph/v1/admin.grpc.pb.h"
#include "twingraph/v1/connector.grpc.pb.h"
#include "twingraph/v1/hub.grpc.pb.h"
#include "twingraph/v1/model.grpc.pb.h"
#include "twingraph/v1/query.grpc.pb.h"
#include "twingraph/v1/twin.grpc.pb.h"

namespace twingraph::rpc {
namespace {

using absl::StatusCode;

class ServicesTest : public testing::Test {
 protected:
  using Models = v1::ModelService::Stub;
  using Twins = v1::TwinService::Stub;
  using Queries = v1::QueryService::Stub;
  using Hubs = v1::HubService::Stub;
  using Admin = v1::AdminService::Stub;

  absl::StatusOr<v1::CreateTwinResponse> CreateTwin(
      const std::string& id, const std::string& model,
      const std::string& contents = "{}") {
    v1::CreateTwinRequest request;
    request.mutable_twin()->set_id(id);
    request.mutable_twin()->set_model_id(model);
    *request.mutable_twin()->mutable_contents() = Json(contents);
    return Call(twins_, &Twins::CreateTwin, request);
  }

  absl::StatusOr<v1::GetTwinResponse> GetTwin(
      const std::string& id, v1::TwinView view = v1::TWIN_VIEW_BASIC) {
    v1::GetTwinRequest request;
    request.set_id(id);
    request.set_view(view);
    return Call(twins_, &Twins::GetTwin, request);
  }

  absl::StatusOr<v1::CreateRelationshipResponse> Relate(
      const std::string& source, const std::string& id, const std::string& name,
      const std::string& target) {
    v1::CreateRelationshipRequest request;
    v1::Relationship& relationship = *request.mutable_relationship();
    relationship.set_source_id(source);
    relationship.set_id(id);
    relationship.set_name(name);
    relationship.set_target_id(target);
    return Call(twins_, &Twins::CreateRelationship, request);
  }

  absl::StatusOr<v1::QueryPageResponse> Query(const std::string& text,
                                              int page_size = 0,
                                              const std::string& token = "") {
    v1::QueryPageRequest request;
    request.set_query(text);
    request.set_page_size(page_size);
    request.set_page_token(token);
    return Call(queries_, &Queries::QueryPage, request);
  }

  GraphServer server_;
  std::unique_ptr<Models> models_ =
      v1::ModelService::NewStub(server_.channel());
  std::unique_ptr<Twins> twins_ = v1::TwinService::NewStub(server_.channel());
  std::unique_ptr<Queries> queries_ =
      v1::QueryService::NewStub(server_.channel());
  std::unique_ptr<Hubs> hubs_ = v1::HubService::NewStub(server_.channel());
  std::unique_ptr<Admin> admin_ = v1::AdminService::NewStub(server_.channel());
};

TEST_F(ServicesTest, ATwinIsCreatedReadPatchedReplacedAndDeleted) {
  server_.UploadModels();
  ASSERT_OK_AND_ASSIGN(
      const auto created,
      CreateTwin("room-1", "dtmi:test:Room;1",
                 R"({"temperature":21,"level":2,"serial":"9007199254740993",
                     "thermostat":{"target":20.5},"tags":{"a":"b"}})"));
  EXPECT_NE(created.twin().etag(), "");
  EXPECT_THAT(CreateTwin("room-1", "dtmi:test:Room;1", R"({"thermostat":{}})"),
              IsError(StatusCode::kAlreadyExists,
                      v1::ERROR_REASON_TWIN_ALREADY_EXISTS));

  ASSERT_OK_AND_ASSIGN(const auto read, GetTwin("room-1", v1::TWIN_VIEW_FULL));
  const auto& fields = read.twin().contents().fields();
  EXPECT_EQ(fields.at("temperature").number_value(), 21);
  EXPECT_EQ(fields.at("serial").string_value(), "9007199254740993");
  EXPECT_EQ(fields.at("thermostat")
                .struct_value()
                .fields()
                .at("target")
                .number_value(),
            20.5);
  EXPECT_EQ(read.twin().etag(), created.twin().etag());
  EXPECT_TRUE(read.twin().property_metadata().contains("/temperature"));
  EXPECT_TRUE(read.twin().property_metadata().contains("/thermostat/target"));
  EXPECT_FALSE(read.twin().has_device());

  v1::PatchTwinRequest patch;
  patch.set_id("room-1");
  patch.set_etag(read.twin().etag());
  v1::PatchOperation& operation = *patch.add_operations();
  operation.set_op(v1::PatchOperation::OP_REPLACE);
  operation.set_path("/temperature");
  operation.mutable_value()->set_number_value(22.5);
  ASSERT_OK_AND_ASSIGN(const auto patched,
                       Call(twins_, &Twins::PatchTwin, patch));
  EXPECT_NE(patched.etag(), read.twin().etag());
  EXPECT_THAT(Call(twins_, &Twins::PatchTwin, patch),
              IsError(StatusCode::kAborted, v1::ERROR_REASON_ETAG_MISMATCH));

  v1::ReplaceTwinRequest replace;
  *replace.mutable_twin() = read.twin();
  *replace.mutable_twin()->mutable_contents() =
      Json(R"({"level":3,"serial":5,"thermostat":{}})");
  ASSERT_OK_AND_ASSIGN(const auto replaced,
                       Call(twins_, &Twins::ReplaceTwin, replace));
  EXPECT_FALSE(replaced.twin().contents().fields().contains("temperature"));
  // A long is text, however small.
  EXPECT_EQ(replaced.twin().contents().fields().at("serial").string_value(),
            "5");

  v1::DeleteTwinRequest remove;
  remove.set_id("room-1");
  EXPECT_OK(Call(twins_, &Twins::DeleteTwin, remove));
  EXPECT_THAT(GetTwin("room-1"),
              IsError(StatusCode::kNotFound, v1::ERROR_REASON_TWIN_NOT_FOUND));
}

TEST_F(ServicesTest, ReadsSeeTheRevisionThatIsAskedFor) {
  server_.UploadModels();
  ASSERT_OK_AND_ASSIGN(const auto created,
                       CreateTwin("room-1", "dtmi:test:Room;1",
                                  R"({"level":1,"thermostat":{}})"));
  v1::PatchTwinRequest patch;
  patch.set_id("room-1");
  v1::PatchOperation& operation = *patch.add_operations();
  operation.set_op(v1::PatchOperation::OP_ADD);
  operation.set_path("/level");
  operation.mutable_value()->set_number_value(2);
  ASSERT_OK_AND_ASSIGN(const auto patched,
                       Call(twins_, &Twins::PatchTwin, patch));

  v1::GetTwinRequest get;
  get.set_id("room-1");
  get.mutable_read()->set_exactly_at(created.revision());
  ASSERT_OK_AND_ASSIGN(const auto old, Call(twins_, &Twins::GetTwin, get));
  EXPECT_EQ(old.twin().contents().fields().at("level").number_value(), 1);
  EXPECT_EQ(old.revision(), created.revision());
  get.mutable_read()->set_at_least_as_fresh(patched.revision());
  ASSERT_OK_AND_ASSIGN(const auto fresh, Call(twins_, &Twins::GetTwin, get));
  EXPECT_EQ(fresh.twin().contents().fields().at("level").number_value(), 2);
  get.mutable_read()->set_exactly_at("nonsense");
  EXPECT_THAT(Call(twins_, &Twins::GetTwin, get),
              IsError(StatusCode::kInvalidArgument,
                      v1::ERROR_REASON_INVALID_REVISION_TOKEN));
}

TEST_F(ServicesTest, ReadsSeeTheStateOfATime) {
  server_.UploadModels();
  ASSERT_OK_AND_ASSIGN(const auto first,
                       CreateTwin("floor-1", "dtmi:test:Floor;1", "{}"));
  const absl::Time time = absl::Now();
  ASSERT_OK(CreateTwin("floor-2", "dtmi:test:Floor;1", "{}"));
  ASSERT_OK(CreateTwin("floor-3", "dtmi:test:Floor;1", "{}"));

  v1::ListTwinsRequest list;
  const auto set_time = [&](absl::Time as_of) {
    const int64_t seconds = absl::ToUnixSeconds(as_of);
    google::protobuf::Timestamp& proto = *list.mutable_read()->mutable_as_of();
    proto.set_seconds(seconds);
    proto.set_nanos(static_cast<int32_t>(
        absl::ToInt64Nanoseconds(as_of - absl::FromUnixSeconds(seconds))));
  };
  set_time(time);
  ASSERT_OK_AND_ASSIGN(const auto twins, Call(twins_, &Twins::ListTwins, list));
  EXPECT_EQ(twins.twins_size(), 1);
  EXPECT_EQ(twins.revision(), first.revision());

  v1::QueryPageRequest query;
  query.set_query("SELECT COUNT() FROM DIGITALTWINS");
  *query.mutable_read() = list.read();
  ASSERT_OK_AND_ASSIGN(const auto page,
                       Call(queries_, &Queries::QueryPage, query));
  EXPECT_EQ(page.rows(0).values(0).number_value(), 1);
  EXPECT_EQ(page.revision(), first.revision());

  set_time(absl::Now() + absl::Hours(1));
  EXPECT_THAT(
      Call(twins_, &Twins::ListTwins, list),
      IsError(StatusCode::kInvalidArgument, v1::ERROR_REASON_INVALID_FIELD));
}

TEST_F(ServicesTest, ARequestIdMakesAWriteSafeToRepeat) {
  server_.UploadModels();
  v1::CreateTwinRequest request;
  request.mutable_twin()->set_id("floor-1");
  request.mutable_twin()->set_model_id("dtmi:test:Floor;1");
  request.set_request_id("once");
  ASSERT_OK_AND_ASSIGN(const auto first,
                       Call(twins_, &Twins::CreateTwin, request));
  ASSERT_OK_AND_ASSIGN(const auto second,
                       Call(twins_, &Twins::CreateTwin, request));
  EXPECT_EQ(first.revision(), second.revision());
  request.mutable_twin()->set_id("floor-2");
  EXPECT_THAT(Call(twins_, &Twins::CreateTwin, request),
              IsError(StatusCode::kInvalidArgument,
                      v1::ERROR_REASON_REQUEST_ID_REUSED));
}

TEST_F(ServicesTest, ManyViolationsMakeAnErrorThatArrives) {
  server_.UploadModels();
  std::string contents = "{";
  for (int i = 0; i < 1000; ++i) {
    absl::StrAppend(&contents, i == 0 ? "" : ",", "\"unknown", i, "\":1");
  }
  const absl::Status status =
      CreateTwin("room-1", "dtmi:test:Room;1", contents + "}").status();
  EXPECT_THAT(status, IsError(StatusCode::kInvalidArgument,
                              v1::ERROR_REASON_CONTENT_INVALID));
  int count = 0;
  EXPECT_TRUE(absl::SimpleAtoi(MetadataOf(status, "violations"), &count));
  EXPECT_GE(count, 1000);
  EXPECT_FALSE(ViolationsOf(status).empty());
}

TEST_F(ServicesTest, ListsTwinsPageByPageAtOneRevision) {
  server_.UploadModels();
  for (int i = 0; i < 25; ++i) {
    ASSERT_OK(CreateTwin(absl::StrCat("floor-", i), "dtmi:test:Floor;1"));
  }
  v1::ListTwinsRequest request;
  std::set<std::string> seen;
  std::string first_token;
  do {
    ASSERT_OK_AND_ASSIGN(const auto page,
                         Call(twins_, &Twins::ListTwins, request));
    for (const v1::Twin& twin : page.twins()) {
      EXPECT_TRUE(seen.insert(twin.id()).second) << twin.id();
    }
    if (first_token.empty()) {
      first_token = page.next_page_token();
      // Comes after the revision of the list.
      ASSERT_OK(CreateTwin("floor-zzz", "dtmi:test:Floor;1"));
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(seen.size(), 25u);

  v1::ListModelsRequest other;
  other.set_page_token(first_token);
  EXPECT_THAT(Call(models_, &Models::ListModels, other),
              IsError(StatusCode::kInvalidArgument,
                      v1::ERROR_REASON_INVALID_PAGE_TOKEN));
  request.set_page_token(first_token.substr(1));
  EXPECT_THAT(Call(twins_, &Twins::ListTwins, request),
              IsError(StatusCode::kInvalidArgument,
                      v1::ERROR_REASON_INVALID_PAGE_TOKEN));
}

TEST_F(ServicesTest, RelationshipsAreListedFromBothEnds) {
  server_.UploadModels();
  ASSERT_OK(CreateTwin("floor-1", "dtmi:test:Floor;1"));
  for (const char* room : {"room-1", "room-2"}) {
    ASSERT_OK(CreateTwin(room, "dtmi:test:Room;1", R"({"thermostat":{}})"));
    ASSERT_OK(Relate("floor-1", absl::StrCat("to-", room), "contains", room));
  }
  EXPECT_THAT(Relate("room-1", "x", "contains", "floor-1"),
              IsError(StatusCode::kInvalidArgument,
                      v1::ERROR_REASON_RELATIONSHIP_NOT_ALLOWED));

  v1::ListRelationshipsRequest out;
  out.set_source_id("floor-1");
  out.set_page_size(1);
  ASSERT_OK_AND_ASSIGN(const auto page,
                       Call(twins_, &Twins::ListRelationships, out));
  ASSERT_EQ(page.relationships_size(), 1);
  EXPECT_EQ(page.relationships(0).target_id(), "room-1");
  EXPECT_NE(page.next_page_token(), "");
  out.set_name("nothing");
  out.clear_page_size();
  ASSERT_OK_AND_ASSIGN(const auto none,
                       Call(twins_, &Twins::ListRelationships, out));
  EXPECT_EQ(none.relationships_size(), 0);

  v1::ListIncomingRelationshipsRequest in;
  in.set_target_id("room-2");
  ASSERT_OK_AND_ASSIGN(const auto incoming,
                       Call(twins_, &Twins::ListIncomingRelationships, in));
  ASSERT_EQ(incoming.relationships_size(), 1);
  EXPECT_EQ(incoming.relationships(0).source_id(), "floor-1");

  v1::DeleteTwinRequest remove;
  remove.set_id("room-2");
  EXPECT_THAT(Call(twins_, &Twins::DeleteTwin, remove),
              IsError(StatusCode::kFailedPrecondition,
                      v1::ERROR_REASON_TWIN_HAS_RELATIONSHIPS));
  v1::DeleteRelationshipRequest cut;
  cut.set_source_id("floor-1");
  cut.set_id("to-room-2");
  EXPECT_OK(Call(twins_, &Twins::DeleteRelationship, cut));
  EXPECT_OK(Call(twins_, &Twins::DeleteTwin, remove));
  v1::GetRelationshipRequest get;
  get.set_source_id("floor-1");
  get.set_id("to-room-2");
  EXPECT_THAT(
      Call(twins_, &Twins::GetRelationship, get),
      IsError(StatusCode::kNotFound, v1::ERROR_REASON_RELATIONSHIP_NOT_FOUND));
}

TEST_F(ServicesTest, QueriesAnswerByPagesAndAsAStream) {
  server_.UploadModels();
  for (int i = 0; i < 25; ++i) {
    ASSERT_OK(CreateTwin(absl::StrCat("floor-", i), "dtmi:test:Floor;1",
                         i % 2 == 0 ? R"({"level":7})" : "{}"));
  }
  const std::string text = "SELECT T.$dtId, T.level FROM DIGITALTWINS T";
  std::set<std::string> seen;
  std::string token;
  do {
    ASSERT_OK_AND_ASSIGN(const auto page, Query(text, 10, token));
    EXPECT_THAT(page.columns(), testing::ElementsAre("$dtId", "level"));
    for (const v1::QueryRow& row : page.rows()) {
      EXPECT_TRUE(seen.insert(row.values(0).string_value()).second);
      // A level that is not set is absent, not null.
      EXPECT_EQ(row.absent_size(), row.values(1).has_null_value() ? 1 : 0);
    }
    EXPECT_GT(page.stats().charge(), 0);
    token = page.next_page_token();
  } while (!token.empty());
  EXPECT_EQ(seen.size(), 25u);

  grpc::ClientContext context;
  v1::QueryRequest request;
  request.set_query(text);
  auto reader = queries_->Query(&context, request);
  v1::QueryResponse message;
  int rows = 0;
  std::vector<std::string> columns;
  while (reader->Read(&message)) {
    rows += message.rows_size();
    columns.insert(columns.end(), message.columns().begin(),
                   message.columns().end());
  }
  EXPECT_OK(FromGrpcStatus(reader->Finish()));
  EXPECT_EQ(rows, 25);
  EXPECT_THAT(columns, testing::ElementsAre("$dtId", "level"));
  EXPECT_EQ(message.stats().rows(), 25);
  EXPECT_EQ(message.next_page_token(), "");
}

TEST_F(ServicesTest, AWrongQueryIsShownWithItsPlace) {
  const absl::Status status = Query("SELECT * FROM TWINS").status();
  EXPECT_THAT(status, IsError(StatusCode::kInvalidArgument,
                              v1::ERROR_REASON_INVALID_QUERY));
  EXPECT_EQ(MetadataOf(status, "line"), "1");
  EXPECT_EQ(MetadataOf(status, "column"), "15");
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr("^"));
}

TEST_F(ServicesTest, SelectingAllGivesDocuments) {
  server_.UploadModels();
  ASSERT_OK(CreateTwin("room-1", "dtmi:test:Room;1",
                       R"({"level":1,"thermostat":{"target":20}})"));
  ASSERT_OK_AND_ASSIGN(const auto page, Query("SELECT * FROM DIGITALTWINS"));
  EXPECT_THAT(page.columns(), testing::ElementsAre("*"));
  ASSERT_EQ(page.rows_size(), 1);
  const auto& document = page.rows(0).values(0).struct_value().fields();
  EXPECT_EQ(document.at("$dtId").string_value(), "room-1");
  EXPECT_EQ(document.at("$metadata")
                .struct_value()
                .fields()
                .at("$model")
                .string_value(),
            "dtmi:test:Room;1");
  EXPECT_TRUE(
      document.at("thermostat").struct_value().fields().contains("$metadata"));
}

TEST_F(ServicesTest, TheStatusCountsAndTheStoreIsSound) {
  server_.UploadModels();
  ASSERT_OK(CreateTwin("floor-1", "dtmi:test:Floor;1"));
  ASSERT_OK_AND_ASSIGN(const auto status,
                       Call(admin_, &Admin::GetStatus, v1::GetStatusRequest()));
  EXPECT_EQ(status.server_version(), "test");
  EXPECT_EQ(status.graph(), "default");
  EXPECT_EQ(status.engine(), "memory");
  EXPECT_NE(status.store_id(), "");
  EXPECT_EQ(status.twin_count(), 1);
  EXPECT_GE(status.model_count(), 4);
  EXPECT_TRUE(status.has_last_commit_time());
  EXPECT_GT(status.memory_bytes(), 0);

  grpc::ClientContext context;
  auto reader = admin_->CheckStore(&context, v1::CheckStoreRequest());
  v1::CheckStoreResponse message;
  while (reader->Read(&message)) {
    EXPECT_FALSE(message.has_problem()) << message.DebugString();
  }
  EXPECT_OK(FromGrpcStatus(reader->Finish()));
  EXPECT_TRUE(message.has_summary());
  EXPECT_GT(message.summary().entries_checked(), 0);
}

TEST_F(ServicesTest, TheStoreIsKeptInOrder) {
  server_.UploadModels();
  ASSERT_OK(CreateTwin("floor-1", "dtmi:test:Floor;1"));
  ASSERT_OK_AND_ASSIGN(
      const auto statistics,
      Call(admin_, &Admin::GetStatistics, v1::GetStatisticsRequest()));
  ASSERT_EQ(statistics.models_size(), 1);
  EXPECT_EQ(statistics.models(0).model_id(), "dtmi:test:Floor;1");
  EXPECT_EQ(statistics.models(0).twin_count(), 1);
  EXPECT_GT(statistics.memory().resident_bytes(), 0);
  EXPECT_GT(statistics.parts_size(), 0);
  ASSERT_OK_AND_ASSIGN(const auto repaired, Call(admin_, &Admin::RepairIndexes,
                                                 v1::RepairIndexesRequest()));
  EXPECT_EQ(repaired.rows_written(), 0);
  EXPECT_NE(repaired.revision(), "");
  EXPECT_OK(Call(admin_, &Admin::CompactStore, v1::CompactStoreRequest()));
  const auto unusable = IsError(absl::StatusCode::kFailedPrecondition,
                                v1::ERROR_REASON_BACKUP_UNUSABLE);
  EXPECT_THAT(Call(admin_, &Admin::CreateBackup, v1::CreateBackupRequest()),
              unusable);
  EXPECT_THAT(Call(admin_, &Admin::VerifyBackups, v1::VerifyBackupsRequest()),
              unusable);
}

// One connector's side of a stream.
class Connector {
 public:
  explicit Connector(GraphServer& server)
      : stub_(v1::ConnectorService::NewStub(server.channel())),
        stream_(stub_->Connect(&context_)) {}

  // Sends a frame under the next number.
  uint64_t Send(v1::ConnectRequest frame) {
    frame.set_sequence(++sequence_);
    EXPECT_TRUE(stream_->Write(frame));
    return sequence_;
  }

  v1::Welcome Hello(const std::string& instance) {
    v1::ConnectRequest frame;
    frame.mutable_hello()->add_protocol_versions(1);
    frame.mutable_hello()->set_hub_id("site1");
    frame.mutable_hello()->mutable_connector()->set_name("test");
    frame.mutable_hello()->mutable_connector()->set_instance_id(instance);
    Send(frame);
    v1::ConnectResponse answer;
    EXPECT_TRUE(stream_->Read(&answer));
    EXPECT_TRUE(answer.has_welcome()) << answer.DebugString();
    return answer.welcome();
  }

  // Reads up to the Ack of a frame and returns what was refused before it.
  std::vector<v1::Nack> WaitFor(uint64_t sequence) {
    std::vector<v1::Nack> nacks;
    v1::ConnectResponse answer;
    while (stream_->Read(&answer)) {
      if (answer.has_nack()) {
        nacks.push_back(answer.nack());
      }
      if (answer.has_ack() && answer.ack().sequence() >= sequence) {
        return nacks;
      }
    }
    ADD_FAILURE() << "the stream ended before the ack of " << sequence;
    return nacks;
  }

  uint64_t SendSnapshot(const std::vector<std::string>& devices) {
    v1::ConnectRequest frame;
    frame.mutable_snapshot_begin()->set_snapshot_id("s");
    Send(frame);
    frame.mutable_snapshot_items()->set_snapshot_id("s");
    for (const std::string& device : devices) {
      auto& record = *frame.mutable_snapshot_items()->add_devices();
      record.add_path(device);
      record.set_model_id("dtmi:test:Sensor;1");
      record.mutable_connection()->set_state(v1::Connection::STATE_ONLINE);
    }
    Send(frame);
    frame.mutable_snapshot_end()->set_snapshot_id("s");
    frame.mutable_snapshot_end()->set_device_count(
        static_cast<int64_t>(devices.size()));
    return Send(frame);
  }

  bool Read(v1::ConnectResponse& answer) { return stream_->Read(&answer); }

  absl::Status Finish() {
    stream_->WritesDone();
    v1::ConnectResponse answer;
    while (stream_->Read(&answer)) {
    }
    return FromGrpcStatus(stream_->Finish());
  }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<v1::ConnectorService::Stub> stub_;
  std::unique_ptr<
      grpc::ClientReaderWriter<v1::ConnectRequest, v1::ConnectResponse>>
      stream_;
  uint64_t sequence_ = 0;
};

class ConnectorServiceTest : public ServicesTest {
 protected:
  void SetUp() override {
    server_.UploadModels();
    v1::AttachHubRequest attach;
    attach.mutable_hub()->set_id("site1");
    attach.mutable_hub()->set_kind("grpc");
    ASSERT_OK(Call(hubs_, &Hubs::AttachHub, attach));
  }

  static v1::ConnectRequest Temperature(const std::string& device,
                                        double value) {
    v1::ConnectRequest frame;
    frame.mutable_message()->add_path(device);
    (*frame.mutable_message()->mutable_json()->mutable_fields())["temperature"]
        .set_number_value(value);
    return frame;
  }
};

TEST_F(ConnectorServiceTest, EachDeviceIsATwinThatItsMessagesChange) {
  Connector connector(server_);
  EXPECT_TRUE(connector.Hello("i1").snapshot_required());
  EXPECT_TRUE(connector.WaitFor(connector.SendSnapshot({"d1", "d2"})).empty());
  EXPECT_TRUE(
      connector.WaitFor(connector.Send(Temperature("d1", 21.5))).empty());

  ASSERT_OK_AND_ASSIGN(const auto twin, GetTwin("site1.d1"));
  EXPECT_EQ(twin.twin().model_id(), "dtmi:test:Sensor;1");
  EXPECT_EQ(twin.twin().contents().fields().at("temperature").number_value(),
            21.5);
  EXPECT_EQ(twin.twin().device().hub_id(), "site1");
  EXPECT_EQ(twin.twin().device().state(), v1::DeviceBinding::STATE_ATTACHED);
  EXPECT_EQ(twin.twin().device().connection().state(),
            v1::Connection::STATE_ONLINE);
  EXPECT_TRUE(twin.twin().device().has_last_activity_time());

  v1::ListDevicesRequest list;
  list.set_hub_id("site1");
  ASSERT_OK_AND_ASSIGN(const auto devices,
                       Call(hubs_, &Hubs::ListDevices, list));
  ASSERT_EQ(devices.devices_size(), 2);
  EXPECT_EQ(devices.devices(0).twin_id(), "site1.d1");
  v1::GetHubRequest get;
  get.set_id("site1");
  ASSERT_OK_AND_ASSIGN(const auto hub, Call(hubs_, &Hubs::GetHub, get));
  EXPECT_EQ(hub.hub().device_count(), 2);
  EXPECT_EQ(hub.hub().connector().instance_id(), "i1");

  ASSERT_OK_AND_ASSIGN(
      const auto warm,
      Query("SELECT * FROM DIGITALTWINS T WHERE T.temperature > 20"));
  EXPECT_EQ(warm.rows_size(), 1);
  EXPECT_OK(connector.Finish());
}

TEST_F(ConnectorServiceTest, ABadFrameIsRefusedAloneAndTheStreamGoesOn) {
  Connector connector(server_);
  connector.Hello("i1");
  connector.WaitFor(connector.SendSnapshot({"d1"}));
  v1::ConnectRequest bad;
  bad.mutable_message()->add_path("d1");
  bad.mutable_message()->set_payload("{");
  const uint64_t first = connector.Send(bad);
  const uint64_t second = connector.Send(Temperature("nobody", 1));
  const uint64_t last = connector.Send(Temperature("d1", 19));
  const std::vector<v1::Nack> nacks = connector.WaitFor(last);
  ASSERT_EQ(nacks.size(), 2u);
  EXPECT_EQ(nacks[0].sequence(), first);
  EXPECT_EQ(nacks[0].rejection().reason(),
            v1::ERROR_REASON_DEVICE_MESSAGE_INVALID);
  EXPECT_EQ(nacks[1].sequence(), second);
  EXPECT_EQ(nacks[1].rejection().reason(), v1::ERROR_REASON_DEVICE_NOT_FOUND);
  EXPECT_OK(connector.Finish());
  ASSERT_OK_AND_ASSIGN(const auto twin, GetTwin("site1.d1"));
  EXPECT_EQ(twin.twin().contents().fields().at("temperature").number_value(),
            19);
}

TEST_F(ConnectorServiceTest, AnEventIsCarriedOutOnceByItsCursor) {
  {
    Connector connector(server_);
    connector.Hello("i1");
    connector.WaitFor(connector.SendSnapshot({"d1"}));
    v1::ConnectRequest frame = Temperature("d1", 1);
    frame.mutable_cursor()->set_source("p");
    frame.mutable_cursor()->set_offset(5);
    frame.mutable_cursor()->set_bookmark("b");
    connector.WaitFor(connector.Send(frame));
    EXPECT_OK(connector.Finish());
  }
  Connector connector(server_);
  const v1::Welcome welcome = connector.Hello("i1");
  ASSERT_EQ(welcome.cursors_size(), 1);
  EXPECT_EQ(welcome.cursors(0).offset(), 5u);
  EXPECT_EQ(welcome.cursors(0).bookmark(), "b");
  EXPECT_FALSE(welcome.snapshot_required());
  v1::ConnectRequest again = Temperature("d1", 99);
  again.mutable_cursor()->set_source("p");
  again.mutable_cursor()->set_offset(5);
  EXPECT_TRUE(connector.WaitFor(connector.Send(again)).empty());
  ASSERT_OK_AND_ASSIGN(const auto twin, GetTwin("site1.d1"));
  EXPECT_EQ(twin.twin().contents().fields().at("temperature").number_value(),
            1);
  EXPECT_OK(connector.Finish());
}

TEST_F(ConnectorServiceTest, TheFirstFrameMustBeAHello) {
  Connector connector(server_);
  connector.Send(Temperature("d1", 1));
  EXPECT_THAT(connector.Finish(), IsError(StatusCode::kInvalidArgument,
                                          v1::ERROR_REASON_CONNECTOR_PROTOCOL));
}

TEST_F(ConnectorServiceTest, AnotherInstanceIsRefusedAndTheSameTakesOver) {
  Connector first(server_);
  first.Hello("i1");
  Connector second(server_);
  v1::ConnectRequest hello;
  hello.mutable_hello()->add_protocol_versions(1);
  hello.mutable_hello()->set_hub_id("site1");
  hello.mutable_hello()->mutable_connector()->set_name("test");
  hello.mutable_hello()->mutable_connector()->set_instance_id("i2");
  second.Send(hello);
  EXPECT_THAT(second.Finish(),
              IsError(StatusCode::kFailedPrecondition,
                      v1::ERROR_REASON_HUB_CONNECTED_ELSEWHERE));
  Connector third(server_);
  third.Hello("i1");
  EXPECT_THAT(first.Finish(),
              IsError(StatusCode::kFailedPrecondition,
                      v1::ERROR_REASON_HUB_CONNECTED_ELSEWHERE));
  EXPECT_OK(third.Finish());
}

TEST_F(ConnectorServiceTest, DetachingTheHubEndsTheStream) {
  Connector connector(server_);
  connector.Hello("i1");
  connector.WaitFor(connector.SendSnapshot({"d1"}));
  v1::DetachHubRequest detach;
  detach.set_id("site1");
  EXPECT_OK(Call(hubs_, &Hubs::DetachHub, detach));
  v1::ConnectResponse answer;
  EXPECT_FALSE(connector.Read(answer));
  EXPECT_THAT(connector.Finish(),
              IsError(StatusCode::kNotFound, v1::ERROR_REASON_HUB_NOT_FOUND));
  ASSERT_OK_AND_ASSIGN(const auto twin, GetTwin("site1.d1"));
  EXPECT_EQ(twin.twin().device().state(), v1::DeviceBinding::STATE_DETACHED);
}

TEST_F(ConnectorServiceTest, AServerThatStopsSaysSoAndEndsWithOk) {
  Connector connector(server_);
  connector.Hello("i1");
  connector.WaitFor(connector.SendSnapshot({"d1"}));
  server_.Stop();
  v1::ConnectResponse answer;
  ASSERT_TRUE(connector.Read(answer));
  EXPECT_TRUE(answer.has_drain()) << answer.DebugString();
  EXPECT_OK(connector.Finish());
}

}  // namespace
}  // namespace twingraph::rpc
