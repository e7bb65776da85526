#include "server/engine/query_ops.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "tests/server/engine/engine_fixture.h"

namespace twingraph::engine {
namespace {

using absl::StatusCode;

class QueryOpsTest : public EngineTest {
 protected:
  // Two floors of three rooms; rooms 2 and 3 have a sensor; one is a proxy.
  QueryOpsTest() {
    for (int f = 1; f <= 2; ++f) {
      const std::string floor = absl::StrCat("f", f);
      Create(floor, "dtmi:demo:Floor;1", absl::StrCat(R"({"level":)", f, "}"));
      for (int r = 1; r <= 3; ++r) {
        const std::string room = absl::StrCat(floor, "r", r);
        Create(room, "dtmi:demo:Room;1",
               absl::StrCat(R"({"temperature":)", 18 + f + r,
                            R"(,"thermostat":{"target":20}})"));
        EXPECT_OK(TryRelate(floor, room, "contains", room));
      }
    }
    EXPECT_OK(engine_->hubs().Attach(ctx_, {.id = "site", .kind = "grpc"}, {}));
    DeviceUpserted sensor;
    sensor.device.path = {"s1"};
    sensor.device.model = "dtmi:demo:Sensor;1";
    sensor.device.connection = {.state = ConnectionState::kOffline,
                                .confidence = Confidence::kReported,
                                .since = clock_.Now(),
                                .reason = ""};
    EXPECT_OK(engine_->devices().Apply(ctx_, "site", {{std::nullopt, sensor}}));
    EXPECT_OK(
        TryRelate("f2r3", "d", "hasDevice", "site.s1", R"({"since":2020})"));
  }

  static std::string RowJson(absl::Span<const query::Cell> row) {
    std::string encoded;
    query::AppendEncodedRow(row, encoded);
    return JsonOf(encoded);
  }

