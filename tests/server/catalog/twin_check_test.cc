#include "server/catalog/twin_check.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "storage/value/json.h"
#include "tests/server/catalog/small_catalog.h"

namespace twingraph::catalog {
namespace {

class TwinCheckTest : public testing::Test {
 protected:
  TwinCheckTest()
      : catalog_(MakeCatalog(
            {Interface("dtmi:t:Part;1", R"(,"contents":[
               {"@type":"Property","name":"speed","schema":"double"}])"),
             Interface("dtmi:t:Base;1", R"(,"contents":[
               {"@type":"Component","name":"part","schema":"dtmi:t:Part;1"}])"),
             Interface("dtmi:t:Thing;1", R"(,"extends":"dtmi:t:Base;1",
               "contents":[
               {"@type":"Property","name":"count","schema":"integer"},
               {"@type":"Telemetry","name":"tick","schema":"integer"},
               {"@type":"Relationship","name":"next"}])")})) {}

  std::vector<std::string> Check(const std::string& json,
                                 MissingComponent missing) {
    contents_ = *ParseJsonValue(json);
    std::vector<FieldViolation> violations;
    CheckTwinContents(*catalog_.Find("dtmi:t:Thing;1"), catalog_, missing,
                      contents_, violations);
    std::vector<std::string> fields;
    for (const FieldViolation& violation : violations) {
      EXPECT_NE(violation.description, "");
      fields.push_back(violation.field);
    }
    return fields;
  }

  Catalog catalog_;
  Value contents_;
};

TEST_F(TwinCheckTest, CanonicalisesWhatConforms) {
  EXPECT_THAT(
      Check(R"({"count":3.0,"part":{"speed":2}})", MissingComponent::kRefuse),
      testing::IsEmpty());
  EXPECT_EQ(contents_.Find("count")->kind(), ValueKind::kInt);
  EXPECT_EQ(contents_.Find("part")->Find("speed")->kind(), ValueKind::kDouble);
}

TEST_F(TwinCheckTest, NamesEveryWrongPlace) {
  EXPECT_THAT(
      Check(R"({"count":"x","next":1,"nothing":2,"part":{"speed":"y",
                        "other":1},"tick":3})",
            MissingComponent::kRefuse),
      testing::UnorderedElementsAre("contents.count", "contents.next",
                                    "contents.nothing", "contents.part.speed",
                                    "contents.part.other", "contents.tick"));
}

TEST_F(TwinCheckTest, AMissingComponentIsRefusedOrAdded) {
  EXPECT_THAT(Check("{}", MissingComponent::kRefuse),
              testing::ElementsAre("contents.part"));
  EXPECT_THAT(Check("{}", MissingComponent::kAdd), testing::IsEmpty());
  EXPECT_EQ(FormatJson(contents_), R"({"part":{}})");
}

TEST_F(TwinCheckTest, AComponentIsAnObject) {
  EXPECT_THAT(Check(R"({"part":7})", MissingComponent::kRefuse),
              testing::ElementsAre("contents.part"));
}

TEST_F(TwinCheckTest, AcceptedContentsKeepWhatDoesNotConform) {
  Value contents = *ParseJsonValue(R"({"count":"x","nothing":{"a":[1.0]}})");
  std::vector<FieldViolation> violations;
  AcceptTwinContents(*catalog_.Find("dtmi:t:Thing;1"), catalog_, contents,
                     violations);
  EXPECT_TRUE(violations.empty());
  EXPECT_EQ(FormatJson(contents),
            R"({"count":"x","nothing":{"a":[1]},"part":{}})");
}

TEST_F(TwinCheckTest, AcceptedContentsAreCanonicalWhereTheyConform) {
  Value contents =
      *ParseJsonValue(R"({"count":3.0,"part":{"speed":2},"tick":3.0})");
  std::vector<FieldViolation> violations;
  AcceptTwinContents(*catalog_.Find("dtmi:t:Thing;1"), catalog_, contents,
                     violations);
  EXPECT_TRUE(violations.empty());
  EXPECT_EQ(contents.Find("count")->kind(), ValueKind::kInt);
  EXPECT_EQ(contents.Find("part")->Find("speed")->kind(), ValueKind::kDouble);
  EXPECT_EQ(contents.Find("tick")->kind(), ValueKind::kDouble);
}

TEST_F(TwinCheckTest, ReservedNamesAreNeverAccepted) {
  Value contents = *ParseJsonValue(R"({"":1,"$dtId":"x","part":{}})");
  std::vector<FieldViolation> violations;
  AcceptTwinContents(*catalog_.Find("dtmi:t:Thing;1"), catalog_, contents,
                     violations);
  EXPECT_EQ(violations.size(), 2U);
}

}  // namespace
}  // namespace twingraph::catalog
