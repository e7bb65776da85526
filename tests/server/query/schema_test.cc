#include "server/query/schema.h"

#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace twingraph::query {
namespace {

TEST(SchemaTest, TakesTheSameModelAndNewerOnes) {
  struct Case {
    const char* model;
    const char* wanted;
    bool is_of;
  };

  const Case cases[] = {
      {"dtmi:a:Room;1", "dtmi:a:Room;1", true},
      {"dtmi:a:Room;2", "dtmi:a:Room;1", true},
      {"dtmi:a:Room;10", "dtmi:a:Room;9", true},
      {"dtmi:a:Room;1", "dtmi:a:Room;2", false},
      {"dtmi:a:Room;1", "dtmi:a:Roo;1", false},
      {"dtmi:a:Room;1", "dtmi:a:room;1", false},
      {"dtmi:a:Room;1.2", "dtmi:a:Room;1", true},
      {"dtmi:a:Room;1.2", "dtmi:a:Room;1.3", false},
      {"dtmi:a:Room;2", "dtmi:a:Room;1.9", true},
      {"dtmi:a:Room;1", "dtmi:a:Room;1.0", true},
      {"dtmi:a:Room", "dtmi:a:Room;1", false},
      {"dtmi:a:Room;1", "dtmi:a:Room", true},
      {"dtmi:a:Room", "dtmi:a:Room", true},
  };
  for (const Case& test : cases) {
    EXPECT_EQ(IsModelOrNewer(test.model, test.wanted), test.is_of)
        << test.model << " of " << test.wanted;
  }
}

TEST(SchemaTest, SetsHoldWhatWasPutIn) {
  ModelSet set;
  EXPECT_FALSE(set.Contains(0));
  set.Insert(7);
  set.Insert(3);
  set.Insert(7);
  EXPECT_TRUE(set.Contains(7));
  EXPECT_FALSE(set.Contains(6));
  EXPECT_FALSE(set.Contains(8));
  EXPECT_THAT(set.Members(), testing::ElementsAre(3, 7));
}

}  // namespace
}  // namespace twingraph::query
