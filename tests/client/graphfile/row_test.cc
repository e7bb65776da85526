#include "client/graphfile/row.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "storage/value/json.h"
#include "tests/support/status_matchers.h"

namespace twingraph::graphfile {
namespace {

TEST(RowTest, SeparatesNamesFromContent) {
  ASSERT_OK_AND_ASSIGN(const TwinRow row,
                       ParseTwin(R"({"$dtId":"r1","$etag":"W/\"1\"",
                    "$metadata":{"$model":"dtmi:a;1","level":{"x":1}},
                    "level":2,"name":"Room"})"));
  EXPECT_EQ(row.id, "r1");
  EXPECT_EQ(row.model, "dtmi:a;1");
  EXPECT_EQ(FormatJson(row.content), R"({"level":2,"name":"Room"})");
}

TEST(RowTest, ComponentsKeepTheirEmptyMetadata) {
  ASSERT_OK_AND_ASSIGN(
      const TwinRow row,
      ParseTwin(R"({"$dtId":"r1","$metadata":{"$model":"dtmi:a;1"},
                    "area":{"$metadata":{"gross":{"lastUpdateTime":"x"}},
                            "gross":7}})"));
  EXPECT_EQ(FormatJson(row.content), R"({"area":{"$metadata":{},"gross":7}})");
}

TEST(RowTest, KeepsIntegersExact) {
  ASSERT_OK_AND_ASSIGN(
      const TwinRow row,
      ParseTwin(R"({"$dtId":"r","$metadata":{"$model":"dtmi:a;1"},
                    "big":9007199254740993,"huge":18446744073709551615})"));
  EXPECT_EQ(row.content.Find("big")->as_int(), 9007199254740993);
  EXPECT_EQ(row.content.Find("huge")->as_uint(), 18446744073709551615U);
}

TEST(RowTest, RelationshipsNameTheirSourceEitherWay) {
  for (const char* source : {"$dtId", "$sourceId"}) {
    ASSERT_OK_AND_ASSIGN(
        const RelationshipRow row,
        ParseRelationship(std::string(R"({")") + source + R"(":"a",
            "$relationshipId":"e1","$targetId":"b",
            "$relationshipName":"has","$etag":"x","since":2001})"));
    EXPECT_EQ(row.source, "a");
    EXPECT_EQ(row.id, "e1");
    EXPECT_EQ(row.target, "b");
    EXPECT_EQ(row.name, "has");
    EXPECT_EQ(FormatJson(row.content), R"({"since":2001})");
  }
}

TEST(RowTest, ListsAllNamesThatAreMissing) {
  const auto twin = ParseTwin(R"({"level":1,"$metadata":{}})");
  ASSERT_THAT(twin, IsError(absl::StatusCode::kInvalidArgument,
                            v1::ERROR_REASON_INVALID_FIELD));
  EXPECT_EQ(ViolationsOf(twin.status()).size(), 2U);
  const auto edge = ParseRelationship(R"({"$targetId":5})");
  ASSERT_THAT(edge, IsError(absl::StatusCode::kInvalidArgument,
                            v1::ERROR_REASON_INVALID_FIELD));
  EXPECT_EQ(ViolationsOf(edge.status()).size(), 4U);
}

TEST(RowTest, RefusesWhatIsNoObject) {
  for (const char* text : {"", "[]", "3", "{\"$dtId\":", "{}{}"}) {
    EXPECT_THAT(ParseTwin(text), IsError(absl::StatusCode::kInvalidArgument,
                                         v1::ERROR_REASON_INVALID_FIELD))
        << text;
  }
}

}  // namespace
}  // namespace twingraph::graphfile
