#include "storage/commit/pin_set.h"

#include <string>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "storage/commit/token.h"
#include "tests/support/status_matchers.h"

namespace twingraph::commit {
namespace {

TEST(PinSetTest, TheFloorStopsAtTheOldestPin) {
  PinSet pins{kv::Incarnation{}};
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
  PinSet pins{kv::Incarnation{}};
  EXPECT_EQ(pins.MoveFloor(7), 7U);
  EXPECT_EQ(pins.MoveFloor(3), 7U);
  EXPECT_THAT(pins.Hold(6), IsError(absl::StatusCode::kOutOfRange,
                                    v1::ERROR_REASON_REVISION_EXPIRED));
  EXPECT_OK(pins.Check(7));
  pins.MoveFloor(9);
  EXPECT_EQ(pins.HoldFloor().revision(), 9U);
}

TEST(PinSetTest, ErrorsNameTheFloorByTokenAndTime) {
  kv::Incarnation incarnation;
  incarnation.epoch = 5;
  PinSet pins(incarnation);
  pins.MoveFloor(7);
  absl::Status error = pins.Check(6);
  EXPECT_EQ(MetadataOf(error, "revision"), FormatToken(incarnation, 6));
  EXPECT_EQ(MetadataOf(error, "oldest_revision"), FormatToken(incarnation, 7));
  EXPECT_EQ(MetadataOf(error, "oldest_time"), "");
  EXPECT_EQ(error.message(),
            "revision 6 is older than the history that is kept, which begins "
            "at revision 7");
  pins.NoteTime(7, absl::FromUnixMillis(1'700'000'000'250));
  pins.NoteTime(3, absl::FromUnixMillis(1));
  error = pins.Check(6);
  EXPECT_EQ(MetadataOf(error, "oldest_time"), "2023-11-14T22:13:20.25Z");
  EXPECT_THAT(std::string(error.message()),
              testing::EndsWith("at revision 7 of 2023-11-14T22:13:20.25Z"));
}

}  // namespace
}  // namespace twingraph::commit
