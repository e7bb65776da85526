#include "server/rpc/convert/device.h"

#include <string>

#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"

#include "tests/support/status_matchers.h"

namespace twingraph::rpc {
namespace {

using google::protobuf::TextFormat;
using google::protobuf::util::MessageDifferencer;

TEST(DeviceTest, WritesABinding) {
  engine::DeviceBlock block;
  block.hub = "site1";
  block.path = {"gateway", "sensor 1"};
  block.generation = "g7";
  block.state = engine::BindingState::kAttached;
  block.disabled = true;
  block.display_name = "Sensor";
  block.announced_model = "dtmi:demo:Sensor;1";
  block.tags.Set("room", Value::String("r1"));
  block.connection = {.state = engine::ConnectionState::kOnline,
                      .confidence = engine::Confidence::kReported,
                      .since = absl::FromUnixSeconds(100),
                      .reason = "hello"};
  block.last_activity = absl::FromUnixMillis(200'500);
  std::string bytes;
  WireWriter writer(bytes);
  WriteDeviceBinding(block, writer);

  v1::DeviceBinding wanted;
  ASSERT_TRUE(TextFormat::ParseFromString(
      R"pb(
        hub_id: "site1"
        path: "gateway"
        path: "sensor 1"
        generation: "g7"
        state: STATE_ATTACHED
        connection {
          state: STATE_ONLINE
          confidence: CONFIDENCE_REPORTED
          since { seconds: 100 }
          reason: "hello"
        }
        disabled: true
        model_id: "dtmi:demo:Sensor;1"
        last_activity_time { seconds: 200 nanos: 500000000 }
        display_name: "Sensor"
        tags { key: "room" value: "r1" }
      )pb",
      &wanted));
  v1::DeviceBinding written;
  ASSERT_TRUE(written.ParseFromString(bytes));
  EXPECT_TRUE(MessageDifferencer::Equals(written, wanted))
      << written.DebugString();
}

TEST(DeviceTest, NamesEachState) {
  const std::pair<engine::BindingState, v1::DeviceBinding::State> cases[] = {
      {engine::BindingState::kUnbound, v1::DeviceBinding::STATE_UNBOUND},
      {engine::BindingState::kAttached, v1::DeviceBinding::STATE_ATTACHED},
      {engine::BindingState::kDetached, v1::DeviceBinding::STATE_DETACHED},
      {engine::BindingState::kConflict, v1::DeviceBinding::STATE_CONFLICT}};
  for (const auto& [state, wanted] : cases) {
    engine::DeviceBlock block;
    block.state = state;
    std::string bytes;
    WireWriter writer(bytes);
    WriteDeviceBinding(block, writer);
    v1::DeviceBinding written;
    ASSERT_TRUE(written.ParseFromString(bytes));
    EXPECT_EQ(written.state(), wanted);
    EXPECT_EQ(written.connection().state(), v1::Connection::STATE_UNKNOWN);
    EXPECT_FALSE(written.has_last_activity_time());
  }
}

TEST(DeviceTest, ReadsARecord) {
  v1::DeviceRecord record;
  ASSERT_TRUE(TextFormat::ParseFromString(R"pb(
                                            path: "g"
                                            path: "d"
                                            generation: "1"
                                            display_name: "D"
                                            disabled: true
                                            tags { key: "b" value: "2" }
                                            tags { key: "a" value: "1" }
                                            model_id: "dtmi:x;1"
                                            gateway_path: "g"
                                            connection {
                                              state: STATE_OFFLINE
                                              confidence: CONFIDENCE_INFERRED
                                              since { seconds: 5 }
                                              reason: "will"
                                            }
                                          )pb",
                                          &record));
  ASSERT_OK_AND_ASSIGN(const engine::DeviceRecord read,
                       ToDeviceRecord(record, "device"));
  EXPECT_THAT(read.path, testing::ElementsAre("g", "d"));
  EXPECT_EQ(read.generation, "1");
  EXPECT_EQ(read.display_name, "D");
  EXPECT_TRUE(read.disabled);
  EXPECT_EQ(*read.tags.Find("a"), Value::String("1"));
  EXPECT_EQ(read.model, "dtmi:x;1");
  EXPECT_THAT(read.gateway_path, testing::ElementsAre("g"));
  EXPECT_EQ(read.connection.state, engine::ConnectionState::kOffline);
  EXPECT_EQ(read.connection.confidence, engine::Confidence::kInferred);
  EXPECT_EQ(read.connection.since, absl::FromUnixSeconds(5));
  EXPECT_EQ(read.connection.reason, "will");
}

TEST(DeviceTest, WhatIsNotSaidOfAConnectionIsUnknown) {
  ASSERT_OK_AND_ASSIGN(const engine::DeviceRecord read,
                       ToDeviceRecord(v1::DeviceRecord(), "device"));
  EXPECT_EQ(read.connection.state, engine::ConnectionState::kUnknown);
  EXPECT_EQ(read.connection.since, absl::InfinitePast());
}

TEST(DeviceTest, RefusesTimesThatAreNone) {
  v1::DeviceRecord record;
  record.mutable_connection()->mutable_since()->set_nanos(-1);
  EXPECT_THAT(ToDeviceRecord(record, "device"),
              IsError(absl::StatusCode::kInvalidArgument,
                      v1::ERROR_REASON_INVALID_FIELD));
}

}  // namespace
}  // namespace twingraph::rpc
