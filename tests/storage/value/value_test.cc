#include "storage/value/value.h"

#include <cstdint>
#include <limits>
#include <map>
#include <random>
#include <string>

#include "gtest/gtest.h"

namespace twingraph {
namespace {

TEST(ValueTest, TellsWhatItIs) {
  struct Case {
    Value value;
    ValueKind kind;
    const char* name;
    bool is_number;
  };

  const Case cases[] = {
      {Value(), ValueKind::kNull, "null", false},
      {Value::Bool(true), ValueKind::kBool, "boolean", false},
      {Value::Int(-3), ValueKind::kInt, "number", true},
      {Value::Long(-3), ValueKind::kInt, "number", true},
      {Value::Uint(~0ULL), ValueKind::kUint, "number", true},
      {Value::Double(1.5), ValueKind::kDouble, "number", true},
      {Value::String("x"), ValueKind::kString, "string", false},
      {Value::MakeList(), ValueKind::kList, "array", false},
      {Value::MakeMap(), ValueKind::kMap, "object", false},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(c.value.kind(), c.kind);
    EXPECT_EQ(KindName(c.value.kind()), c.name);
    EXPECT_EQ(c.value.is_number(), c.is_number) << c.name;
    EXPECT_EQ(c.value.is_null(), c.kind == ValueKind::kNull);
    EXPECT_EQ(c.value.is_string(), c.kind == ValueKind::kString);
    EXPECT_EQ(c.value.is_list(), c.kind == ValueKind::kList);
    EXPECT_EQ(c.value.is_map(), c.kind == ValueKind::kMap);
  }
}

TEST(ValueTest, OneKindForOneInteger) {
  constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
  EXPECT_EQ(Value::Uint(0), Value::Int(0));
  EXPECT_EQ(Value::Uint(static_cast<uint64_t>(kMax)), Value::Int(kMax));
  const Value above = Value::Uint(static_cast<uint64_t>(kMax) + 1);
  EXPECT_EQ(above.kind(), ValueKind::kUint);
  EXPECT_EQ(above.as_uint(), 9223372036854775808ULL);
}

TEST(ValueTest, ALongIsAnIntThatKnowsItsSchema) {
  EXPECT_TRUE(Value::Long(7).is_long());
  EXPECT_FALSE(Value::Int(7).is_long());
  EXPECT_EQ(Value::Long(7).as_int(), 7);
  EXPECT_NE(Value::Long(7), Value::Int(7));
  EXPECT_EQ(Value::Long(7), Value::Long(7));
}

TEST(ValueTest, EqualityIsOfKindAndContent) {
  EXPECT_NE(Value::Int(1), Value::Double(1));
  EXPECT_NE(Value(), Value::Bool(false));
  EXPECT_NE(Value::MakeList(), Value::MakeMap());
  EXPECT_NE(Value::MakeList({Value::Int(1)}), Value::MakeList({Value()}));
  EXPECT_EQ(Value::MakeMap({{"b", Value::Int(2)}, {"a", Value::Int(1)}}),
            Value::MakeMap({{"a", Value::Int(1)}, {"b", Value::Int(2)}}));
}

TEST(ValueTest, NumbersAsDouble) {
  EXPECT_EQ(Value::Int(-3).ToDouble(), -3.0);
  EXPECT_EQ(Value::Long(1LL << 53).ToDouble(), 9007199254740992.0);
  EXPECT_EQ(Value::Int((1LL << 53) + 1).ToDouble(), 9007199254740992.0);
  EXPECT_EQ(Value::Uint(~0ULL).ToDouble(), 18446744073709551616.0);
  EXPECT_EQ(Value::Double(0.25).ToDouble(), 0.25);
}

TEST(ValueTest, OnlyAMapHasEntries) {
  EXPECT_EQ(Value::MakeList({Value::Int(1)}).Find("0"), nullptr);
  EXPECT_EQ(Value::String("a").Find("a"), nullptr);
  EXPECT_EQ(Value().Find(""), nullptr);
}

TEST(ValueTest, SetReturnsTheEntry) {
  Value map = Value::MakeMap();
  Value& inner = map.Set("inner", Value::MakeMap());
  inner.Set("x", Value::Int(1));
  map.Find("inner")->Set("y", Value::Int(2));
  EXPECT_EQ(
      map, Value::MakeMap({{"inner", Value::MakeMap({{"x", Value::Int(1)},
                                                     {"y", Value::Int(2)}})}}));
}

// Random changes of a map, beside a map of the standard library.
TEST(ValueTest, MapBehavesAsAModel) {
  std::mt19937_64 random(3);
  std::map<std::string, int64_t> model;
  Value value = Value::MakeMap();
  for (int i = 0; i < 5000; ++i) {
    std::string key(random() % 3, static_cast<char>('a' + random() % 4));
    key.push_back(static_cast<char>(random() % 8 * 32));
    if (random() % 3 != 0) {
      model[key] = i;
      EXPECT_EQ(value.Set(key, Value::Int(i)), Value::Int(i));
    } else {
      EXPECT_EQ(value.Erase(key), model.erase(key) == 1);
    }
    const auto expected = model.find(key);
    const Value* found = value.Find(key);
    ASSERT_EQ(found != nullptr, expected != model.end());
    if (found != nullptr) {
      ASSERT_EQ(found->as_int(), expected->second);
    }
  }
  Value::Map entries;
  for (const auto& [key, number] : model) {
    entries.emplace_back(key, Value::Int(number));
  }
  EXPECT_EQ(value.as_map(), entries);
}

}  // namespace
}  // namespace twingraph
