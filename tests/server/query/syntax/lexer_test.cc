#include "server/query/syntax/lexer.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace twingraph::query {
namespace {

using testing::ElementsAre;

// The tokens before the end, as kind letter and text.
std::vector<std::string> Tokens(absl::string_view text) {
  std::vector<std::string> list;
  for (const Token& token : Tokenize(text)) {
    switch (token.kind) {
      case TokenKind::kEnd:
        break;
      case TokenKind::kName:
        list.push_back(absl::StrCat("n:", token.text));
        break;
      case TokenKind::kSystemName:
        list.push_back(absl::StrCat("s:", token.text));
        break;
      case TokenKind::kEscapedName:
        list.push_back(absl::StrCat("e:", token.text));
        break;
      case TokenKind::kString:
        list.push_back(absl::StrCat("'", token.text));
        break;
      case TokenKind::kNumber:
        list.push_back(absl::StrCat("#", token.text));
        break;
      case TokenKind::kInvalid:
        list.push_back("?");
        break;
      default:
        list.push_back(std::string(
            text.substr(token.span.begin, token.span.end - token.span.begin)));
        break;
    }
  }
  return list;
}

TEST(LexerTest, ReadsNames) {
  EXPECT_THAT(Tokens("T.$dtId _x1 [[a b]] [[3rd]]"),
              ElementsAre("n:T", ".", "s:$dtId", "n:_x1", "e:a b", "e:3rd"));
  EXPECT_THAT(Tokens("$"), ElementsAre("?"));
  EXPECT_THAT(Tokens("$1"), ElementsAre("?", "#1"));
  EXPECT_THAT(Tokens("[[]] [[a"), ElementsAre("?", "?"));
}

TEST(LexerTest, ReadsNumbersAsWritten) {
  EXPECT_THAT(Tokens("0 12.50 1e3 1.5E-7 2E+1"),
              ElementsAre("#0", "#12.50", "#1e3", "#1.5E-7", "#2E+1"));
  EXPECT_THAT(Tokens("1..3 1. .5"),
              ElementsAre("#1", "..", "#3", "#1", ".", ".", "#5"));
  EXPECT_THAT(Tokens("3rd 1e 1ex"), ElementsAre("?", "?", "?"));
}

TEST(LexerTest, ReadsStringsWithEscapes) {
  EXPECT_THAT(Tokens(R"('a\'b' "c'\"" 'x\\y' '\u0041\u00e9\u20AC')"),
              ElementsAre("'a'b", "'c'\"", "'x\\y", "'A\u00e9\u20ac"));
  EXPECT_THAT(Tokens(R"('\ud83d\ude00')"), ElementsAre("'\U0001F600"));
  EXPECT_THAT(Tokens("'two\nlines'"), ElementsAre("'two\nlines"));
}

TEST(LexerTest, RefusesStringsThatAreNone) {
  EXPECT_THAT(Tokens("'open"), ElementsAre("?"));
  EXPECT_THAT(Tokens(R"('open\')"), ElementsAre("?"));
  EXPECT_THAT(Tokens(R"('\n' x)"), ElementsAre("?"));
  EXPECT_THAT(Tokens(R"('\u12g4')"), ElementsAre("?"));
  EXPECT_THAT(Tokens(R"('\ud83d')"), ElementsAre("?"));
  EXPECT_THAT(Tokens(R"('\ude00')"), ElementsAre("?"));
}

TEST(LexerTest, LeavesArrowsToTheParser) {
  EXPECT_THAT(Tokens("x<-1"), ElementsAre("n:x", "<", "-", "#1"));
  EXPECT_THAT(Tokens("(a)<-[r:s*..2]-(b)"),
              ElementsAre("(", "n:a", ")", "<", "-", "[", "n:r", ":", "n:s",
                          "*", "..", "#2", "]", "-", "(", "n:b", ")"));
  EXPECT_THAT(Tokens("-[[[x y]]]->"),
              ElementsAre("-", "[", "e:x y", "]", "-", ">"));
}

TEST(LexerTest, ReadsTheLongestSymbol) {
  EXPECT_THAT(Tokens("<=>=!=<>=="),
              ElementsAre("<=", ">=", "!=", "<", ">=", "="));
}

TEST(LexerTest, SkipsWholeCharactersThatMeanNothing) {
  EXPECT_THAT(Tokens("a \u20ac b;"), ElementsAre("n:a", "?", "n:b", "?"));
  EXPECT_THAT(Tokens(absl::string_view("a\0b", 3)),
              ElementsAre("n:a", "?", "n:b"));
}

TEST(LexerTest, EndsWithAPlace) {
  const std::vector<Token> tokens = Tokenize("a  ");
  ASSERT_EQ(tokens.size(), 2U);
  EXPECT_EQ(tokens[1].kind, TokenKind::kEnd);
  EXPECT_EQ(tokens[1].span.begin, 3U);
}

TEST(LexerTest, KnowsReservedWordsInAnyCase) {
  for (const char* word : {"SELECT", "group", "Is_Of_Model", "TOP"}) {
    EXPECT_TRUE(IsReservedWord(word)) << word;
  }
  for (const char* word : {"MATCH", "JOIN", "contains", "exact", "NIN", ""}) {
    EXPECT_FALSE(IsReservedWord(word)) << word;
  }
}

}  // namespace
}  // namespace twingraph::query
