#include "storage/base/bytes.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "gtest/gtest.h"

namespace twingraph {
namespace {

TEST(BytesTest, BridgesViewsWithoutCopying) {
  const std::string text("a\0b", 3);
  const absl::string_view ours(text);
  EXPECT_EQ(ToStd(ours).data(), text.data());
  EXPECT_EQ(ToStd(ours).size(), 3U);
  EXPECT_EQ(ToAbsl(std::string_view(text)).data(), text.data());
  EXPECT_EQ(ToAbsl(std::string_view(text)), ours);
}

TEST(BytesTest, HexIsLowerCaseAndKeepsEveryByte) {
  EXPECT_EQ(ToHex(""), "");
  EXPECT_EQ(ToHex(absl::string_view("\x00\x0f\xa0\xff", 4)), "000fa0ff");
}

// All strings of up to `length` of the bytes at which carries happen.
std::vector<std::string> EdgeStrings(size_t length) {
  std::vector<std::string> all = {""};
  for (size_t from = 0; length > 0; --length) {
    const size_t to = all.size();
    for (; from < to; ++from) {
      for (const char byte : {'\x00', '\x01', '\x7f', '\x80', '\xfe', '\xff'}) {
        all.push_back(all[from] + byte);
      }
    }
  }
  return all;
}

TEST(PrefixSuccessorTest, BoundsExactlyTheStringsWithThePrefix) {
  const std::vector<std::string> strings = EdgeStrings(4);
  for (const std::string& prefix : EdgeStrings(3)) {
    const std::string successor = PrefixSuccessor(prefix);
    for (const std::string& text : strings) {
      const bool is_inside =
          prefix <= text && (successor.empty() || text < successor);
      ASSERT_EQ(is_inside, absl::StartsWith(text, prefix))
          << "prefix " << ToHex(prefix) << " text " << ToHex(text);
    }
  }
}

TEST(PrefixSuccessorTest, IsEmptyWhereNothingIsGreater) {
  EXPECT_EQ(PrefixSuccessor(""), "");
  EXPECT_EQ(PrefixSuccessor("\xff\xff"), "");
  EXPECT_EQ(PrefixSuccessor("a\xff\xff"), "b");
}

std::string Utf8Of(uint32_t point) {
  const auto tail = [&](int shift) {
    return static_cast<char>(0x80 | ((point >> shift) & 0x3F));
  };
  if (point < 0x80) {
    return {static_cast<char>(point)};
  }
  if (point < 0x800) {
    return {static_cast<char>(0xC0 | (point >> 6)), tail(0)};
  }
  if (point < 0x10000) {
    return {static_cast<char>(0xE0 | (point >> 12)), tail(6), tail(0)};
  }
  return {static_cast<char>(0xF0 | (point >> 18)), tail(12), tail(6), tail(0)};
}

bool IsSurrogate(uint32_t point) {
  return point >= 0xD800 && point <= 0xDFFF;
}

TEST(IsValidUtf8Test, TakesEveryCodePointButSurrogates) {
  for (uint32_t point = 0; point <= 0x10FFFF; ++point) {
    ASSERT_EQ(IsValidUtf8(Utf8Of(point)), !IsSurrogate(point)) << point;
  }
  EXPECT_FALSE(IsValidUtf8(Utf8Of(0x110000)));
}

// The definition: bytes are one character when they are what its code point is
// written as.
bool IsOneCharacter(absl::string_view text) {
  uint32_t point = 0;
  const auto lead = static_cast<unsigned char>(text[0]);
  const int marker_bits = lead < 0x80 ? 1 : static_cast<int>(text.size()) + 1;
  point = lead & (0xFFU >> marker_bits);
  for (const char byte : text.substr(1)) {
    point = point << 6 | (static_cast<unsigned char>(byte) & 0x3F);
  }
  return point <= 0x10FFFF && !IsSurrogate(point) && Utf8Of(point) == text;
}

bool IsValidByDefinition(absl::string_view text) {
  if (text.empty()) {
    return true;
  }
  for (size_t size = 1; size <= 4 && size <= text.size(); ++size) {
    if (IsOneCharacter(text.substr(0, size))) {
      return IsValidByDefinition(text.substr(size));
    }
  }
  return false;
}

TEST(IsValidUtf8Test, AgreesWithTheDefinitionAtEveryEdge) {
  constexpr unsigned char kEdges[] = {0x00, 0x7F, 0x80, 0x8F, 0x90,
                                      0x9F, 0xA0, 0xBF, 0xC0, 0xFF};
  int valid = 0;
  for (int lead = 0; lead < 256; ++lead) {
    for (const unsigned char second : kEdges) {
      for (const unsigned char third : kEdges) {
        for (const unsigned char fourth : kEdges) {
          const std::string text = {
              static_cast<char>(lead), static_cast<char>(second),
              static_cast<char>(third), static_cast<char>(fourth)};
          for (size_t size = 1; size <= 4; ++size) {
            const absl::string_view part(text.data(), size);
            ASSERT_EQ(IsValidUtf8(part), IsValidByDefinition(part))
                << ToHex(part);
            valid += IsValidUtf8(part) ? 1 : 0;
          }
        }
      }
    }
  }
  EXPECT_GT(valid, 1000);
}

// Text is read eight bytes at a time where it is ASCII.
TEST(IsValidUtf8Test, FindsABadByteAtAnyPlace) {
  for (size_t size = 1; size <= 40; ++size) {
    for (size_t at = 0; at < size; ++at) {
      std::string text(size, 'a');
      EXPECT_TRUE(IsValidUtf8(text));
      text[at] = '\xff';
      EXPECT_FALSE(IsValidUtf8(text)) << at << " of " << size;
    }
  }
}

}  // namespace
}  // namespace twingraph
