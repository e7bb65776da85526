#include "storage/value/json.h"

#include <cmath>
#include <cstring>
#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "storage/base/json.h"
#include "storage/value/compare.h"
#include "tests/support/random_value.h"
#include "tests/support/status_matchers.h"

namespace twingraph {
namespace {

Value Parsed(absl::string_view text) {
  auto value = ParseJsonValue(text);
  EXPECT_OK(value) << text;
  return value.ok() ? *std::move(value) : Value();
}

TEST(ParseJsonValueTest, KeepsEveryIntegerOf64Bits) {
  EXPECT_EQ(Parsed("0"), Value::Int(0));
  EXPECT_EQ(Parsed("-0"), Value::Int(0));
  EXPECT_EQ(Parsed("-9223372036854775808"), Value::Int(INT64_MIN));
  EXPECT_EQ(Parsed("9223372036854775807"), Value::Int(INT64_MAX));
  EXPECT_EQ(Parsed("9223372036854775808"), Value::Uint(1ULL << 63));
  EXPECT_EQ(Parsed("18446744073709551615"), Value::Uint(~0ULL));
}

TEST(ParseJsonValueTest, AnyOtherNumberIsADouble) {
  EXPECT_EQ(Parsed("18446744073709551616"), Value::Double(0x1p64));
  EXPECT_EQ(Parsed("-9223372036854775809"), Value::Double(-0x1p63));
  EXPECT_EQ(Parsed("1.0"), Value::Double(1));
  EXPECT_EQ(Parsed("1e2"), Value::Double(100));
  EXPECT_EQ(Parsed("1E-2"), Value::Double(0.01));
  EXPECT_EQ(Parsed("1.7976931348623157e308"),
            Value::Double(std::numeric_limits<double>::max()));
  EXPECT_EQ(Parsed("4.9e-324"),
            Value::Double(std::numeric_limits<double>::denorm_min()));
  EXPECT_EQ(Parsed("1e-400"), Value::Double(0));
}

TEST(ParseJsonValueTest, BuildsListsAndSortedMaps) {
  EXPECT_EQ(
      Parsed(R"( {"b": [1, [], {}], "a": null, "": "x"} )"),
      Value::MakeMap({{"", Value::String("x")},
                      {"a", Value()},
                      {"b", Value::MakeList({Value::Int(1), Value::MakeList(),
                                             Value::MakeMap()})}}));
}

TEST(ParseJsonValueTest, ReadsEscapesAsUtf8) {
  EXPECT_EQ(Parsed(R"("\u00e9\ud83d\ude00\u0000\/")"),
            Value::String(absl::string_view("é😀\0/", 8)));
}

struct BadCase {
  const char* name;
  absl::string_view text;
  const char* place;  // line:column
  const char* rule;   // part of the message
};

class BadJsonValueTest : public testing::TestWithParam<BadCase> {};

TEST_P(BadJsonValueTest, IsRefusedWithPlaceAndRule) {
  const BadCase& c = GetParam();
  const absl::Status status = ParseJsonValue(c.text).status();
  EXPECT_THAT(status, IsError(absl::StatusCode::kInvalidArgument,
                              v1::ERROR_REASON_INVALID_FIELD));
  EXPECT_EQ(absl::StrCat(MetadataOf(status, "line"), ":",
                         MetadataOf(status, "column")),
            c.place);
  EXPECT_NE(status.message().find(c.rule), absl::string_view::npos) << status;
}

INSTANTIATE_TEST_SUITE_P(
    Cases, BadJsonValueTest,
    testing::Values(
        BadCase{"Empty", "", "1:1", "empty"},
        BadCase{"Blank", " \n ", "2:2", "empty"},
        BadCase{"Twice", R"({"a":1,"b":2,"a":3})", "1:19",
                "\"a\" stands twice"},
        BadCase{"TwiceByEscape", "[\n{\"a\":1,\"\\u0061\":2}]", "2:18",
                "\"a\" stands twice"},
        BadCase{"TooLarge", "[1,\n1.8e308]", "2:1", "range of double"},
        BadCase{"MuchTooLarge", "[1,\n1e309]", "2:1", "too large"},
        BadCase{"TooLow", "[-1.8e308]", "1:2", "range of double"},
        BadCase{"After", "1 2", "1:3", "after the end"},
        BadCase{"Comma", "[1,]", "1:4", "not a JSON value"},
        BadCase{"Word", "nul", "1:4", "not a JSON value"},
        BadCase{"Infinity", "Infinity", "1:1", "not a JSON value"},
        BadCase{"SingleQuotes", "{'a':1}", "1:2", "double quotes"},
        BadCase{"ControlCharacter", "\"a\nb\"", "1:3", "control character"},
        BadCase{"Nul", absl::string_view("\"a\0b\"", 5), "1:3",
                "control character"},
        BadCase{"AfterNul", absl::string_view("1\0 2", 4), "1:2",
                "after the end"},
        BadCase{"NoClosingQuote", "[\"a", "1:4", "closing quote"},
        BadCase{"UnknownEscape", "\"a\\q\"", "1:3", "unknown escape"},
        BadCase{"LoneSurrogate", R"("\ud800")", "1:2", "surrogate"},
        BadCase{"LowSurrogateFirst", R"("\udc00\ud800")", "1:8", "surrogate"},
        BadCase{"StrayByte", "\"a\x80\"", "1:3", "UTF-8"},
        BadCase{"Overlong", "\"\xc0\xaf\"", "1:2", "UTF-8"},
        BadCase{"SurrogateAsUtf8", "\"\xed\xa0\x80\"", "1:2", "UTF-8"},
        BadCase{"AboveUnicode", "\"\xf4\x90\x80\x80\"", "1:2", "UTF-8"},
        BadCase{"CutCharacter", "\"\xe2\x82\"", "1:2", "UTF-8"}),
    [](const auto& param) { return param.param.name; });

TEST(ParseJsonValueTest, NestsToTheLimitAndNoDeeper) {
  const auto nested = [](int depth) {
    const auto size = static_cast<size_t>(depth);
    return absl::StrCat(std::string(size, '['), std::string(size, ']'));
  };
  EXPECT_OK(ParseJsonValue(nested(kJsonDepthLimit)));
  EXPECT_THAT(ParseJsonValue(nested(kJsonDepthLimit + 1)),
              IsError(absl::StatusCode::kInvalidArgument,
                      v1::ERROR_REASON_INVALID_FIELD));
}

TEST(AppendJsonTest, IsCompactAndSorted) {
  EXPECT_EQ(FormatJson(Parsed(
                R"({ "b" : [ true , false, null ], "a" : { "x" : -1.50 } })")),
            R"({"a":{"x":-1.5},"b":[true,false,null]})");
  std::string out = "x";
  AppendJson(Value::Long(5), out);
  AppendJson(Value::Uint(~0ULL), out);
  EXPECT_EQ(out, "x518446744073709551615");
}

TEST(AppendJsonTest, EveryCharacterComesBack) {
  std::string text;
  for (char c = 0; c != '\x7f'; ++c) {
    text.push_back(c);
  }
  text += "\x7f é \u2028 😀";
  EXPECT_EQ(Parsed(FormatJson(Value::String(text))), Value::String(text));
  const Value as_key = Value::MakeMap({{text, Value()}});
  EXPECT_EQ(Parsed(FormatJson(as_key)), as_key);
}

TEST(AppendJsonTest, EveryDoubleComesBackExactly) {
  std::mt19937_64 random(5);
  for (int i = 0; i < 50'000; ++i) {
    const uint64_t bits = random();
    double number = 0;
    std::memcpy(&number, &bits, sizeof(number));
    if (std::isfinite(number)) {
      ASSERT_EQ(Parsed(FormatJson(Value::Double(number))).ToDouble(), number);
    }
  }
}

// A double without fraction is written without one and comes back as an
// integer: the same number. From then on nothing changes.
TEST(AppendJsonTest, ValuesComeBackByMeaning) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 3000; ++i) {
    const Value value = RandomValue(random, 4);
    const std::string text = FormatJson(value);
    const Value back = Parsed(text);
    std::string bytes;
    std::string back_bytes;
    EncodeValue(value, bytes);
    EncodeValue(back, back_bytes);
    ASSERT_TRUE(EqualByMeaning(ValueView(bytes), ValueView(back_bytes)))
        << text;
    ASSERT_EQ(FormatJson(back), text);
    ASSERT_EQ(Parsed(FormatJson(back)), back);
  }
}

}  // namespace
}  // namespace twingraph
