#include "storage/kv/counter.h"

#include <cstdint>
#include <limits>

#include "gtest/gtest.h"

#include "storage/base/bytes.h"
#include "storage/kv/fixed_int.h"

namespace twingraph::kv {
namespace {

TEST(CounterTest, BytesAreFrozen) {
  EXPECT_EQ(ToHex(EncodeCounter(258)), "0201000000000000");
  EXPECT_EQ(ToHex(EncodeCounter(-1)), "ffffffffffffffff");
  EXPECT_EQ(DecodeCounter(EncodeCounter(-5)), -5);
  EXPECT_EQ(DecodeCounter("text"), std::nullopt);
}

TEST(CounterTest, WrapsOnOverflow) {
  EXPECT_EQ(AddWrapping(std::numeric_limits<int64_t>::max(), 1),
            std::numeric_limits<int64_t>::min());
}

TEST(FixedIntTest, VarintsRoundTripAndRefuseWhatIsCut) {
  for (const uint64_t number : {uint64_t{0}, uint64_t{127}, uint64_t{128},
                                uint64_t{1} << 35, ~uint64_t{0}}) {
    std::string bytes;
    AppendVarint(number, bytes);
    absl::string_view rest = bytes;
    uint64_t decoded = 0;
    ASSERT_TRUE(TakeVarint(rest, decoded));
    EXPECT_EQ(decoded, number);
    EXPECT_TRUE(rest.empty());
    rest = absl::string_view(bytes).substr(0, bytes.size() - 1);
    EXPECT_FALSE(TakeVarint(rest, decoded));
  }
}

TEST(FixedIntTest, SignsTurnIntoSmallNumbers) {
  EXPECT_EQ(ZigZag(-1), 1U);
  EXPECT_EQ(ZigZag(1), 2U);
  for (const int64_t number :
       {int64_t{0}, INT64_MIN, INT64_MAX, int64_t{-77}}) {
    EXPECT_EQ(UnZigZag(ZigZag(number)), number);
  }
}

TEST(FixedIntTest, KeysSortAsTheirNumbers) {
  std::string small;
  std::string large;
  AppendKey64(255, small);
  AppendKey64(256, large);
  EXPECT_LT(small, large);
  EXPECT_EQ(ReadKey64(large.data()), 256U);
}

}  // namespace
}  // namespace twingraph::kv
