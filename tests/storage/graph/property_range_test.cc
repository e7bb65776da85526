#include "storage/graph/property_range.h"

#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"

#include "storage/key/index_key.h"
#include "storage/value/compare.h"
#include "storage/value/json.h"

namespace twingraph::graph {
namespace {

std::string Encoded(const Value& value) {
  std::string bytes;
  EncodeValue(value, bytes);
  return bytes;
}

std::string IndexKeyOf(const Value& value, uint64_t twin) {
  const std::string bytes = Encoded(value);
  std::string ordered;
  key::AppendOrdered(ValueView(bytes), ordered);
  return key::EncodePropertyIndexKey(PathNumber{3}, ordered, TwinNumber{twin});
}

bool Holds(const PropertyRange& range, const Value& value, uint64_t twin) {
  const kv::Range keys = KeysOf(range, key::PropertyIndexPrefix(PathNumber{3}));
  return !keys.IsEmpty() && keys.Contains(IndexKeyOf(value, twin));
}

// What the range means, said by comparing values.
bool IsInside(const PropertyRange& range, const Value& value) {
  if (!range.type.has_value()) {
    return true;
  }
  if (key::OrderedTypeOf(value.kind()) != *range.type) {
    return false;
  }
  const std::string bytes = Encoded(value);
  if (range.lower.has_value()) {
    const std::string bound = Encoded(range.lower->value);
    const auto order = CompareValues(ValueView(bytes), ValueView(bound));
    if (*order < 0 || (*order == 0 && !range.lower->is_inclusive)) {
      return false;
    }
  }
  if (range.upper.has_value()) {
    const std::string bound = Encoded(range.upper->value);
    const auto order = CompareValues(ValueView(bytes), ValueView(bound));
    if (*order > 0 || (*order == 0 && !range.upper->is_inclusive)) {
      return false;
    }
  }
  return true;
}

Value RandomOf(OrderedType type, std::mt19937_64& random) {
  switch (type) {
    case OrderedType::kNull:
      return Value();
    case OrderedType::kBool:
      return Value::Bool(random() % 2 == 0);
    case OrderedType::kNumber:
      return random() % 2 == 0
                 ? Value::Int(static_cast<int64_t>(random() % 7) - 3)
                 : Value::Double(static_cast<double>(random() % 13) / 2 - 3);
    case OrderedType::kString: {
      const size_t size = random() % 3 == 0 ? 126 + random() % 5 : random() % 3;
      std::string text(size, 'a');
      if (size > 0) {
        text.back() = static_cast<char>('a' + random() % 3);
      }
      return Value::String(text);
    }
    case OrderedType::kObject:
      return Value::MakeMap();
    case OrderedType::kArray:
      return Value::MakeList();
  }
  return Value();
}

OrderedType RandomType(std::mt19937_64& random) {
  return static_cast<OrderedType>(1 + random() % 6);
}

PropertyRange RandomRange(std::mt19937_64& random) {
  PropertyRange range;
  if (random() % 8 == 0) {
    return range;
  }
  range.type = RandomType(random);
  const bool has_order = *range.type == OrderedType::kBool ||
                         *range.type == OrderedType::kNumber ||
                         *range.type == OrderedType::kString;
  if (has_order && random() % 3 > 0) {
    range.lower = {RandomOf(*range.type, random), random() % 2 == 0};
  }
  if (has_order && random() % 3 > 0) {
    range.upper = {RandomOf(*range.type, random), random() % 2 == 0};
  }
  return range;
}

TEST(PropertyRangeTest, KeysAreThoseOfTheValuesInside) {
  std::mt19937_64 random(11);
  int inside = 0;
  for (int i = 0; i < 30'000; ++i) {
    const PropertyRange range = RandomRange(random);
    const Value value = RandomOf(range.type.has_value() && random() % 4 > 0
                                     ? *range.type
                                     : RandomType(random),
                                 random);
    const uint64_t twin = random() % 2 == 0 ? 1 : key::kNumberLimit;
    const bool expected = IsInside(range, value);
    inside += expected ? 1 : 0;
    if (IsExact(range)) {
      EXPECT_EQ(Holds(range, value, twin), expected) << FormatJson(value);
    } else if (expected) {
      EXPECT_TRUE(Holds(range, value, twin)) << FormatJson(value);
    }
  }
  EXPECT_GT(inside, 3'000);
}

TEST(PropertyRangeTest, IsExactUnlessAStringBoundIsLong) {
  PropertyRange range = {.path = {"a"}, .type = OrderedType::kString};
  EXPECT_TRUE(IsExact(range));
  range.lower = {Value::String(std::string(128, 'a')), true};
  EXPECT_TRUE(IsExact(range));
  range.upper = {Value::String(std::string(129, 'a')), true};
  EXPECT_FALSE(IsExact(range));
}

}  // namespace
}  // namespace twingraph::graph