  // All rows of a query as JSON.
  std::vector<std::string> Rows(const std::string& text,
                                const ReadOptions& read = {}) {
    std::vector<std::string> rows;
    auto run = engine_->queries().Start(ctx_, text, "", read);
    EXPECT_OK(run);
    if (!run.ok()) {
      return rows;
    }
    query::RowBatch batch;
    do {
      EXPECT_OK((*run)->NextBatch(ctx_, 2, batch));
      for (size_t i = 0; i < batch.size(); ++i) {
        rows.push_back(RowJson(batch.row(i)));
      }
    } while (!batch.empty());
    return rows;
  }
};

TEST_F(QueryOpsTest, AnswersOverTheStore) {
  EXPECT_THAT(
      Rows("SELECT T.$dtId FROM DIGITALTWINS T WHERE T.temperature > 22 AND "
           "IS_OF_MODEL(T, 'dtmi:demo:Space;1')"),
      testing::UnorderedElementsAre(R"(["f2r3"])"));
  EXPECT_THAT(Rows("SELECT COUNT() FROM DIGITALTWINS"),
              testing::ElementsAre("[9]"));
  EXPECT_THAT(Rows("SELECT T.$dtId FROM DIGITALTWINS T WHERE "
                   "IS_OF_MODEL(T, 'dtmi:demo:Space;1', exact)"),
              testing::IsEmpty());
  EXPECT_THAT(Rows("SELECT T.$dtId FROM DIGITALTWINS T WHERE "
                   "STARTSWITH(T.$dtId, 'f1r')"),
              testing::UnorderedElementsAre(R"(["f1r1"])", R"(["f1r2"])",
                                            R"(["f1r3"])"));
  EXPECT_THAT(Rows("SELECT R.$relationshipId, R.since FROM RELATIONSHIPS R "
                   "WHERE R.$relationshipName = 'hasDevice'"),
              testing::ElementsAre(R"(["d",2020])"));
}

TEST_F(QueryOpsTest, FollowsRelationshipsToProxiesAndReadsTheirDevice) {
  EXPECT_THAT(
      Rows("SELECT R.$dtId AS room, S.$dtId AS sensor FROM DIGITALTWINS F "
           "JOIN R RELATED F.contains JOIN S RELATED R.hasDevice "
           "WHERE F.$dtId = 'f2' AND R.temperature > 20 "
           "AND S.$device.connection.state = 'offline'"),
      testing::ElementsAre(R"(["f2r3","site.s1"])"));
}

TEST_F(QueryOpsTest, WholeTwinsShowTheirMetadata) {
  const auto rows = Rows("SELECT T FROM DIGITALTWINS T WHERE T.$dtId = 'f1'");
  ASSERT_EQ(rows.size(), 1U);
  for (const char* part :
       {R"("$dtId":"f1")", R"("$etag":"W/)", R"("$model":"dtmi:demo:Floor;1")",
        R"("$lastUpdateTime":"2023-11-14T22:13:20.0000000Z")",
        R"("level":{"lastUpdateTime":"2023-11-14T22:13:20.0000000Z")",
        R"("level":1)"}) {
    EXPECT_THAT(rows[0], testing::HasSubstr(part));
  }
}

TEST_F(QueryOpsTest, SeesEveryAcknowledgedWrite) {
  for (int i = 0; i < 20; ++i) {
    Create(absl::StrCat("n", i), "dtmi:demo:Person;1",
           absl::StrCat(R"({"name":"p)", i, R"("})"));
    EXPECT_EQ(Rows(absl::StrCat("SELECT T FROM DIGITALTWINS T WHERE "
                                "T.name = 'p",
                                i, "'"))
                  .size(),
              1U);
  }
}

TEST_F(QueryOpsTest, PagesHoldEachRowOfTheirRevisionOnce) {
  const std::string text =
      "SELECT T.$dtId FROM DIGITALTWINS T WHERE "
      "IS_OF_MODEL(T, 'dtmi:demo:Room;1')";
  std::vector<std::string> rows;
  PageRequest page{.size = 2, .position = ""};
  ReadOptions read;
  do {
    ASSERT_OK_AND_ASSIGN(const QueryPage got,
                         engine_->queries().Page(ctx_, text, page, read));
    EXPECT_THAT(got.columns, testing::SizeIs(1));
    for (size_t i = 0; i < got.rows.size(); ++i) {
      rows.push_back(RowJson(got.rows.row(i)));
    }
    page.position = got.next_position;
    read.exactly_at = got.revision;
    CreateRoom(absl::StrCat("later", rows.size()));
  } while (!page.position.empty());
  EXPECT_THAT(rows, testing::UnorderedElementsAre(
                        R"(["f1r1"])", R"(["f1r2"])", R"(["f1r3"])",
                        R"(["f2r1"])", R"(["f2r2"])", R"(["f2r3"])"));
}

// Each write between two pages makes another way into the query the cheapest
// one at the head.
TEST_F(QueryOpsTest, PagesGoOnInOrderWhateverIsWrittenBetweenThem) {
  const std::vector<std::string> texts = {
      "SELECT T.$dtId FROM DIGITALTWINS T WHERE "
      "IS_OF_MODEL(T, 'dtmi:demo:Room;1') AND T.temperature >= 20",
      "SELECT F.$dtId AS f, R.$dtId AS r FROM DIGITALTWINS F "
      "JOIN R RELATED F.contains "
      "WHERE F.$dtId IN ['f1', 'f2'] AND R.temperature >= 19",
      "SELECT F.$dtId AS f, R.$dtId AS r FROM DIGITALTWINS "
      "MATCH (F)-[:contains]->(R) "
      "WHERE F.$dtId IN ['f1', 'f2'] AND IS_OF_MODEL(R, 'dtmi:demo:Room;1')",
      "SELECT R.$relationshipId FROM RELATIONSHIPS R "
      "WHERE R.$relationshipName = 'contains' AND R.$sourceId = 'f1'"};
  int written = 0;
  for (const std::string& text : texts) {
    SCOPED_TRACE(text);
    std::vector<std::string> rows;
    PageRequest page{.size = 1, .position = ""};
    ReadOptions read;
    int writes = 3;
    do {
      ASSERT_OK_AND_ASSIGN(const QueryPage got,
                           engine_->queries().Page(ctx_, text, page, read));
      for (size_t i = 0; i < got.rows.size(); ++i) {
        rows.push_back(RowJson(got.rows.row(i)));
      }
      page.position = got.next_position;
      read.exactly_at = got.revision;
      for (int i = 0; writes > 0 && i < 20; ++i) {
        const std::string room = absl::StrCat("new", ++written);
        CreateRoom(room);
        ASSERT_OK(TryRelate("f1", room, "contains", room));
      }
      --writes;
    } while (!page.position.empty());
    EXPECT_GE(rows.size(), 3U);
    EXPECT_THAT(rows, testing::ElementsAreArray(Rows(text, read)));
  }
}

TEST_F(QueryOpsTest, APageOfExactlyAllRowsIsTheLast) {
  ASSERT_OK_AND_ASSIGN(
      const QueryPage got,
      engine_->queries().Page(
          ctx_, "SELECT T.$dtId FROM DIGITALTWINS T WHERE T.level > 0",
          {.size = 2, .position = ""}, {}));
  EXPECT_EQ(got.rows.size(), 2U);
  EXPECT_EQ(got.next_position, "");
}

TEST_F(QueryOpsTest, MistakesAreNamedWithTheirPlace) {
  const auto bad =
      engine_->queries().Start(ctx_, "SELECT *\nFROM TWINS", "", {});
  EXPECT_THAT(bad, IsError(StatusCode::kInvalidArgument,
                           v1::ERROR_REASON_INVALID_QUERY));
  EXPECT_EQ(MetadataOf(bad.status(), "line"), "2");
  EXPECT_EQ(MetadataOf(bad.status(), "column"), "6");
  EXPECT_THAT(engine_->queries().Page(ctx_, "SELECT * FROM DIGITALTWINS",
                                      {.size = 1, .position = "nonsense"}, {}),
              IsError(StatusCode::kInvalidArgument,
                      v1::ERROR_REASON_INVALID_PAGE_TOKEN));
}

TEST_F(QueryOpsTest, ACancelledQueryEnds) {
  ASSERT_OK_AND_ASSIGN(
      const auto run,
      engine_->queries().Start(ctx_, "SELECT * FROM DIGITALTWINS", "", {}));
  Context cancelled;
  cancelled.Cancel();
  query::RowBatch batch;
  EXPECT_THAT(run->NextBatch(cancelled, 10, batch),
              IsError(StatusCode::kCancelled, v1::ERROR_REASON_CALL_ENDED));
}

}  // namespace
}  // namespace twingraph::engine
