#include "client/graphfile/graph_file.h"

#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "client/graphfile/row.h"
#include "storage/base/status_macros.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test_data.h"

namespace twingraph::graphfile {
namespace {

absl::StatusOr<std::vector<RawRow>> ReadAll(const std::string& path,
                                            Section section) {
  ASSIGN_OR_RETURN(auto file, GraphFile::Open(path, section));
  std::vector<RawRow> rows;
  for (;;) {
    ASSIGN_OR_RETURN(auto row, file->Next());
    if (!row.has_value()) {
      return rows;
    }
    rows.push_back(*std::move(row));
  }
}

std::vector<std::string> Texts(const std::string& content, Section section) {
  const TempDir dir;
  const std::string path = dir.path() + "/graph";
  std::ofstream(path) << content;
  const auto rows = ReadAll(path, section);
  EXPECT_OK(rows);
  std::vector<std::string> texts;
  if (rows.ok()) {
    for (const RawRow& row : *rows) {
      texts.push_back(row.text);
    }
  }
  return texts;
}

using testing::ElementsAre;
using testing::IsEmpty;

TEST(GraphFileTest, ReadsADocumentWhateverTheOrderOfItsSections) {
  const std::string text =
      R"({"note": {"digitalTwins": [0]}, "relationships": [ {"r":1} ],
          "digitalTwins": [{"t":1},{"t":2}], "digitalTwinsModels": [{"m":1}]})";
  EXPECT_THAT(Texts(text, Section::kTwins),
              ElementsAre("{\"t\":1}", "{\"t\":2}"));
  EXPECT_THAT(Texts(text, Section::kRelationships), ElementsAre("{\"r\":1}"));
  EXPECT_THAT(Texts(text, Section::kModels), ElementsAre("{\"m\":1}"));
}

TEST(GraphFileTest, ReadsTheExportForm) {
  const std::string text =
      R"({"digitalTwinsFileInfo": {"fileVersion": "1.0.0"},
          "digitalTwinsGraph": {"digitalTwins": [{"t":1}],
                                "relationships": []},
          "digitalTwinsModels": [{"m":1},{"m":2}]})";
  EXPECT_THAT(Texts(text, Section::kTwins), ElementsAre("{\"t\":1}"));
  EXPECT_THAT(Texts(text, Section::kRelationships), IsEmpty());
  EXPECT_THAT(Texts(text, Section::kModels),
              ElementsAre("{\"m\":1}", "{\"m\":2}"));
}

TEST(GraphFileTest, ReadsLines) {
  const std::string text =
      "{\"Section\": \"Header\"}\n{\"fileVersion\": \"1.0.0\"}\n"
      "{\"Section\": \"Twins\"}\n{\"t\":1}\n\n{\"t\":2}\n"
      "{\"Section\": \"Relationships\"}\n{\"r\":1}";
  EXPECT_THAT(Texts(text, Section::kTwins),
              ElementsAre("{\"t\":1}", "{\"t\":2}"));
  EXPECT_THAT(Texts(text, Section::kRelationships), ElementsAre("{\"r\":1}"));
  EXPECT_THAT(Texts(text, Section::kModels), IsEmpty());
}

TEST(GraphFileTest, APropertyNamedSectionIsNotASection) {
  EXPECT_THAT(Texts("{\"Section\": \"Twins\"}\n"
                    "{\"$dtId\":\"a\",\"Section\":\"Models\"}\n",
                    Section::kTwins),
              ElementsAre("{\"$dtId\":\"a\",\"Section\":\"Models\"}"));
}

TEST(GraphFileTest, KeepsTheLineOfEachRow) {
  const TempDir dir;
  const std::string path = dir.path() + "/graph.json";
  std::ofstream(path) << "{\"digitalTwins\": [\n  {\n \"t\":1},\n  {\"t\":2}]}";
  ASSERT_OK_AND_ASSIGN(const auto rows, ReadAll(path, Section::kTwins));
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].line, 2);
  EXPECT_EQ(rows[1].line, 4);
}

TEST(GraphFileTest, ADocumentMayBeEmpty) {
  EXPECT_THAT(Texts("{}", Section::kTwins), IsEmpty());
  EXPECT_THAT(
      Texts(R"({"note": 1, "digitalTwinsModels": []})", Section::kTwins),
      IsEmpty());
}

