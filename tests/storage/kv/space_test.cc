#include "storage/kv/space.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/support/status_matchers.h"

namespace twingraph::kv {
namespace {

TEST(SpaceTableTest, KnowsItsSpacesAndTheStoresOwn) {
  const SpaceTable table({{.id = 9, .name = "late", .keeps_history = true},
                          {.id = 2, .name = "early", .prefix_length = 8}});
  EXPECT_THAT(table.ids(),
              ::testing::ElementsAre(2, 9, kSystemSpace, kHistorySpace));
  EXPECT_TRUE(table[9].keeps_history);
  EXPECT_EQ(table[2].prefix_length, 8U);
  EXPECT_EQ(table[2].name, "early");
  EXPECT_FALSE(table.Contains(0));
  EXPECT_FALSE(table.Contains(3));
}

TEST(SpaceTableDeathTest, AWrongTableEndsTheProcess) {
  EXPECT_DEATH(SpaceTable({{.id = 0, .name = "zero"}}), "invalid or twice");
  EXPECT_DEATH(SpaceTable({{.id = 1, .name = "a"}, {.id = 1, .name = "b"}}),
               "invalid or twice");
  EXPECT_DEATH(SpaceTable({{.id = 1, .name = "a"}, {.id = 2, .name = "a"}}),
               "invalid or twice");
  EXPECT_DEATH(SpaceTable({{.id = kSystemSpace, .name = "a"}}), "reserved");
}

TEST(CheckRowTest, RefusesWhatTheWeakestEngineCouldNotKeep) {
  const SpaceTable table({{.id = 1, .name = "a"}});
  EXPECT_OK(CheckRow(table, 1, std::string(kMaxKeyBytes, 'k'),
                     std::string(kMaxValueBytes, 'v')));
  EXPECT_THAT(CheckRow(table, 1, std::string(kMaxKeyBytes + 1, 'k'), ""),
              IsError(absl::StatusCode::kInvalidArgument,
                      v1::ERROR_REASON_LIMIT_EXCEEDED));
  EXPECT_THAT(CheckRow(table, 1, "k", std::string(kMaxValueBytes + 1, 'v')),
              IsError(absl::StatusCode::kInvalidArgument,
                      v1::ERROR_REASON_LIMIT_EXCEEDED));
  for (const SpaceId space : {SpaceId{2}, kHistorySpace}) {
    EXPECT_THAT(
        CheckRow(table, space, "k", "v"),
        IsError(absl::StatusCode::kInternal, v1::ERROR_REASON_INTERNAL));
  }
}

}  // namespace
}  // namespace twingraph::kv
