#include "storage/commit/token.h"

#include <string>

#include "gtest/gtest.h"

#include "tests/support/status_matchers.h"

namespace twingraph::commit {
namespace {

kv::Incarnation SomeIncarnation() {
  kv::Incarnation incarnation;
  incarnation.store_id[3] = 7;
  incarnation.epoch = 0x0000000100000009;
  return incarnation;
}

// Frozen: clients keep tokens.
TEST(TokenTest, TextIsFrozen) {
  EXPECT_EQ(FormatToken(SomeIncarnation(), 258),
            "AdILlmB4JmU5CQAAAAEAAAACAQAAAAAAAA6pq34");
}

TEST(TokenTest, GivesTheRevisionBack) {
  for (const kv::Revision revision : {0ULL, 1ULL, 1ULL << 40, ~0ULL}) {
    EXPECT_EQ(*ParseToken(SomeIncarnation(),
                          FormatToken(SomeIncarnation(), revision), "f"),
              revision);
  }
}

TEST(TokenTest, OtherStoresAndEpochsAreRefused) {
  const std::string token = FormatToken(SomeIncarnation(), 5);
  kv::Incarnation other = SomeIncarnation();
  other.epoch += 1;
  EXPECT_THAT(ParseToken(other, token, "f"),
              IsError(absl::StatusCode::kInvalidArgument,
                      v1::ERROR_REASON_INVALID_REVISION_TOKEN));
  other = SomeIncarnation();
  other.store_id[0] = 1;
  const auto parsed = ParseToken(other, token, "page");
  EXPECT_THAT(parsed, IsError(absl::StatusCode::kInvalidArgument,
                              v1::ERROR_REASON_INVALID_REVISION_TOKEN));
  EXPECT_EQ(MetadataOf(parsed.status(), "token"), "page");
}

TEST(TokenTest, DamagedTextIsRefused) {
  const std::string token = FormatToken(SomeIncarnation(), 5);
  for (size_t i = 0; i < token.size(); ++i) {
    std::string damaged = token;
    damaged[i] = damaged[i] == 'A' ? 'B' : 'A';
    const auto parsed = ParseToken(SomeIncarnation(), damaged, "f");
    // The last character has bits that carry nothing.
    EXPECT_TRUE(!parsed.ok() || *parsed == 5) << i;
    EXPECT_FALSE(ParseToken(SomeIncarnation(), token.substr(0, i), "f").ok());
  }
  EXPECT_FALSE(ParseToken(SomeIncarnation(), "not a token!", "f").ok());
}

TEST(TokenTest, TimesKeepTheirNanoseconds) {
  const absl::Time whole = absl::FromUnixSeconds(1'700'000'000);
  EXPECT_EQ(FormatCommitTime(whole), "2023-11-14T22:13:20Z");
  EXPECT_EQ(FormatCommitTime(whole + absl::Nanoseconds(1'000'001)),
            "2023-11-14T22:13:20.001000001Z");
}

}  // namespace
}  // namespace twingraph::commit
