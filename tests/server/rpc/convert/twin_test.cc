#include "server/rpc/convert/twin.h"

#include <string>

#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"

#include "storage/value/json.h"
#include "tests/support/status_matchers.h"

namespace twingraph::rpc {
namespace {

using google::protobuf::TextFormat;
using google::protobuf::util::MessageDifferencer;

std::string Encoded(const std::string& json) {
  std::string bytes;
  EncodeValue(*ParseJsonValue(json), bytes);
  return bytes;
}

TEST(TwinTest, WritesATwin) {
  engine::Twin twin;
  twin.id = "room-1";
  twin.model = "dtmi:demo:Room;1";
  twin.contents = Encoded(R"({"level":2,"thermostat":{"target":20.5}})");
  twin.etag = "W/\"1-7\"";
  twin.create_time = absl::FromUnixSeconds(10);
  twin.update_time = absl::FromUnixSeconds(20);
  twin.metadata = {{.component = "",
                    .property = "level",
                    .update_time = absl::FromUnixSeconds(20)},
                   {.component = "thermostat",
                    .property = "",
                    .update_time = absl::FromUnixSeconds(15)},
                   {.component = "thermostat",
                    .property = "target",
                    .update_time = absl::FromUnixSeconds(15),
                    .source_time = absl::FromUnixSeconds(14)}};
  twin.device.emplace().hub = "site1";
  std::string bytes;
  WireWriter writer(bytes);
  WriteTwin(twin, writer);

  v1::Twin wanted;
  ASSERT_TRUE(
      TextFormat::ParseFromString(R"pb(
                                    id: "room-1"
                                    etag: "W/\"1-7\""
                                    model_id: "dtmi:demo:Room;1"
                                    contents {
                                      fields {
                                        key: "level"
                                        value { number_value: 2 }
                                      }
                                      fields {
                                        key: "thermostat"
                                        value {
                                          struct_value {
                                            fields {
                                              key: "target"
                                              value { number_value: 20.5 }
                                            }
                                          }
                                        }
                                      }
                                    }
                                    create_time { seconds: 10 }
                                    update_time { seconds: 20 }
                                    property_metadata {
                                      key: "/level"
                                      value { update_time { seconds: 20 } }
                                    }
                                    property_metadata {
                                      key: "/thermostat"
                                      value { update_time { seconds: 15 } }
                                    }
                                    property_metadata {
                                      key: "/thermostat/target"
                                      value {
                                        update_time { seconds: 15 }
                                        source_time { seconds: 14 }
                                      }
                                    }
                                    device {
                                      hub_id: "site1"
                                      state: STATE_UNBOUND
                                      connection { state: STATE_UNKNOWN }
                                    }
                                  )pb",
                                  &wanted));
  v1::Twin written;
  ASSERT_TRUE(written.ParseFromString(bytes));
  EXPECT_TRUE(MessageDifferencer::Equals(written, wanted))
      << written.DebugString();
}

TEST(TwinTest, WritesARelationship) {
  const engine::Relationship relationship{
      .id = "c1",
      .source = "floor-1",
      .name = "contains",
      .target = "room-1",
      .properties = Encoded(R"({"since":"2024"})"),
      .etag = "W/\"1-8\""};
  std::string bytes;
  WireWriter writer(bytes);
  WriteRelationship(relationship, writer);

  v1::Relationship wanted;
  ASSERT_TRUE(TextFormat::ParseFromString(R"pb(
                                            source_id: "floor-1"
                                            id: "c1"
                                            name: "contains"
                                            target_id: "room-1"
                                            properties {
                                              fields {
                                                key: "since"
                                                value { string_value: "2024" }
                                              }
                                            }
                                            etag: "W/\"1-8\""
                                          )pb",
                                          &wanted));
  v1::Relationship written;
  ASSERT_TRUE(written.ParseFromString(bytes));
  EXPECT_TRUE(MessageDifferencer::Equals(written, wanted))
      << written.DebugString();
}

TEST(TwinTest, ReadsInput) {
  v1::Twin twin;
  twin.set_id("room-1");
  twin.set_model_id("dtmi:demo:Room;1");
  (*twin.mutable_contents()->mutable_fields())["level"].set_number_value(2);
  auto& metadata = *twin.mutable_property_metadata();
  metadata["/thermostat/target"].mutable_source_time()->set_seconds(14);
  metadata["/level"].mutable_update_time()->set_seconds(3);  // Ignored.
  ASSERT_OK_AND_ASSIGN(const engine::TwinInput input,
                       ToTwinInput(twin, "twin"));
  EXPECT_EQ(input.id, "room-1");
  EXPECT_EQ(input.model, "dtmi:demo:Room;1");
  EXPECT_EQ(FormatJson(input.contents), R"({"level":2})");
  ASSERT_EQ(input.source_times.size(), 1u);
  EXPECT_EQ(input.source_times[0].component, "thermostat");
  EXPECT_EQ(input.source_times[0].property, "target");
  EXPECT_EQ(input.source_times[0].time, absl::FromUnixSeconds(14));
}

TEST(TwinTest, ReportsAllThatIsMissing) {
  const absl::Status twin = ToTwinInput(v1::Twin(), "twin").status();
  ASSERT_EQ(ViolationsOf(twin).size(), 2u);
  EXPECT_EQ(ViolationsOf(twin)[1].field, "twin.model_id");
  const absl::Status relationship =
      ToRelationshipInput(v1::Relationship(), "relationship").status();
  EXPECT_EQ(ViolationsOf(relationship).size(), 4u);
  EXPECT_EQ(MetadataOf(relationship, "violations"), "4");
}

TEST(TwinTest, RefusesWrongPathsOfSourceTimes) {
  for (const char* path : {"", "/", "level", "/a/b/c", "//b", "/a/"}) {
    v1::Twin twin;
    twin.set_id("a");
    twin.set_model_id("dtmi:a;1");
    (*twin.mutable_property_metadata())[path].mutable_source_time();
    EXPECT_THAT(ToTwinInput(twin, "twin"),
                IsError(absl::StatusCode::kInvalidArgument,
                        v1::ERROR_REASON_INVALID_FIELD))
        << path;
  }
}

}  // namespace
}  // namespace twingraph::rpc
