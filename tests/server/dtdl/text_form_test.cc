#include "server/dtdl/text_form.h"

#include "gtest/gtest.h"

namespace twingraph::dtdl {
namespace {

struct Case {
  bool (*is_form)(absl::string_view);
  const char* text;
  bool expected;
};

class TextFormTest : public testing::TestWithParam<Case> {};

TEST_P(TextFormTest, Conforms) {
  EXPECT_EQ(GetParam().is_form(GetParam().text), GetParam().expected)
      << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    Cases, TextFormTest,
    testing::Values(
        Case{IsDateText, "2024-02-29", true},
        Case{IsDateText, "2023-02-29", false},
        Case{IsDateText, "0000-01-01", false},
        Case{IsDateText, "20240101", false},
        Case{IsDateText, "2024-01-32", false},
        Case{IsDateTimeText, "2024-05-01T06:00:00Z", true},
        Case{IsDateTimeText, "2024-05-01T06:00:00.1234567+02:00", true},
        Case{IsDateTimeText, "2024-05-01T06:00:00", false},
        Case{IsDateTimeText, "2024-05-01T24:00:00Z", false},
        Case{IsDateTimeText, "2024-05-01T06:00Z", false},
        Case{IsDateTimeText, "2024-05-01T06:00:60Z", false},
        Case{IsTimeText, "06:00:00-11:30", true},
        Case{IsTimeText, "06:00:00+11", false},
        Case{IsDurationText, "P1Y2M3DT4H5M6.7S", true},
        Case{IsDurationText, "P2W1D", true},
        Case{IsDurationText, "P1.5D", true},
        Case{IsDurationText, "P1Y2W", false}, Case{IsDurationText, "P", false},
        Case{IsDurationText, "PT", false}, Case{IsDurationText, "P1DT", false},
        Case{IsDurationText, "P1D2M", false},
        Case{IsDurationText, "P1.5DT1H", false},
        Case{IsDurationText, "PT.5S", false}, Case{IsBytesText, "", true},
        Case{IsBytesText, "AQI=", true}, Case{IsBytesText, "AQI", false},
        Case{IsBytesText, "_-8=", false}, Case{IsBytesText, "2/1=", true},
        Case{IsBytesText, "====", false}, Case{IsBytesText, "AQ= ", false},
        Case{IsDecimalText, "-0.50", true}, Case{IsDecimalText, "00", false},
        Case{IsDecimalText, "", false}, Case{IsDecimalText, "1.", true},
        Case{IsUuidText, "123e4567-e89b-12d3-a456-426614174000", true},
        Case{IsUuidText, "{123e4567-e89b-12d3-a456-426614174000}", false}));

}  // namespace
}  // namespace twingraph::dtdl
