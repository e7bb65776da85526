#include "storage/key/ordered_codec.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"

#include "storage/base/bytes.h"
#include "storage/value/compare.h"
#include "storage/value/json.h"
#include "storage/value/value.h"

namespace twingraph::key {
namespace {

std::string Encoded(const Value& value) {
  std::string bytes;
  EncodeValue(value, bytes);
  return bytes;
}

std::string Ordered(const Value& value) {
  const std::string bytes = Encoded(value);
  std::string ordered;
  AppendOrdered(ValueView(bytes), ordered);
  return ordered;
}

int Sign(std::strong_ordering order) {
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

// Numbers that sit at the borders of their representations, and near them.
std::vector<Value> HardNumbers() {
  std::vector<Value> numbers;
  const auto add_around = [&](int64_t number) {
    for (int64_t delta = -2; delta <= 2; ++delta) {
      const auto sum = static_cast<int64_t>(static_cast<uint64_t>(number) +
                                            static_cast<uint64_t>(delta));
      numbers.push_back(Value::Int(sum));
    }
  };
  for (int shift = 0; shift < 63; ++shift) {
    add_around(int64_t{1} << shift);
    add_around(-(int64_t{1} << shift));
  }
  for (const uint64_t number :
       {uint64_t{1} << 63, (uint64_t{1} << 63) + 1, UINT64_MAX - 1025,
        UINT64_MAX - 1024, UINT64_MAX - 1, UINT64_MAX}) {
    numbers.push_back(Value::Uint(number));
  }
  for (const double number :
       {0.0, -0.0, 0.5, -0.5, 1e-300, -1e-300, 5e-324, 1e300, -1e300, 0x1p53,
        0x1p53 + 2, -0x1p53 - 2, 0x1p63, -0x1p63, 0x1p64, 0x1p65, 1.5,
        std::numeric_limits<double>::max(),
        std::numeric_limits<double>::lowest()}) {
    numbers.push_back(Value::Double(number));
  }
  return numbers;
}

TEST(OrderedNumberTest, ByteOrderIsExactOrder) {
  const std::vector<Value> numbers = HardNumbers();
  for (const Value& a : numbers) {
    for (const Value& b : numbers) {
      const std::string left = Encoded(a);
      const std::string right = Encoded(b);
      EXPECT_EQ(Sign(Ordered(a).compare(Ordered(b)) <=> 0),
                Sign(CompareNumbers(ValueView(left), ValueView(right))))
          << FormatJson(a) << " and " << FormatJson(b);
    }
  }
}

Value RandomNumber(std::mt19937_64& random) {
  switch (random() % 4) {
    case 0:
      return Value::Int(static_cast<int64_t>(random()) >> (random() % 64));
    case 1:
      return Value::Uint(random() >> (random() % 64));
    case 2:
      return Value::Double(
          std::ldexp(static_cast<double>(static_cast<int64_t>(random())),
                     static_cast<int>(random() % 200) - 100));
    default:
      return Value::Int(static_cast<int64_t>(random() % 5) - 2);
  }
}

std::string RandomText(std::mt19937_64& random) {
  const size_t size = random() % 5 == 0 ? 120 + random() % 12 : random() % 4;
  std::string text;
  for (size_t i = 0; i < size; ++i) {
    constexpr char kLetters[] = {'\0', '\1', 'a', '\x7F', '\xFF'};
    text.push_back(size < 10 ? kLetters[random() % 5] : 'a');
  }
  return text;
}

Value RandomValue(std::mt19937_64& random) {
  switch (random() % 6) {
    case 0:
      return Value();
    case 1:
      return Value::Bool(random() % 2 == 0);
    case 2:
      return RandomNumber(random);
    case 3:
      return Value::String(RandomText(random));
    case 4:
      return Value::MakeMap();
    default:
      return Value::MakeList();
  }
}

// Expected order of two values whose strings are not cut: types first.
int ExpectedOrder(const Value& a, const Value& b) {
  const OrderedType left = OrderedTypeOf(a.kind());
  const OrderedType right = OrderedTypeOf(b.kind());
  if (left != right) {
    return left < right ? -1 : 1;
  }
  const std::string a_bytes = Encoded(a);
  const std::string b_bytes = Encoded(b);
  const auto order = CompareValues(ValueView(a_bytes), ValueView(b_bytes));
  return order.has_value() ? Sign(*order) : 0;
}

bool AreBothCut(const std::string& a, const std::string& b) {
  return IsCut(a) && IsCut(b);
}

TEST(OrderedValueTest, ByteOrderIsValueOrderWhateverFollows) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 20'000; ++i) {
    const Value a = RandomValue(random);
    const Value b = RandomValue(random);
    const std::string left = Ordered(a);
    const std::string right = Ordered(b);
    const int expected = ExpectedOrder(a, b);
    // Two cut strings with one beginning are in the order of their hashes.
    if (AreBothCut(left, right) &&
        left.substr(0, 129) == right.substr(0, 129)) {
      continue;
    }
    EXPECT_EQ(Sign(left.compare(right) <=> 0), expected);
    // A number behind the value never decides between different values.
    if (expected != 0) {
      EXPECT_EQ(
          Sign((left + "\xFF").compare(right + std::string(1, '\0')) <=> 0),
          expected)
          << ToHex(left) << " and " << ToHex(right);
    }
  }
}

TEST(OrderedValueTest, IsReadBackFromAnythingLonger) {
  std::mt19937_64 random(2);
  for (int i = 0; i < 5'000; ++i) {
    const std::string ordered = Ordered(RandomValue(random));
    const std::string rest = RandomText(random);
    const std::string whole = ordered + rest;
    absl::string_view bytes = whole;
    absl::string_view value;
    ASSERT_TRUE(ReadOrdered(bytes, value));
    EXPECT_EQ(value, ordered);
    EXPECT_EQ(bytes, rest);
  }
}

TEST(OrderedValueTest, RefusesDamagedBytes) {
  std::mt19937_64 random(3);
  for (int i = 0; i < 2'000; ++i) {
    const std::string ordered = Ordered(RandomValue(random));
    for (size_t size = 0; size < ordered.size(); ++size) {
      absl::string_view bytes = absl::string_view(ordered).substr(0, size);
      absl::string_view value;
      EXPECT_FALSE(ReadOrdered(bytes, value)) << ToHex(ordered) << " " << size;
    }
  }
  absl::string_view unknown("\x09zzz");
  absl::string_view value;
  EXPECT_FALSE(ReadOrdered(unknown, value));
}

TEST(OrderedStringTest, PrefixRangeHoldsExactlyTheStringsWithThePrefix) {
  std::mt19937_64 random(4);
  for (int i = 0; i < 5'000; ++i) {
    const std::string prefix = RandomText(random).substr(0, 120);
    const std::string text = RandomText(random);
    std::string begin;
    AppendOrderedStringPrefix(prefix, begin);
    const std::string end = PrefixSuccessor(begin);
    const std::string ordered = Ordered(Value::String(text));
    EXPECT_EQ(ordered >= begin && ordered < end,
              text.substr(0, prefix.size()) == prefix)
        << ToHex(prefix) << " and " << ToHex(text);
  }
}

TEST(OrderedTextTest, IsReadBackAndKeepsOrder) {
  std::mt19937_64 random(5);
  for (int i = 0; i < 5'000; ++i) {
    const std::string a = RandomText(random);
    const std::string b = RandomText(random);
    std::string left;
    std::string right;
    AppendText(a, left);
    AppendText(b, right);
    EXPECT_EQ(Sign(left.compare(right) <=> 0), Sign(a.compare(b) <=> 0));
    const std::string whole = left + right;
    absl::string_view bytes = whole;
    std::string text;
    ASSERT_TRUE(ReadText(bytes, text));
    EXPECT_EQ(text, a);
    ASSERT_TRUE(ReadText(bytes, text));
    EXPECT_EQ(text, b);
    EXPECT_TRUE(bytes.empty());
    EXPECT_FALSE(ReadText(bytes, text));
  }
}

TEST(BigEndianTest, IsReadBackAndKeepsOrder) {
  std::mt19937_64 random(6);
  for (int i = 0; i < 2'000; ++i) {
    const uint64_t a = random() >> 24;
    const uint64_t b = random() >> 24;
    std::string left;
    std::string right;
    AppendInt(a, 5, left);
    AppendInt(b, 5, right);
    EXPECT_EQ(left < right, a < b);
    absl::string_view bytes = left;
    uint64_t number = 0;
    ASSERT_TRUE(ReadInt(bytes, 5, number));
    EXPECT_EQ(number, a);
    EXPECT_FALSE(ReadInt(bytes, 1, number));
  }
}

}  // namespace
}  // namespace twingraph::key
