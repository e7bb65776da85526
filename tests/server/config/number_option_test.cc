// What the options of the server accept and say: config_test.cc.

#include "server/config/number_option.h"

#include <cstdint>
#include <optional>
#include <string>

#include "gtest/gtest.h"

namespace twingraph::config {
namespace {

TEST(ParseSizeTest, ReadsUnitsAsPowersOf1024) {
  EXPECT_EQ(ParseSize("0"), 0U);
  EXPECT_EQ(ParseSize("7"), 7U);
  EXPECT_EQ(ParseSize("7B"), 7U);
  EXPECT_EQ(ParseSize("1023KB"), 1023U << 10);
  EXPECT_EQ(ParseSize("16 EB"), std::nullopt);
  EXPECT_EQ(ParseSize("15EB"), uint64_t{15} << 60);
  for (const char* text : {"2MB", "2mb", "2M", "2Mi", "2MiB", "2 MB"}) {
    EXPECT_EQ(ParseSize(text), uint64_t{2} << 20) << text;
  }
}

TEST(ParseSizeTest, RefusesOtherText) {
  for (const char* text : {"", "MB", "-1", "+1", "1.5GB", "1XB", "1MBB", "1BB",
                           "1iB", "0x10", "1MB ", "18446744073709551616"}) {
    EXPECT_EQ(ParseSize(text), std::nullopt) << text;
  }
}

TEST(FormatSizeTest, ReadsBack) {
  EXPECT_EQ(FormatSize(0), "0");
  EXPECT_EQ(FormatSize(1023), "1023");
  EXPECT_EQ(FormatSize(1536), "1536");
  EXPECT_EQ(FormatSize(uint64_t{512} << 20), "512MB");
  for (const uint64_t bytes : {uint64_t{1} << 10, uint64_t{1} << 40,
                               uint64_t{1} << 63, uint64_t{12345}}) {
    EXPECT_EQ(ParseSize(FormatSize(bytes)), bytes);
  }
}

}  // namespace
}  // namespace twingraph::config
