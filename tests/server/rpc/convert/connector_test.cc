#include "server/rpc/convert/connector.h"

#include <string>
#include <variant>

#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

#include "storage/base/status.h"
#include "storage/value/json.h"
#include "tests/support/status_matchers.h"

namespace twingraph::rpc {
namespace {

using google::protobuf::TextFormat;

v1::ConnectRequest Frame(const std::string& text) {
  v1::ConnectRequest frame;
  EXPECT_TRUE(TextFormat::ParseFromString(text, &frame)) << text;
  return frame;
}

template <typename Event>
Event EventIn(const std::string& text) {
  absl::StatusOr<hubs::InputBody> body = ToInputBody(Frame(text));
  EXPECT_OK(body);
  return std::get<Event>(std::get<engine::DeviceEvent>(*body));
}

v1::ErrorReason ReasonFor(const std::string& text) {
  return ReasonOf(ToInputBody(Frame(text)).status());
}

TEST(ConnectorTest, ReadsAHello) {
  const hubs::Hello hello =
      ToHello(Frame(R"pb(
                hello {
                  protocol_versions: 1
                  protocol_versions: 2
                  hub_id: "site1"
                  connector { name: "n" version: "v" instance_id: "i" }
                  cursors { source: "p0" offset: 9 bookmark: "b" }
                })pb")
                  .hello());
  EXPECT_THAT(hello.protocol_versions, testing::ElementsAre(1u, 2u));
  EXPECT_EQ(hello.hub, "site1");
  EXPECT_EQ(hello.name, "n");
  EXPECT_EQ(hello.instance, "i");
  ASSERT_EQ(hello.cursors.size(), 1u);
  EXPECT_EQ(hello.cursors[0].offset, 9u);
  EXPECT_EQ(hello.cursors[0].bookmark, "b");
}

TEST(ConnectorTest, ReadsSnapshots) {
  auto begin = ToInputBody(Frame(R"pb(snapshot_begin { snapshot_id: "s" })pb"));
  EXPECT_EQ(std::get<hubs::SnapshotBegin>(*begin).snapshot, "s");
  auto items = ToInputBody(Frame(R"pb(
    snapshot_items {
      snapshot_id: "s"
      devices { path: "a" }
      devices { path: "b" }
    })pb"));
  EXPECT_EQ(std::get<hubs::SnapshotItems>(*items).devices[1].path[0], "b");
  auto end = ToInputBody(
      Frame(R"pb(snapshot_end { snapshot_id: "s" device_count: 2 })pb"));
  EXPECT_EQ(std::get<hubs::SnapshotEnd>(*end).device_count, 2);
}

TEST(ConnectorTest, ReadsEvents) {
  EXPECT_EQ(EventIn<engine::DeviceUpserted>(
                R"pb(device_upserted { device { path: "a" } })pb")
                .device.path[0],
            "a");
  EXPECT_EQ(EventIn<engine::DeviceRemoved>(
                R"pb(device_removed { path: "a" generation: "g" })pb")
                .generation,
            "g");
  EXPECT_EQ(EventIn<engine::DeviceDisabled>(
                R"pb(device_disabled { path: "a" reason: "r" })pb")
                .reason,
            "r");
  EXPECT_EQ(EventIn<engine::ModelAnnounced>(
                R"pb(model_announced { path: "a" model_id: "m" })pb")
                .model,
            "m");
  EXPECT_EQ(EventIn<engine::ConnectionChanged>(R"pb(
              connection_changed {
                path: "a"
                connection { state: STATE_ONLINE }
              })pb")
                .connection.state,
            engine::ConnectionState::kOnline);
  const auto message = EventIn<engine::DeviceMessage>(R"pb(
    message {
      path: "a"
      component: "c"
      source_time { seconds: 4 }
      json {
        fields {
          key: "t"
          value { number_value: 21.5 }
        }
      }
    })pb");
  EXPECT_EQ(message.component, "c");
  EXPECT_EQ(FormatJson(message.body), R"({"t":21.5})");
  EXPECT_EQ(message.source_time, absl::FromUnixSeconds(4));
  const auto reported = EventIn<engine::ReportedPatch>(R"pb(
    reported_patch {
      path: "a"
      complete: true
      patch {
        fields {
          key: "t"
          value { null_value: NULL_VALUE }
        }
      }
    })pb");
  EXPECT_EQ(FormatJson(reported.patch), R"({"t":null})");
  EXPECT_TRUE(reported.complete);
  EXPECT_EQ(reported.source_time, absl::InfinitePast());
}

TEST(ConnectorTest, ReadsGapsAndHeartbeats) {
  auto gap = ToInputBody(Frame(R"pb(gap { source: "p0" reason: "r" })pb"));
  EXPECT_EQ(std::get<hubs::Gap>(*gap).reason, "r");
  auto heartbeat = ToInputBody(Frame("heartbeat {}"));
  EXPECT_TRUE(std::holds_alternative<hubs::Heartbeat>(*heartbeat));
}

TEST(ConnectorTest, ReadsJsonPayloads) {
  for (const char* type :
       {"", "application/json", "application/json; charset=utf-8",
        "application/senml+json"}) {
    v1::ConnectRequest frame;
    frame.mutable_message()->set_payload(R"({"t": 21})");
    frame.mutable_message()->set_content_type(type);
    EXPECT_OK(ToInputBody(frame)) << type;
  }
}

TEST(ConnectorTest, RefusesPayloadsThatAreNoJsonObject) {
  EXPECT_EQ(ReasonFor(R"pb(message { payload: "{" })pb"),
            v1::ERROR_REASON_DEVICE_MESSAGE_INVALID);
  EXPECT_EQ(ReasonFor(R"pb(message { payload: "[]" })pb"),
            v1::ERROR_REASON_DEVICE_MESSAGE_INVALID);
  EXPECT_EQ(ReasonFor(R"pb(message { payload: "{\"a\":\"\xff\"}" })pb"),
            v1::ERROR_REASON_DEVICE_MESSAGE_INVALID);
  EXPECT_EQ(ReasonFor(R"pb(message {
                             payload: "{}"
                             content_type: "application/cbor"
                           })pb"),
            v1::ERROR_REASON_DEVICE_MESSAGE_INVALID);
}

TEST(ConnectorTest, RefusesFramesThatBreakTheProtocol) {
  EXPECT_EQ(ReasonFor(""), v1::ERROR_REASON_CONNECTOR_PROTOCOL);
  EXPECT_EQ(ReasonFor("hello {}"), v1::ERROR_REASON_CONNECTOR_PROTOCOL);
  EXPECT_EQ(ReasonFor(R"pb(message { path: "a" })pb"),
            v1::ERROR_REASON_CONNECTOR_PROTOCOL);
}

TEST(ConnectorTest, WritesAWelcome) {
  v1::ConnectResponse frame;
  ASSERT_TRUE(frame.ParseFromString(WelcomeFrame(
      {.protocol_version = 1,
       .session = "s",
       .cursors = {{"p0", 9, "b"}},
       .snapshot_required = true,
       .revision = "r"},
      {.frame_window = 10, .heartbeat_interval = absl::Milliseconds(2500)})));
  EXPECT_EQ(frame.welcome().session_id(), "s");
  EXPECT_EQ(frame.welcome().cursors(0).offset(), 9u);
  EXPECT_TRUE(frame.welcome().snapshot_required());
  EXPECT_EQ(frame.welcome().frame_window(), 10);
  EXPECT_EQ(frame.welcome().heartbeat_interval().seconds(), 2);
  EXPECT_EQ(frame.welcome().heartbeat_interval().nanos(), 500'000'000);
  EXPECT_EQ(frame.welcome().revision(), "r");
}

TEST(ConnectorTest, WritesAnswers) {
  v1::ConnectResponse frame;
  ASSERT_TRUE(frame.ParseFromString(OutputFrame(hubs::Ack{7, "r"})));
  EXPECT_EQ(frame.ack().sequence(), 7u);
  EXPECT_EQ(frame.ack().revision(), "r");

  ASSERT_TRUE(frame.ParseFromString(OutputFrame(
      hubs::Nack{.sequence = 8,
                 .status = NotFound(v1::ERROR_REASON_DEVICE_NOT_FOUND,
                                    "unknown", {{"device", "d"}}),
                 .requeue = true})));
  EXPECT_EQ(frame.nack().sequence(), 8u);
  EXPECT_TRUE(frame.nack().requeue());
  EXPECT_GT(frame.nack().retry_delay().nanos(), 0);
  EXPECT_EQ(frame.nack().rejection().code(), 5);
  EXPECT_EQ(frame.nack().rejection().reason(),
            v1::ERROR_REASON_DEVICE_NOT_FOUND);
  EXPECT_EQ(frame.nack().rejection().message(), "unknown");
  EXPECT_EQ(frame.nack().rejection().metadata().at("device"), "d");

  ASSERT_TRUE(frame.ParseFromString(OutputFrame(hubs::SnapshotRequested{"x"})));
  EXPECT_EQ(frame.snapshot_requested().reason(), "x");
  ASSERT_TRUE(frame.ParseFromString(DrainFrame(absl::Seconds(10))));
  EXPECT_EQ(frame.drain().grace_period().seconds(), 10);
}

}  // namespace
}  // namespace twingraph::rpc
