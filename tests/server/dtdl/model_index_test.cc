#include "server/dtdl/model_index.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace twingraph::dtdl {
namespace {

ModelIndex Models() {
  const std::vector<std::string> documents = {R"([
    {"@context": ["dtmi:dtdl:context;4", "dtmi:dtdl:extension:requirement;2"],
     "@id": "dtmi:t:Part;1", "@type": "Interface", "contents": [
       {"@type": "Property", "@id": "dtmi:t:count;1", "name": "count",
        "schema": "unsignedInteger"},
       {"@type": "Command", "name": "reset"},
       {"@type": "Telemetry", "name": "place", "schema": "dtmi:t:Place;1"}],
     "schemas": [
       {"@id": "dtmi:t:Place;1", "@type": "Object", "fields": [
         {"name": "x", "@type": ["Field", "Required"], "schema": "double"},
         {"name": "floor", "schema": "unsignedByte"}]}]},
    {"@context": "dtmi:dtdl:context;4", "@id": "dtmi:t:Machine;1",
     "@type": "Interface", "contents": [
       {"@type": "Component", "name": "part", "schema": "dtmi:t:Part;1"}]}
  ])"};
  const ParsedModels set =
      ParseModels(documents, [](absl::string_view /*id*/) { return nullptr; });
  EXPECT_TRUE(set.ok());
  return ModelIndex(set.interfaces);
}

struct SubjectCase {
  std::string subject;
  std::string json;
  std::string wrong;  // place of the first violation; empty where it conforms
};

class SubjectTest : public testing::TestWithParam<SubjectCase> {};

TEST_P(SubjectTest, ConformsOrNamesThePlace) {
  const ModelIndex models = Models();
  const auto subject = models.FindSubject(GetParam().subject);
  ASSERT_TRUE(subject.has_value());
  std::vector<FieldViolation> violations;
  EXPECT_EQ(models.Check(*subject, GetParam().json, violations),
            GetParam().wrong.empty());
  EXPECT_EQ(violations.empty() ? "" : violations[0].field, GetParam().wrong);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, SubjectTest,
    testing::Values(
        SubjectCase{"dtmi:dtdl:instance:Schema:double;2", "1.5", ""},
        SubjectCase{"dtmi:dtdl:instance:Schema:double;2", "\"x\"", "value"},
        SubjectCase{"dtmi:dtdl:instance:Schema:double;2", "1.5]", "value"},
        SubjectCase{"dtmi:t:count;1", "3", ""},
        SubjectCase{"dtmi:t:count;1", "0", ""},
        SubjectCase{"dtmi:t:count;1", "-0", "value"},
        SubjectCase{"dtmi:t:count;1", "-1", "value"},
        SubjectCase{"dtmi:t:Place;1", R"({"x": 1, "floor": 2})", ""},
        SubjectCase{"dtmi:t:Place;1", R"({"floor": 2})", "value.x"},
        SubjectCase{"dtmi:t:Place;1", R"({"x": 1, "floor": -0})",
                    "value.floor"},
        SubjectCase{"dtmi:t:Part:_contents:__place;1", R"({"x": 1})", ""},
        SubjectCase{"dtmi:t:Part:_contents:__place;1", "1", "value"},
        SubjectCase{"dtmi:t:Machine:_contents:__part;1", R"({"count": 1})", ""},
        SubjectCase{"dtmi:t:Machine:_contents:__part;1", R"({"reset": 1})",
                    "value.reset"},
        SubjectCase{"dtmi:t:Machine;1",
                    R"({"$dtId": "m", "$metadata": {}, "part": {
                        "$metadata": {}, "count": 1}})",
                    ""},
        SubjectCase{"dtmi:t:Machine;1", R"({"part": {"count": -0}})",
                    "value.part.count"},
        SubjectCase{"dtmi:t:Machine;1", "{}", "value.part"},
        SubjectCase{"dtmi:t:Machine;1", "[]", "value"}));

TEST(ModelIndexTest, WhatHasNoValuesIsNoSubject) {
  const ModelIndex models = Models();
  EXPECT_FALSE(models.FindSubject("dtmi:t:Part:_contents:__reset;1"));
  EXPECT_FALSE(models.FindSubject("dtmi:t:nowhere;1"));
}

}  // namespace
}  // namespace twingraph::dtdl
