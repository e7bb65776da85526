#include "client/cli/struct_value.h"

#include <cmath>
#include <string>

#include "gtest/gtest.h"

#include "storage/value/json.h"

namespace twingraph::cli {
namespace {

class RoundTripTest : public testing::TestWithParam<std::string> {};

TEST_P(RoundTripTest, ComesBackEqual) {
  const Value value = *ParseJsonValue(GetParam());
  EXPECT_EQ(FromProto(ToProto(value)), value) << GetParam();
}

INSTANTIATE_TEST_SUITE_P(
    All, RoundTripTest,
    testing::Values("null", "true", "0", "-1", "1.5", "\"\"", "\"ä\"", "[]",
                    "{}", "[1,[null,{\"a\":[]}]]", "9007199254740992",
                    "-9007199254740992", "{\"$metadata\":{},\"x\":1e300}"));

TEST(StructValueTest, BigIntegersBecomeDecimalText) {
  const struct {
    const char* json;
    const char* text;
  } cases[] = {{"9007199254740993", "9007199254740993"},
               {"-9223372036854775808", "-9223372036854775808"},
               {"18446744073709551615", "18446744073709551615"}};

  for (const auto& one : cases) {
    EXPECT_EQ(ToProto(*ParseJsonValue(one.json)).string_value(), one.text);
  }
}

TEST(StructValueTest, WholeDoublesBecomeIntegers) {
  EXPECT_EQ(FromProto(ToProto(Value::Double(3.0))), Value::Int(3));
  EXPECT_EQ(FromProto(ToProto(Value::Double(1e17))), Value::Double(1e17));
  EXPECT_TRUE(
      std::signbit(FromProto(ToProto(Value::Double(-0.0))).as_double()));
}

TEST(StructValueTest, AValueWithoutKindIsNull) {
  EXPECT_TRUE(FromProto(google::protobuf::Value()).is_null());
}

}  // namespace
}  // namespace twingraph::cli
