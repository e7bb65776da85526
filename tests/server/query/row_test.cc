#include "server/query/row.h"

#include <string>

#include "gtest/gtest.h"

#include "storage/value/json.h"
#include "tests/support/toy_graph.h"

namespace twingraph::query {
namespace {

std::string Json(const Cell& cell) {
  std::string encoded;
  AppendEncodedCell(cell, encoded);
  EXPECT_TRUE(ValidateEncoded(encoded).ok());
  std::string json;
  AppendJson(ValueView(encoded), json);
  return json;
}

class RowTest : public testing::Test {
 protected:
  RowTest() {
    graph_.components = {"part"};
    graph_.AddModel("dtmi:x:M;1", {});
    graph_.AddTwin("a", "dtmi:x:M;1",
                   *ParseJsonValue(R"({"n":1,"part":{"k":"v"}})"),
                   absl::FromUnixMillis(1'714'543'200'250));
    graph_.AddRelationship("a", "e", "likes", "a",
                           *ParseJsonValue(R"({"w":0.5})"));
  }

  ToyGraph graph_;
};

TEST_F(RowTest, ShowsTwinsAsTheLanguageDoes) {
  const TwinDocument twin = graph_.document(1);
  EXPECT_EQ(
      Json({.twin = &twin}),
      R"({"$dtId":"a","$etag":"W/\"a\"","$metadata":{)"
      R"("$lastUpdateTime":"2024-05-01T06:00:00.2500000Z",)"
      R"("$model":"dtmi:x:M;1",)"
      R"("n":{"lastUpdateTime":"2024-05-01T06:00:00.2500000Z"}},"n":1,)"
      R"("part":{"$metadata":{)"
      R"("$lastUpdateTime":"2024-05-01T06:00:00.2500000Z",)"
      R"("k":{"lastUpdateTime":"2024-05-01T06:00:00.2500000Z"}},"k":"v"}})");
}

TEST_F(RowTest, ShowsRelationshipsAsTheLanguageDoes) {
  const RelationshipDocument relationship =
      graph_.document(graph_.edges().front());
  EXPECT_EQ(Json({.relationship = &relationship}),
            R"({"$etag":"W/\"a.e\"","$relationshipId":"e",)"
            R"("$relationshipName":"likes","$sourceId":"a","$targetId":"a",)"
            R"("w":0.5})");
}

TEST_F(RowTest, EncodesRowsAsLists) {
  const TwinDocument twin = graph_.document(1);
  std::string number;
  EncodeValue(Value::Int(5), number);
  RowBatch batch;
  batch.Reset(3);
  const absl::Span<Cell> cells = batch.AddRow();
  cells[0].value = ValueView(number);
  cells[2].twin = batch.Keep(twin);
  ASSERT_EQ(batch.size(), 1U);
  EXPECT_TRUE(batch.row(0)[1].is_undefined());
  std::string encoded;
  AppendEncodedRow(batch.row(0), encoded);
  const ValueView row(encoded);
  ASSERT_EQ(row.size(), 3U);
  EXPECT_EQ(row.at(0).as_int(), 5);
  EXPECT_EQ(row.at(1).kind(), ValueKind::kNull);
  EXPECT_EQ(row.at(2).Find("$dtId").as_string(), "a");
}

TEST_F(RowTest, ForgetsRowsOnReset) {
  RowBatch batch;
  batch.Reset(2);
  batch.AddRow();
  batch.AddRow();
  batch.Reset(1);
  EXPECT_TRUE(batch.empty());
  EXPECT_EQ(batch.AddRow().size(), 1U);
}

TEST_F(RowTest, FormatsTimesInUtcWithSevenDigits) {
  EXPECT_EQ(FormatQueryTime(absl::UnixEpoch()), "1970-01-01T00:00:00.0000000Z");
  EXPECT_EQ(FormatQueryTime(absl::FromUnixNanos(1'714'543'200'123'456'789)),
            "2024-05-01T06:00:00.1234567Z");
}

}  // namespace
}  // namespace twingraph::query
