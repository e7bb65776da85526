#include "storage/value/compare.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"

#include "storage/value/json.h"

namespace twingraph {
namespace {

// A number in stored form beside its exact value: 64 bits of mantissa hold
// every integer of both kinds and every double.
static_assert(std::numeric_limits<long double>::digits >= 64);

struct Number {
  explicit Number(const Value& value) {
    EncodeValue(value, bytes);
    switch (value.kind()) {
      case ValueKind::kInt:
        exact = value.as_int();
        return;
      case ValueKind::kUint:
        exact = value.as_uint();
        return;
      default:
        exact = value.as_double();
    }
  }

  ValueView view() const { return ValueView(bytes); }

  std::string bytes;
  long double exact = 0;
};

std::strong_ordering ExactOrder(const Number& a, const Number& b) {
  return a.exact < b.exact   ? std::strong_ordering::less
         : a.exact > b.exact ? std::strong_ordering::greater
                             : std::strong_ordering::equal;
}

void AddDoublesAround(double value, std::vector<Number>& numbers) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  for (const double sign : {-1.0, 1.0}) {
    const double at = sign * value;
    for (const double number :
         {std::nextafter(at, -kInfinity), at, std::nextafter(at, kInfinity)}) {
      if (std::isfinite(number)) {
        numbers.emplace_back(Value::Double(number));
      }
    }
  }
}

// Integers and doubles around every place where one kind rounds or ends.
std::vector<Number> EdgeNumbers() {
  std::vector<Number> numbers;
  for (int bit = 0; bit < 64; ++bit) {
    for (const uint64_t delta : {~0ULL, 0ULL, 1ULL}) {
      const uint64_t number = (1ULL << bit) + delta;
      numbers.emplace_back(Value::Uint(number));
      numbers.emplace_back(Value::Int(static_cast<int64_t>(number)));
      numbers.emplace_back(Value::Long(static_cast<int64_t>(0 - number)));
    }
  }
  for (const double number :
       {0.0, std::numeric_limits<double>::min(), 0.5, 1.0, 1.5, 0x1p52, 0x1p53,
        0x1p54, 0x1p62, 0x1p63, 0x1p64, 0x1p65,
        std::numeric_limits<double>::max()}) {
    AddDoublesAround(number, numbers);
  }
  return numbers;
}

TEST(CompareNumbersTest, IsExactAtEveryEdge) {
  const std::vector<Number> numbers = EdgeNumbers();
  for (const Number& a : numbers) {
    for (const Number& b : numbers) {
      ASSERT_TRUE(CompareNumbers(a.view(), b.view()) == ExactOrder(a, b))
          << FormatJson(DecodeValue(a.view())) << " and "
          << FormatJson(DecodeValue(b.view()));
    }
  }
}

TEST(CompareNumbersTest, IsExactForRandomNeighbours) {
  std::mt19937_64 random(11);
  for (int i = 0; i < 50'000; ++i) {
    const uint64_t natural = random() >> (random() % 64);
    const auto integer = static_cast<int64_t>(natural);
    // A double beside the integer, where rounding would make them equal.
    const double near =
        static_cast<double>(
            random() % 2 == 0 ? static_cast<long double>(natural) : integer) +
        (random() % 2 == 0 ? 0.0 : 0.5);
    const Number numbers[] = {
        Number(Value::Uint(natural)), Number(Value::Int(integer)),
        Number(Value::Double(near)), Number(Value::Double(-near))};
    for (const Number& a : numbers) {
      for (const Number& b : numbers) {
        ASSERT_TRUE(CompareNumbers(a.view(), b.view()) == ExactOrder(a, b))
            << natural << " and " << near;
      }
    }
  }
}

struct Case {
  const char* name;
  const char* a;
  const char* b;
  char expected;  // < = > or ? for undefined
};

class CompareValuesTest : public testing::TestWithParam<Case> {};

std::string Encoded(const char* json) {
  std::string bytes;
  EncodeValue(*ParseJsonValue(json), bytes);
  return bytes;
}

char SignOf(std::optional<std::strong_ordering> order) {
  return !order.has_value() ? '?' : *order < 0 ? '<' : *order > 0 ? '>' : '=';
}

TEST_P(CompareValuesTest, OrdersBothWays) {
  const Case& c = GetParam();
  const std::string a = Encoded(c.a);
  const std::string b = Encoded(c.b);
  const char flipped = c.expected == '<'   ? '>'
                       : c.expected == '>' ? '<'
                                           : c.expected;
  EXPECT_EQ(SignOf(CompareValues(ValueView(a), ValueView(b))), c.expected);
  EXPECT_EQ(SignOf(CompareValues(ValueView(b), ValueView(a))), flipped);
  EXPECT_EQ(EqualByMeaning(ValueView(a), ValueView(b)), c.expected == '=');
}

INSTANTIATE_TEST_SUITE_P(
    Cases, CompareValuesTest,
    testing::Values(
        Case{"Nulls", "null", "null", '='}, Case{"Bools", "false", "true", '<'},
        Case{"NumberKinds", "1", "1.0", '='},
        Case{"LargeNumberKinds", "9007199254740993", "9007199254740992.0", '>'},
        Case{"Strings", R"("a")", R"("b")", '<'},
        Case{"StringAndPrefix", R"("ab")", R"("a")", '>'},
        Case{"StringsByCase", R"("Z")", R"("a")", '<'},
        Case{"StringsByCodePoint", R"("\uffff")", R"("\ud800\udc00")", '<'},
        Case{"StringsWithNul", R"("a\u0000")", R"("a")", '>'},
        Case{"EmptyString", R"("")", R"("")", '='},
        Case{"NullAndFalse", "null", "false", '?'},
        Case{"BoolAndNumber", "true", "1", '?'},
        Case{"NumberAndString", "1", R"("1")", '?'},
        Case{"NullAndString", "null", R"("")", '?'},
        Case{"ListAndMap", "[]", "{}", '?'},
        Case{"EqualLists", R"([1,"a",null])", R"([1.0,"a",null])", '='},
        Case{"ListsOfOtherOrder", "[1,2]", "[2,1]", '?'},
        Case{"ListsOfOtherLength", "[1]", "[1,1]", '?'},
        Case{"ListsOfOtherTypes", "[1]", R"(["1"])", '?'},
        Case{"EqualMaps", R"({"a":{"x":1},"b":[]})",
             R"({"b":[],"a":{"x":1.0}})", '='},
        Case{"MapsOfOtherValues", R"({"a":1})", R"({"a":2})", '?'},
        Case{"MapsOfOtherKeys", R"({"a":1})", R"({"b":1})", '?'},
        Case{"MapsOfOtherSize", R"({"a":1})", R"({"a":1,"b":1})", '?'}),
    [](const auto& param) { return param.param.name; });

TEST(CompareValuesTest, UndefinedIsEqualToNothing) {
  const std::string null = Encoded("null");
  EXPECT_EQ(CompareValues(ValueView(), ValueView(null)), std::nullopt);
  EXPECT_EQ(CompareValues(ValueView(null), ValueView()), std::nullopt);
  EXPECT_EQ(CompareValues(ValueView(), ValueView()), std::nullopt);
  EXPECT_FALSE(EqualByMeaning(ValueView(), ValueView()));
}

}  // namespace
}  // namespace twingraph
