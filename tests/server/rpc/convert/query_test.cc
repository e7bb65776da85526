#include "server/rpc/convert/query.h"

#include <string>

#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"

#include "storage/value/json.h"
#include "twingraph/v1/query.pb.h"

namespace twingraph::rpc {
namespace {

std::string Encoded(const std::string& json) {
  std::string bytes;
  EncodeValue(*ParseJsonValue(json), bytes);
  return bytes;
}

// The value as JSON with sorted keys.
std::string Json(const google::protobuf::Value& value) {
  std::string json;
  EXPECT_TRUE(google::protobuf::util::MessageToJsonString(value, &json).ok());
  return FormatJson(*ParseJsonValue(json));
}

v1::QueryRow Row(const std::vector<query::Cell>& cells) {
  std::string bytes;
  WireWriter writer(bytes);
  WriteRow(cells, writer);
  v1::QueryRow row;
  EXPECT_TRUE(row.ParseFromString(bytes));
  return row;
}

TEST(QueryTest, TellsAbsentFromNull) {
  const std::string null = Encoded("null");
  const std::string number = Encoded("7");
  const v1::QueryRow row =
      Row({{.value = ValueView(null)}, {}, {.value = ValueView(number)}, {}});
  ASSERT_EQ(row.values_size(), 4);
  EXPECT_EQ(Json(row.values(0)), "null");
  EXPECT_EQ(Json(row.values(1)), "null");
  EXPECT_EQ(Json(row.values(2)), "7");
  ASSERT_EQ(row.absent_size(), 2);
  EXPECT_EQ(row.absent(0), 1);
  EXPECT_EQ(row.absent(1), 3);
}

// The written document is what the query layer itself makes of it.
void ExpectAsQueryLayer(const query::Cell& cell) {
  std::string encoded;
  query::AppendEncodedCell(cell, encoded);
  EXPECT_EQ(Json(Row({cell}).values(0)),
            FormatJson(DecodeValue(ValueView(encoded))));
}

TEST(QueryTest, WritesTwinsAsTheLanguageShowsThem) {
  const std::string contents =
      Encoded(R"({"level":2,"thermostat":{"target":20.5},"tags":{"a":"b"}})");
  const std::string metadata =
      Encoded(R"({"level":{"lastUpdateTime":"2024-01-01T00:00:00Z"}})");
  const std::string component_metadata =
      Encoded(R"({"thermostat":{"$lastUpdateTime":"2024-01-01T00:00:00Z"}})");
  const std::string device = Encoded(R"({"hub":"site1","path":["a","b"]})");
  query::TwinDocument twin;
  twin.id = "room-1";
  twin.etag = "W/\"1\"";
  twin.model = "dtmi:demo:Room;1";
  twin.last_update_time = absl::FromUnixSeconds(1'700'000'000);
  twin.contents = ValueView(contents);
  ExpectAsQueryLayer(query::Cell{{}, &twin, nullptr});
  twin.metadata = ValueView(metadata);
  twin.component_metadata = ValueView(component_metadata);
  twin.device = ValueView(device);
  ExpectAsQueryLayer(query::Cell{{}, &twin, nullptr});
}

TEST(QueryTest, WritesRelationshipsAsTheLanguageShowsThem) {
  const std::string contents = Encoded(R"({"since":2024})");
  query::RelationshipDocument relationship;
  relationship.id = "c1";
  relationship.etag = "W/\"1\"";
  relationship.source = "floor-1";
  relationship.target = "room-1";
  relationship.name = "contains";
  relationship.contents = ValueView(contents);
  ExpectAsQueryLayer(query::Cell{{}, nullptr, &relationship});
}

TEST(QueryTest, WritesStats) {
  const query::ExecutionStats stats{.rows = 5,
                                    .documents_read = 6,
                                    .edges_visited = 7,
                                    .index_entries_read = 8};
  std::string bytes;
  WireWriter writer(bytes);
  WriteStats(stats, absl::Milliseconds(1500), writer);
  v1::QueryStats written;
  ASSERT_TRUE(written.ParseFromString(bytes));
  EXPECT_EQ(written.charge(), stats.Charge());
  EXPECT_EQ(written.rows(), 5);
  EXPECT_EQ(written.documents_read(), 6);
  EXPECT_EQ(written.edges_visited(), 7);
  EXPECT_EQ(written.index_entries_read(), 8);
  EXPECT_EQ(written.elapsed().seconds(), 1);
  EXPECT_EQ(written.elapsed().nanos(), 500'000'000);
}

}  // namespace
}  // namespace twingraph::rpc
