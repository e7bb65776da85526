#include "storage/key/key_space.h"

#include <map>
#include <string>

#include "gtest/gtest.h"

namespace twingraph::key {
namespace {

TEST(KeySpaceTest, IdsAndNamesAreFrozen) {
  const std::map<int, std::string> frozen = {
      {1, "meta"},
      {2, "dict"},
      {3, "sequence"},
      {4, "twin_id"},
      {5, "twin"},
      {6, "guard"},
      {7, "relationship"},
      {8, "relationship_id"},
      {9, "out"},
      {10, "in"},
      {11, "name_index"},
      {12, "model"},
      {13, "model_text"},
      {14, "model_referrer"},
      {15, "model_index"},
      {16, "property_index"},
      {17, "relationship_property_index"},
      {18, "counter"},
      {19, "hub"},
      {20, "hub_progress"},
      {21, "device"},
  };
  std::map<int, std::string> spaces;
  for (const kv::SpaceSpec& spec : GraphSpaces()) {
    spaces[spec.id] = std::string(spec.name);
    EXPECT_EQ(SpaceName(spec.id), spec.name);
  }
  EXPECT_EQ(spaces, frozen);
}

TEST(KeySpaceTest, TheTableIsOneThatEnginesTake) {
  const kv::SpaceTable table(GraphSpaces());
  EXPECT_TRUE(table.Contains(kDeviceSpace));
  EXPECT_EQ(SpaceName(kv::kSystemSpace), "");
}

TEST(KeySpaceTest, FactsKeepHistoryAndIndexesDoNot) {
  const kv::SpaceTable table(GraphSpaces());
  for (const kv::SpaceId id :
       {kTwinIdSpace, kTwinSpace, kRelationshipSpace, kRelationshipIdSpace,
        kOutSpace, kInSpace, kModelSpace, kModelTextSpace, kCounterSpace,
        kHubSpace, kDeviceSpace}) {
    EXPECT_TRUE(table[id].keeps_history) << table[id].name;
  }
  for (const kv::SpaceId id :
       {kNameIndexSpace, kModelIndexSpace, kPropertyIndexSpace,
        kRelationshipPropertyIndexSpace}) {
    EXPECT_FALSE(table[id].keeps_history) << table[id].name;
  }
}

}  // namespace
}  // namespace twingraph::key
