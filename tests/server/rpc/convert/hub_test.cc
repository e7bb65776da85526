#include "server/rpc/convert/hub.h"

#include <string>

#include "google/protobuf/text_format.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"

#include "tests/support/status_matchers.h"

namespace twingraph::rpc {
namespace {

using google::protobuf::TextFormat;
using google::protobuf::util::MessageDifferencer;

TEST(HubTest, WritesAHubAndWhoSpeaksForIt) {
  const engine::Hub hub{.settings = {.id = "site1",
                                     .kind = "grpc",
                                     .display_name = "Site",
                                     .twin_id_template = "{hub}.{path}",
                                     .default_model = "dtmi:d;1"},
                        .attach_time = absl::FromUnixSeconds(5),
                        .device_count = 200};
  const hubs::ConnectorInfo connector{.name = "sim",
                                      .version = "1",
                                      .instance = "i",
                                      .connect_time = absl::FromUnixSeconds(6)};
  std::string bytes;
  WireWriter writer(bytes);
  WriteHub(hub, connector, writer);
  v1::Hub wanted;
  ASSERT_TRUE(TextFormat::ParseFromString(R"pb(
                                            id: "site1"
                                            kind: "grpc"
                                            display_name: "Site"
                                            twin_id_template: "{hub}.{path}"
                                            default_model_id: "dtmi:d;1"
                                            attach_time { seconds: 5 }
                                            connector {
                                              name: "sim"
                                              version: "1"
                                              instance_id: "i"
                                              connect_time { seconds: 6 }
                                            }
                                            device_count: 200
                                          )pb",
                                          &wanted));
  v1::Hub written;
  ASSERT_TRUE(written.ParseFromString(bytes));
  EXPECT_TRUE(MessageDifferencer::Equals(written, wanted));

  bytes.clear();
  WriteHub(hub, std::nullopt, writer);
  ASSERT_TRUE(written.ParseFromString(bytes));
  EXPECT_FALSE(written.has_connector());
}

TEST(HubTest, WritesADevice) {
  engine::Device device;
  device.twin = "site1.d";
  device.block.hub = "site1";
  std::string bytes;
  WireWriter writer(bytes);
  WriteDevice(device, writer);
  v1::Device written;
  ASSERT_TRUE(written.ParseFromString(bytes));
  EXPECT_EQ(written.twin_id(), "site1.d");
  EXPECT_EQ(written.binding().hub_id(), "site1");
}

TEST(HubTest, ReadsSettings) {
  v1::Hub hub;
  EXPECT_THAT(ToHubSettings(hub), IsError(absl::StatusCode::kInvalidArgument,
                                          v1::ERROR_REASON_INVALID_FIELD));
  hub.set_id("site1");
  EXPECT_THAT(ToHubSettings(hub), IsError(absl::StatusCode::kInvalidArgument,
                                          v1::ERROR_REASON_INVALID_FIELD));
  hub.set_kind("grpc");
  hub.set_default_model_id("dtmi:d;1");
  ASSERT_OK_AND_ASSIGN(const engine::HubSettings settings, ToHubSettings(hub));
  EXPECT_EQ(settings.id, "site1");
  EXPECT_EQ(settings.default_model, "dtmi:d;1");
}

TEST(HubTest, DetachingKeepsUnlessAskedToRemove) {
  EXPECT_EQ(ToDetachMode(v1::DETACH_MODE_UNSPECIFIED),
            engine::DetachMode::kKeep);
  EXPECT_EQ(ToDetachMode(v1::DETACH_MODE_KEEP), engine::DetachMode::kKeep);
  EXPECT_EQ(ToDetachMode(v1::DETACH_MODE_REMOVE), engine::DetachMode::kRemove);
}

}  // namespace
}  // namespace twingraph::rpc
