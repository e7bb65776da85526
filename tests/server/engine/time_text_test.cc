#include "server/engine/time_text.h"

#include "gtest/gtest.h"

namespace twingraph::engine {
namespace {

TEST(TimeTextTest, ReadsZonesAndFractions) {
  const absl::Time noon = absl::FromUnixSeconds(1'714'564'800);
  EXPECT_EQ(ParseTime("2024-05-01T12:00:00Z"), noon);
  EXPECT_EQ(ParseTime("2024-05-01T14:00:00+02:00"), noon);
  EXPECT_EQ(ParseTime("2024-05-01T12:00:00.123456789Z"),
            noon + absl::Nanoseconds(123'456'789));
}

TEST(TimeTextTest, RefusesAllElse) {
  for (const char* text :
       {"", "2024-05-01", "2024-05-01T12:00:00", "noon", "infinite-past",
        "infinite-future", "0001-01-01T00:00:00Z", "9999-12-31T00:00:00Z",
        "2024-13-01T12:00:00Z"}) {
    EXPECT_EQ(ParseTime(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace twingraph::engine
