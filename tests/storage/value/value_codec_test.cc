#include "storage/value/value_codec.h"

#include <random>
#include <string>

#include "absl/strings/escaping.h"
#include "gtest/gtest.h"

#include "storage/value/json.h"
#include "tests/support/random_value.h"
#include "tests/support/status_matchers.h"

namespace twingraph {
namespace {

std::string Encoded(const Value& value) {
  std::string bytes;
  EncodeValue(value, bytes);
  return bytes;
}

TEST(ValueCodecTest, BytesAreFrozen) {
  ASSERT_OK_AND_ASSIGN(
      const Value value,
      ParseJsonValue(
          R"({"b":[true,null,-3,18446744073709551615],"a":{"x":1.5,"y":"hi"}})"));
  EXPECT_EQ(absl::BytesToHexString(Encoded(value)),
            // Two entries: ends of the keys and of the values.
            "0702000000"
            "0100000026000000"
            "020000004b000000"
            "6162"
            // a: {"x": 1.5, "y": "hi"}
            "0702000000"
            "010000000b000000"
            "020000000f000000"
            "7879"
            "04000000000000f83f"
            "05026869"
            // b: [true, null, -3, 2^64-1]
            "0604000000"
            "02000000030000000500000010000000"
            "0101"
            "00"
            "0205"
            "03ffffffffffffffffff01");
}

TEST(ValueCodecTest, FindsOneEntryWithoutTheRest) {
  ASSERT_OK_AND_ASSIGN(const Value value,
                       ParseJsonValue(R"({"k":1,"m":{"z":[7,"s"]},"q":2.5})"));
  const std::string bytes = Encoded(value);
  const ValueView view(bytes);
  EXPECT_EQ(view.Find("m").Find("z").at(1).as_string(), "s");
  EXPECT_EQ(view.Find("q").as_double(), 2.5);
  EXPECT_FALSE(view.Find("absent").is_defined());
  EXPECT_FALSE(view.Find("k").Find("deeper").is_defined());
}

TEST(ValueCodecTest, ALongIsAnIntegerThatRemembersItsSchema) {
  const std::string bytes = Encoded(Value::Long(-3));
  EXPECT_EQ(bytes, std::string("\x08\x05", 2));
  EXPECT_OK(ValidateEncoded(bytes));
  const ValueView view(bytes);
  EXPECT_EQ(view.kind(), ValueKind::kInt);
  EXPECT_TRUE(view.is_long());
  EXPECT_TRUE(view.is_number());
  EXPECT_EQ(view.as_int(), -3);
  EXPECT_EQ(view.ToDouble(), -3.0);
  EXPECT_EQ(DecodeValue(view), Value::Long(-3));
  EXPECT_EQ(Value::Long(-3).kind(), ValueKind::kInt);
  EXPECT_NE(Value::Long(-3), Value::Int(-3));
  const std::string integer = Encoded(Value::Int(-3));
  EXPECT_FALSE(ValueView(integer).is_long());
}

TEST(ValueCodecTest, DecodeUndoesEncode) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 2000; ++i) {
    const Value value = RandomValue(random, 4);
    const std::string bytes = Encoded(value);
    ASSERT_OK(ValidateEncoded(bytes));
    ASSERT_EQ(DecodeValue(ValueView(bytes)), value);
  }
}

TEST(ValueCodecTest, DamagedBytesAreRefusedNotRead) {
  std::mt19937_64 random(2);
  int refused = 0;
  for (int i = 0; i < 2000; ++i) {
    std::string bytes = Encoded(RandomValue(random, 4));
    if (random() % 2 == 0) {
      bytes.resize(random() % bytes.size());
    } else {
      bytes[random() % bytes.size()] ^= static_cast<char>(1 + random() % 255);
    }
    if (ValidateEncoded(bytes).ok()) {
      DecodeValue(ValueView(bytes));  // What is accepted can be read.
    } else {
      ++refused;
    }
  }
  EXPECT_GT(refused, 1000);
}

}  // namespace
}  // namespace twingraph
