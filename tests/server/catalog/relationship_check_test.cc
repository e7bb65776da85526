#include "server/catalog/relationship_check.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

#include "storage/value/json.h"
#include "tests/server/catalog/small_catalog.h"
#include "tests/support/status_matchers.h"

namespace twingraph::catalog {
namespace {

class RelationshipCheckTest : public testing::Test {
 protected:
  RelationshipCheckTest()
      : catalog_(MakeCatalog(
            {Interface("dtmi:t:Base;1", R"(,"contents":[
               {"@type":"Relationship","name":"any"},
               {"@type":"Relationship","name":"to",
                "target":"dtmi:t:Target;1","properties":[
                  {"@type":"Property","name":"weight","schema":"integer"}]},
               {"@type":"Property","name":"p","schema":"string"}])"),
             Interface("dtmi:t:Source;1", R"(,"extends":"dtmi:t:Base;1")"),
             Interface("dtmi:t:Target;1"),
             Interface("dtmi:t:Sub;1", R"(,"extends":"dtmi:t:Target;1")")})) {}

  absl::StatusOr<const dtdl::Content*> Find(absl::string_view name,
                                            absl::string_view target) {
    return FindRelationship(*catalog_.Find("dtmi:t:Source;1"), catalog_, name,
                            target);
  }

  Catalog catalog_;
};

TEST_F(RelationshipCheckTest, InheritedNamesAndSubtypesAreAllowed) {
  EXPECT_OK(Find("any", "dtmi:t:Source;1"));
  EXPECT_OK(Find("to", "dtmi:t:Target;1"));
  EXPECT_OK(Find("to", "dtmi:t:Sub;1"));
}

TEST_F(RelationshipCheckTest, SaysWhichRuleFails) {
  for (const auto& [name, target, part] :
       std::vector<std::tuple<const char*, const char*, const char*>>{
           {"nothing", "dtmi:t:Target;1", "declares no relationship"},
           {"p", "dtmi:t:Target;1", "declares no relationship"},
           {"to", "dtmi:t:Source;1", "does not extend"},
           {"to", "dtmi:t:Deleted;1", "does not extend"}}) {
    const auto found = Find(name, target);
    EXPECT_THAT(found, IsError(absl::StatusCode::kInvalidArgument,
                               v1::ERROR_REASON_RELATIONSHIP_NOT_ALLOWED));
    EXPECT_THAT(std::string(found.status().message()),
                testing::HasSubstr(part));
    EXPECT_EQ(MetadataOf(found.status(), "target_model"), target);
  }
}

TEST_F(RelationshipCheckTest, ChecksAndCanonicalisesProperties) {
  ASSERT_OK_AND_ASSIGN(const dtdl::Content* declared,
                       Find("to", "dtmi:t:Target;1"));
  Value good = *ParseJsonValue(R"({"weight":2.0})");
  std::vector<FieldViolation> violations;
  CheckRelationshipProperties(*declared, good, violations);
  EXPECT_TRUE(violations.empty());
  EXPECT_EQ(good.Find("weight")->kind(), ValueKind::kInt);
  Value bad = *ParseJsonValue(R"({"weight":"heavy","colour":1})");
  CheckRelationshipProperties(*declared, bad, violations);
  ASSERT_EQ(violations.size(), 2U);
  EXPECT_EQ(violations[0].field, "relationship.properties.colour");
  EXPECT_EQ(violations[1].field, "relationship.properties.weight");
}

TEST_F(RelationshipCheckTest, AcceptedPropertiesKeepWhatDoesNotConform) {
  ASSERT_OK_AND_ASSIGN(const dtdl::Content* to, Find("to", "dtmi:t:Target;1"));
  Value properties =
      *ParseJsonValue(R"({"weight":3.0,"nothing":"x","$sourceId":"a"})");
  std::vector<FieldViolation> violations;
  AcceptRelationshipProperties(*to, properties, violations);
  EXPECT_EQ(properties.Find("weight")->kind(), ValueKind::kInt);
  EXPECT_EQ(properties.Find("nothing")->as_string(), "x");
  ASSERT_EQ(violations.size(), 1U);
  EXPECT_EQ(violations[0].field, "relationship.properties.$sourceId");
}

}  // namespace
}  // namespace twingraph::catalog
