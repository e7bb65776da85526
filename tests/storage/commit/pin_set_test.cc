#include "storage/commit/pin_set.h"

#include <utility>

#include "gtest/gtest.h"

#include "tests/support/status_matchers.h"

namespace twingraph::commit {
namespace {

TEST(PinSetTest, TheFloorStopsAtTheOldestPin) {
  PinSet pins;
  ASSERT_OK_AND_ASSIGN(Pin five, pins.Hold(5));
  ASSERT_OK_AND_ASSIGN(Pin again, pins.Hold(5));
  ASSERT_OK_AND_ASSIGN(const Pin nine, pins.Hold(9));
  EXPECT_EQ(pins.MoveFloor(20), 5U);
  five.Release();
  five.Release();
  EXPECT_EQ(pins.MoveFloor(20), 5U);
  Pin moved = std::move(again);
  EXPECT_EQ(pins.MoveFloor(20), 5U);
  moved = Pin();
  EXPECT_EQ(pins.MoveFloor(20), 9U);
}

TEST(PinSetTest, TheFloorNeverMovesBack) {
  PinSet pins;
  EXPECT_EQ(pins.MoveFloor(7), 7U);
  EXPECT_EQ(pins.MoveFloor(3), 7U);
  EXPECT_THAT(pins.Hold(6), IsError(absl::StatusCode::kOutOfRange,
                                    v1::ERROR_REASON_REVISION_EXPIRED));
  EXPECT_EQ(MetadataOf(pins.Check(6), "oldest_revision"), "7");
  EXPECT_OK(pins.Check(7));
}

}  // namespace
}  // namespace twingraph::commit
