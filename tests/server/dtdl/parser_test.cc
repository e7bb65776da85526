#include "server/dtdl/parser.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace twingraph::dtdl {
namespace {

std::shared_ptr<const Interface> Nothing(absl::string_view /*id*/) {
  return nullptr;
}

// An interface of DTDL v3 with these contents.
std::string Room(const std::string& contents, const std::string& more = "") {
  return absl::StrCat(R"({"@context": "dtmi:dtdl:context;3",
"@id": "dtmi:test:Room;1",
"@type": "Interface",
)",
                      more, R"("contents": [)", contents, "]}");
}

struct BadCase {
  std::string document;
  std::string rule;
  std::string path;
  int line;
};

class BadModelTest : public testing::TestWithParam<BadCase> {};

TEST_P(BadModelTest, NamesRuleAndPlace) {
  const std::vector<std::string> documents = {GetParam().document};
  const ParsedModels set = ParseModels(documents, Nothing);
  ASSERT_FALSE(set.diagnostics.empty());
  EXPECT_EQ(set.diagnostics[0].rule, GetParam().rule);
  EXPECT_EQ(set.diagnostics[0].path, GetParam().path);
  EXPECT_EQ(set.diagnostics[0].line, GetParam().line);
  EXPECT_FALSE(set.diagnostics[0].message.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Cases, BadModelTest,
    testing::Values(
        BadCase{"{", "notJson", "", 1}, BadCase{"7", "notJsonObject", "", 1},
        BadCase{"[{}]", "missingContext", "/0", 1},
        BadCase{R"({"@context": "dtmi:dtdl:context;7", "@id": "dtmi:a;1",
                    "@type": "Interface"})",
                "unrecognizedContextVersion", "/@context", 1},
        BadCase{
            "{\"@context\": \"dtmi:dtdl:context;3\", \"@type\": \"Interface\","
            "\n\"@id\": \"room\"}",
            "invalidId", "/@id", 2},
        BadCase{R"({"@context": "dtmi:dtdl:context;3", "@id": "dtmi:a;1",
                    "@type": "Property"})",
                "typeNotRootable", "/@type", 2},
        BadCase{Room(R"({"@type": "Property", "name": "t"})"),
                "missingObjectProperty", "/contents/0", 4},
        BadCase{Room(R"({"@type": "Property", "name": "1t",
                         "schema": "double"})"),
                "stringInvalid", "/contents/0/name", 4},
        BadCase{Room("{\"@type\": \"Property\", \"name\": \"t\",\n"
                     "\"schema\": \"real\"}"),
                "badDtmiOrTerm", "/contents/0/schema", 5},
        BadCase{Room(R"({"@type": "Property", "name": "t", "schema": "double"},
                        {"@type": "Telemetry", "name": "t",
                         "schema": "double"})"),
                "nonUniquePropertyValue", "/contents/1", 5},
        BadCase{Room(R"({"@type": "Property", "name": "t", "schema": "double",
                         "colour": "red"})"),
                "propertyUndefinedTerm", "/contents/0/colour", 5},
        BadCase{Room(R"({"@type": "Property", "name": "t", "writable": "yes",
                         "schema": "double"})"),
                "booleanNotBoolean", "/contents/0/writable", 4},
        BadCase{Room(R"({"@type": "Thing", "name": "t"})"), "typeUndefinedTerm",
                "/contents/0/@type", 4},
        BadCase{Room(R"({"@type": "Property", "name": "t", "schema":
                         {"@type": "Enum", "valueSchema": "integer",
                          "enumValues": [{"name": "a", "enumValue": "1"}]}})"),
                "nonConformantDatatype",
                "/contents/0/schema/enumValues/0/enumValue", 6},
        // In every order, also where one of the two has no value.
        BadCase{Room("", R"("schemas": [], "dtmi:dtdl:property:schemas;3":
                         [{"@id": "dtmi:test:A;1", "@type": "Array",
                           "elementSchema": "double"}], )"),
                "duplicatePropertyName", "/dtmi:dtdl:property:schemas;3", 5},
        BadCase{Room("", R"("dtmi:dtdl:property:schemas;3":
                         [{"@id": "dtmi:test:A;1", "@type": "Array",
                           "elementSchema": "double"}], "schemas": [], )"),
                "duplicatePropertyName", "/schemas", 6},
        BadCase{Room("", R"("extends": "dtmi:test:Room;1", )"),
                "recursiveStructureNarrow", "/extends", 4},
        BadCase{Room("", R"("displayName": {"english": "Room"}, )"),
                "langStringInvalidCode", "/displayName/english", 4}));

TEST(ParseModelsTest, ReportsEveryProblemOfTheSet) {
  std::string contents;
  for (int i = 0; i < 1000; ++i) {
    absl::StrAppend(&contents, i == 0 ? "" : ",",
                    R"({"@type": "Property", "name": "p)", i,
                    R"(", "schema": "real"})");
  }
  const std::vector<std::string> documents = {Room(contents), "[1]"};
  EXPECT_EQ(ParseModels(documents, Nothing).diagnostics.size(), 1001U);
}

