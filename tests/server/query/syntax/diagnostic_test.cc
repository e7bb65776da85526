#include "server/query/syntax/diagnostic.h"

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "storage/base/bytes.h"
#include "storage/base/status.h"
#include "tests/support/status_matchers.h"

namespace twingraph::query {
namespace {

std::string Message(absl::string_view text, Span span) {
  return std::string(
      MakeQueryError(text, {.span = span, .message = "wrong"}).message());
}

TEST(DiagnosticTest, TellsProgramsThePlace) {
  const absl::Status status =
      MakeQueryError("a\nbcd e", {.kind = ProblemKind::kLimit,
                                  .rule = "K3",
                                  .span = {6, 7},
                                  .message = "too many"});
  EXPECT_THAT(status, IsError(absl::StatusCode::kInvalidArgument,
                              v1::ERROR_REASON_INVALID_QUERY));
  EXPECT_EQ(MetadataOf(status, "line"), "2");
  EXPECT_EQ(MetadataOf(status, "column"), "5");
  EXPECT_EQ(MetadataOf(status, "offset"), "6");
  EXPECT_EQ(MetadataOf(status, "rule"), "K3");
  EXPECT_EQ(MetadataOf(status, "kind"), "LIM");
}

TEST(DiagnosticTest, MarksThePlaceInItsLine) {
  EXPECT_EQ(Message("one\ntwo three\nfour", {8, 13}),
            "query, line 2, column 5: wrong\ntwo three\n    ^~~~~");
  EXPECT_EQ(Message("", {0, 0}), "query, line 1, column 1: wrong\n\n^");
  EXPECT_EQ(Message("ab", {2, 2}), "query, line 1, column 3: wrong\nab\n  ^");
}

TEST(DiagnosticTest, KeepsTabsAndCountsCharacters) {
  EXPECT_EQ(Message("\ta\u00e9 x", {5, 6}),
            "query, line 1, column 6: wrong\n\ta\u00e9 x\n\t   ^");
  EXPECT_EQ(Message("\u20ac\u20ac", {0, 6}),
            "query, line 1, column 1: wrong\n\u20ac\u20ac\n^~");
}

TEST(DiagnosticTest, MarksAPartOfSeveralLinesInTheFirst) {
  EXPECT_EQ(Message("ab cd\nef", {3, 8}),
            "query, line 1, column 4: wrong\nab cd\n   ^~");
}

TEST(DiagnosticTest, ShowsTheSurroundingsOnlyOfALongLine) {
  std::string text;
  for (int i = 0; i < 3000; ++i) {
    text += "\u00e9";
  }
  for (size_t offset = 0; offset < text.size(); offset += 200) {
    const std::string message = Message(text, {offset, text.size()});
    EXPECT_TRUE(IsValidUtf8(message));
    EXPECT_LT(message.size(), 600U);
    EXPECT_TRUE(absl::StrContains(message, "^"));
  }
}

}  // namespace
}  // namespace twingraph::query