TEST(GraphFileTest, TheEndStaysTheEnd) {
  const TempDir dir;
  const std::string path = dir.path() + "/graph.json";
  std::ofstream(path) << "{\"digitalTwins\": []}";
  ASSERT_OK_AND_ASSIGN(auto file, GraphFile::Open(path, Section::kTwins));
  for (int i = 0; i < 3; ++i) {
    ASSERT_OK_AND_ASSIGN(const auto row, file->Next());
    EXPECT_FALSE(row.has_value());
  }
  EXPECT_EQ(file->progress(), 1.0);
}

struct BrokenCase {
  std::string name;
  std::string text;
};

class BrokenFileTest : public testing::TestWithParam<BrokenCase> {};

TEST_P(BrokenFileTest, IsRefusedWithItsLine) {
  const TempDir dir;
  const std::string path = dir.path() + "/graph.json";
  std::ofstream(path) << GetParam().text;
  const auto rows = ReadAll(path, Section::kTwins);
  ASSERT_THAT(rows, IsError(absl::StatusCode::kInvalidArgument,
                            v1::ERROR_REASON_INVALID_FIELD));
  EXPECT_FALSE(MetadataOf(rows.status(), "line").empty());
}

INSTANTIATE_TEST_SUITE_P(
    All, BrokenFileTest,
    testing::Values(
        BrokenCase{"Empty", ""}, BrokenCase{"NoObject", "[1]"},
        BrokenCase{"AModel", R"({"@id": "dtmi:a;1", "@type": "Interface"})"},
        BrokenCase{"SectionIsNoArray", R"({"digitalTwins": {}})"},
        BrokenCase{"OpenArray", R"({"digitalTwins": [{"a":1})"},
        BrokenCase{"NoComma", R"({"digitalTwins": [{"a":1} {"b":1}]})"},
        BrokenCase{"NoColon", R"({"digitalTwins" []})"},
        BrokenCase{"TextAfterTheEnd", R"({"digitalTwins": []} {})"},
        BrokenCase{"UnknownSection", "{\"Section\": \"Things\"}\n"}),
    [](const auto& test) { return test.param.name; });

TEST(GraphFileTest, AFileThatIsNotThereIsNotFound) {
  EXPECT_THAT(
      GraphFile::Open("/nowhere/graph.json", Section::kTwins),
      IsError(absl::StatusCode::kNotFound, v1::ERROR_REASON_INVALID_FIELD));
}

struct RealCase {
  std::string name;
  std::string file;
  size_t models;
  size_t twins;
  size_t relationships;
};

class RealGraphTest : public testing::TestWithParam<RealCase> {};

TEST_P(RealGraphTest, ReadsAllRows) {
  REQUIRE_TEST_DATA(path, "ontologies/" + GetParam().file);
  ASSERT_OK_AND_ASSIGN(const auto models, ReadAll(path, Section::kModels));
  EXPECT_EQ(models.size(), GetParam().models);
  ASSERT_OK_AND_ASSIGN(const auto twins, ReadAll(path, Section::kTwins));
  std::set<std::string> ids;
  for (const RawRow& row : twins) {
    ASSERT_OK_AND_ASSIGN(const TwinRow twin, ParseTwin(row.text));
    ids.insert(twin.id);
  }
  EXPECT_EQ(ids.size(), GetParam().twins);
  ASSERT_OK_AND_ASSIGN(const auto edges,
                       ReadAll(path, Section::kRelationships));
  for (const RawRow& row : edges) {
    ASSERT_OK_AND_ASSIGN(const RelationshipRow edge,
                         ParseRelationship(row.text));
    EXPECT_TRUE(ids.contains(edge.source)) << edge.source;
    EXPECT_TRUE(ids.contains(edge.target)) << edge.target;
  }
  EXPECT_EQ(edges.size(), GetParam().relationships);
}

INSTANTIATE_TEST_SUITE_P(
    All, RealGraphTest,
    testing::Values(
        RealCase{"Home", "home-basic/graphs/home.json", 0, 12, 11},
        RealCase{"HomeExport", "home-basic/graphs/import.json", 4, 12, 11},
        RealCase{"Building", "explorer-examples/graphs/buildingScenario.json",
                 0, 5, 4},
        RealCase{"Grid", "explorer-examples/graphs/nationalGrid.json", 0, 13,
                 12},
        RealCase{"Sensor", "rec-guide-sensor/graphs/sensor.json", 0, 11, 10},
        RealCase{"SensorExport", "rec-guide-sensor/graphs/sensor.original.json",
                 0, 11, 10},
        RealCase{"Bulk", "cli-bulk-import/graphs/bulk.json", 0, 10, 10},
        RealCase{"BulkLines",
                 "cli-bulk-import/graphs/"
                 "bulk-models-twins-relationships-valid.ndjson",
                 10, 10, 10}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace twingraph::graphfile
