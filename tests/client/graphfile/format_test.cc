#include "client/graphfile/format.h"

#include <fstream>
#include <string>

#include "gtest/gtest.h"

#include "storage/value/json.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace twingraph::graphfile {
namespace {

TwinRow MakeTwin() {
  TwinRow row{.id = "r\"1", .model = "dtmi:a;1"};
  row.content = *ParseJsonValue(
      R"({"b":1.5,"a":"x\ny","big":9007199254740993,"c":{"$metadata":{}}})");
  return row;
}

RelationshipRow MakeEdge() {
  RelationshipRow row{.id = "e", .source = "s", .target = "t", .name = "has"};
  row.content = *ParseJsonValue(R"({"w":[1,null,true]})");
  return row;
}

TEST(FormatTest, RowsReadBackEqual) {
  ASSERT_OK_AND_ASSIGN(const TwinRow twin, ParseTwin(FormatTwin(MakeTwin())));
  EXPECT_EQ(twin, MakeTwin());
  ASSERT_OK_AND_ASSIGN(const RelationshipRow edge,
                       ParseRelationship(FormatRelationship(MakeEdge())));
  EXPECT_EQ(edge, MakeEdge());
}

TEST(FormatTest, RowsAreOneLine) {
  EXPECT_EQ(FormatTwin(MakeTwin()),
            R"({"$dtId":"r\"1","$metadata":{"$model":"dtmi:a;1"},)"
            R"("a":"x\ny","b":1.5,"big":9007199254740993,)"
            R"("c":{"$metadata":{}}})");
  EXPECT_EQ(FormatRelationship(MakeEdge()),
            R"({"$dtId":"s","$relationshipId":"e","$targetId":"t",)"
            R"("$relationshipName":"has","w":[1,null,true]})");
}

TEST(FormatTest, AWrittenFileReadsBack) {
  const TempDir dir;
  const std::string path = dir.path() + "/graph.ndjson";
  std::ofstream(path) << FormatHeader() << FormatSection(Section::kTwins)
                      << FormatTwin(MakeTwin()) << '\n'
                      << FormatSection(Section::kRelationships)
                      << FormatRelationship(MakeEdge()) << '\n';
  ASSERT_OK_AND_ASSIGN(auto twins, GraphFile::Open(path, Section::kTwins));
  ASSERT_OK_AND_ASSIGN(auto twin, twins->Next());
  EXPECT_EQ(twin->text, FormatTwin(MakeTwin()));
  EXPECT_EQ(twin->line, 4);
  ASSERT_OK_AND_ASSIGN(auto edges,
                       GraphFile::Open(path, Section::kRelationships));
  ASSERT_OK_AND_ASSIGN(auto edge, edges->Next());
  EXPECT_EQ(edge->text, FormatRelationship(MakeEdge()));
}

}  // namespace
}  // namespace twingraph::graphfile
