#include "storage/base/clock.h"

#include "absl/time/clock.h"
#include "gtest/gtest.h"

namespace twingraph {
namespace {

TEST(SystemClockTest, TellsTheTimeOfTheSystem) {
  const SystemClock system_clock;
  const Clock& clock = system_clock;
  const absl::Time before = absl::Now();
  const absl::Time now = clock.Now();
  const absl::Time after = absl::Now();
  // The system's clock may be set back between two of its readings.
  constexpr absl::Duration kStep = absl::Seconds(5);
  EXPECT_GE(now, before - kStep);
  EXPECT_LE(now, after + kStep);
}

}  // namespace
}  // namespace twingraph
