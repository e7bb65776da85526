#include "storage/kv/history_entry.h"

#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "gtest/gtest.h"

#include "storage/base/bytes.h"
#include "tests/support/status_matchers.h"

namespace twingraph::kv {
namespace {

// Frozen: stores hold such bytes.
TEST(HistoryEntryTest, BytesAreFrozen) {
  const std::string key("a\0b", 3);
  EXPECT_EQ(ToHex(EncodeHistoryKey(7, key, 0x0102)),
            "07"        // space
            "6100ff62"  // the key, its 00 escaped
            "0001"      // its end
            "0000000000000102");
  EXPECT_EQ(ToHex(EncodeHistoryAbsent()), "00");
  EXPECT_EQ(ToHex(EncodeHistoryValue("v")), "0176");
  EXPECT_EQ(ToHex(EncodeHistoryDelta(-2)), "0203");
}

TEST(HistoryEntryTest, DecodesWhatItEncodes) {
  const std::string key("\0\xFF\0\0\x01", 5);
  ASSERT_OK_AND_ASSIGN(const HistoryKey decoded,
                       DecodeHistoryKey(EncodeHistoryKey(3, key, 99)));
  EXPECT_EQ(decoded.space, 3);
  EXPECT_EQ(decoded.key, key);
  EXPECT_EQ(decoded.revision, 99U);
  const std::string delta = EncodeHistoryDelta(INT64_MIN);
  ASSERT_OK_AND_ASSIGN(const HistoryValue value, DecodeHistoryValue(delta));
  EXPECT_EQ(value.kind, HistoryKind::kDelta);
  EXPECT_EQ(value.delta, INT64_MIN);
}

TEST(HistoryEntryTest, OrderIsThatOfSpaceKeyRevision) {
  std::mt19937_64 random(5);
  const auto random_entry = [&] {
    std::string key;
    for (uint64_t i = random() % 4; i > 0; --i) {
      key.push_back(static_cast<char>(
          std::vector<int>{0, 1, 2, 97, 254, 255}[random() % 6]));
    }
    return std::make_tuple(static_cast<SpaceId>(1 + random() % 2), key,
                           Revision{random() % 3});
  };
  for (int i = 0; i < 20'000; ++i) {
    const auto a = random_entry();
    const auto b = random_entry();
    EXPECT_EQ(
        std::apply(EncodeHistoryKey, a) < std::apply(EncodeHistoryKey, b),
        std::make_tuple(std::get<0>(a), absl::string_view(std::get<1>(a)),
                        std::get<2>(a)) <
            std::make_tuple(std::get<0>(b), absl::string_view(std::get<1>(b)),
                            std::get<2>(b)));
  }
}

TEST(HistoryEntryTest, ARangeHoldsTheEntriesOfItsKeys) {
  const Range range = HistoryRange(2, {"b", "d"});
  EXPECT_FALSE(range.Contains(EncodeHistoryKey(2, "a\xFF", 9)));
  EXPECT_TRUE(range.Contains(EncodeHistoryKey(2, "b", 0)));
  EXPECT_TRUE(range.Contains(EncodeHistoryKey(2, "c\xFF", ~0ULL)));
  EXPECT_FALSE(range.Contains(EncodeHistoryKey(2, "d", 0)));
  const Range all = HistoryRange(2, Range::All());
  EXPECT_TRUE(all.Contains(EncodeHistoryKey(2, "", 0)));
  EXPECT_TRUE(all.Contains(EncodeHistoryKey(2, "\xFF\xFF", ~0ULL)));
  EXPECT_FALSE(all.Contains(EncodeHistoryKey(3, "", 0)));
}

TEST(HistoryEntryTest, DamagedBytesAreDataLoss) {
  for (const std::string& bytes :
       {std::string(), std::string("short"), std::string(20, '\0'),
        EncodeHistoryKey(1, "key", 1).substr(0, 12)}) {
    EXPECT_THAT(
        DecodeHistoryKey(bytes),
        IsError(absl::StatusCode::kDataLoss, v1::ERROR_REASON_STORE_CORRUPT))
        << ToHex(bytes);
  }
  for (const std::string bytes : {"", "\x05", "\x02"}) {
    EXPECT_THAT(
        DecodeHistoryValue(bytes),
        IsError(absl::StatusCode::kDataLoss, v1::ERROR_REASON_STORE_CORRUPT))
        << ToHex(bytes);
  }
}

}  // namespace
}  // namespace twingraph::kv