TEST(ParseModelsTest, ResolvesInAnyOrderAndNamesWhatIsMissing) {
  const std::string lab = R"({"@context": "dtmi:dtdl:context;3",
    "@id": "dtmi:test:Lab;1", "@type": "Interface",
    "extends": ["dtmi:test:Room;1", "dtmi:test:Gone;1"]})";
  const std::vector<std::string> documents = {
      lab, Room(R"({"@type": "Property", "name": "t", "schema": "double"})")};
  const ParsedModels set = ParseModels(documents, Nothing);
  EXPECT_TRUE(set.diagnostics.empty());
  ASSERT_EQ(set.missing.size(), 1U);
  EXPECT_EQ(set.missing[0].model, "dtmi:test:Lab;1");
  EXPECT_EQ(set.missing[0].missing, "dtmi:test:Gone;1");
  const auto lookup = [&](absl::string_view id) {
    return id == "dtmi:test:Room;1" ? set.interfaces[1] : nullptr;
  };
  const auto ancestors = AncestorsOf(*set.interfaces[0], lookup);
  ASSERT_EQ(ancestors.size(), 1U);
  const auto contents = EffectiveContents(*set.interfaces[0], ancestors);
  ASSERT_EQ(contents.size(), 1U);
  EXPECT_EQ(contents[0].content->name, "t");
  EXPECT_EQ(contents[0].declared_in->id, "dtmi:test:Room;1");
}

TEST(ParseModelsTest, InheritedNamesMayNotRepeatButDiamondsMay) {
  const auto model = [](const std::string& id, const std::string& extends,
                        const std::string& contents) {
    return absl::StrCat(R"({"@context": "dtmi:dtdl:context;3", "@id": ")", id,
                        R"(", "@type": "Interface", "extends": [)", extends,
                        R"(], "contents": [)", contents, "]}");
  };
  const std::string property =
      R"({"@type": "Property", "name": "t", "schema": "double"})";
  const std::vector<std::string> diamond = {
      model("dtmi:a;1", "", property), model("dtmi:b;1", "\"dtmi:a;1\"", ""),
      model("dtmi:c;1", "\"dtmi:a;1\"", ""),
      model("dtmi:d;1", "\"dtmi:b;1\", \"dtmi:c;1\"", "")};
  EXPECT_TRUE(ParseModels(diamond, Nothing).ok());
  const std::vector<std::string> repeated = {
      model("dtmi:a;1", "", property),
      model("dtmi:b;1", "\"dtmi:a;1\"", property)};
  const ParsedModels set = ParseModels(repeated, Nothing);
  ASSERT_EQ(set.diagnostics.size(), 1U);
  EXPECT_EQ(set.diagnostics[0].rule, "nonUniqueImportedPropertyValue");
  EXPECT_EQ(set.diagnostics[0].element, "dtmi:b;1");
}

TEST(ParseModelsTest, AnElementThatIsNamedTwiceIsOneValue) {
  const std::vector<std::string> documents = {Room(
      R"({"@type": "Telemetry", "@id": "dtmi:test:t;1", "name": "t",
          "schema": {"@type": "Object", "fields": [
            "dtmi:test:f;1",
            {"@id": "dtmi:test:f;1", "name": "f", "schema": "double"},
            "dtmi:test:f;1"]}},
         "dtmi:test:t;1")")};
  const ParsedModels set = ParseModels(documents, Nothing);
  ASSERT_TRUE(set.ok()) << set.diagnostics[0].message;
  const Interface& room = *set.interfaces[0];
  ASSERT_EQ(room.contents.size(), 1U);
  EXPECT_EQ(room.contents[0].schema->fields.size(), 1U);
}

TEST(ParseModelsTest, ComponentsMayNotBeNested) {
  const std::vector<std::string> documents = {
      R"([{"@context": "dtmi:dtdl:context;2", "@id": "dtmi:a;1",
           "@type": "Interface"},
          {"@context": "dtmi:dtdl:context;2", "@id": "dtmi:b;1",
           "@type": "Interface", "contents": [
             {"@type": "Component", "name": "x", "schema": "dtmi:a;1"}]},
          {"@context": "dtmi:dtdl:context;2", "@id": "dtmi:c;1",
           "@type": "Interface", "contents": [
             {"@type": "Component", "name": "y", "schema": "dtmi:b;1"}]}])"};
  const ParsedModels set = ParseModels(documents, Nothing);
  ASSERT_EQ(set.diagnostics.size(), 1U);
  EXPECT_EQ(set.diagnostics[0].rule, "excludedType");
  EXPECT_EQ(set.diagnostics[0].element, "dtmi:c:_contents:__y;1");
}

TEST(ParseModelsTest, ReadsWhatAModelSays) {
  const std::vector<std::string> documents = {Room(
      R"({"@type": "Property", "name": "tags", "writable": true, "schema":
          {"@type": "Map", "mapKey": {"name": "k", "schema": "string"},
           "mapValue": {"name": "v", "schema": "dtmi:test:Level;1"}}},
         {"@type": "Relationship", "name": "contains",
          "target": "dtmi:test:Device;1", "maxMultiplicity": 3,
          "properties": {"@type": "Property", "name": "since",
                         "schema": "date"}})",
      R"("displayName": "Room", "description": {"de": "Raum"},
         "schemas": [{"@id": "dtmi:test:Level;1", "@type": "Enum",
           "valueSchema": "string",
           "enumValues": [{"name": "low", "enumValue": "L"}]}], )")};
  const ParsedModels set = ParseModels(documents, Nothing);
  ASSERT_TRUE(set.ok()) << set.diagnostics[0].message;
  const Interface& room = *set.interfaces[0];
  EXPECT_EQ(room.dtdl_version, 3);
  EXPECT_EQ(room.display_name.at("en"), "Room");
  EXPECT_EQ(room.description.at("de"), "Raum");
  EXPECT_EQ(room.text, documents[0]);
  const Content& tags = *room.Find("tags");
  EXPECT_TRUE(tags.is_writable);
  EXPECT_EQ(tags.schema->element->enum_values[0].value, Value::String("L"));
  const Content& contains = *room.Find("contains");
  EXPECT_EQ(contains.target_model, "dtmi:test:Device;1");
  EXPECT_EQ(contains.max_multiplicity, 3);
  EXPECT_EQ(contains.properties[0].schema->kind, SchemaKind::kDate);
}

}  // namespace
}  // namespace twingraph::dtdl
