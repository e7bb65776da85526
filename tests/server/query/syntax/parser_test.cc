// Trees of whole queries; every construct and every message is in the golden
// files, see golden_query_test.cc.

#include "server/query/syntax/parser.h"

#include <random>
#include <string>
#include <variant>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "tests/support/golden_file.h"
#include "tests/support/query_printer.h"
#include "tests/support/random_query.h"

namespace twingraph::query {
namespace {

constexpr size_t kNesting = 100;

std::string Reprinted(const std::string& text) {
  const auto parsed = ParseQuery(text, kNesting);
  if (const Problem* problem = std::get_if<Problem>(&parsed)) {
    return absl::StrCat("refused: ", problem->message);
  }
  return PrintQuery(std::get<Query>(parsed));
}

void ExpectRoundTrip(const std::string& text) {
  const std::string printed = Reprinted(text);
  EXPECT_EQ(Reprinted(printed), printed) << text;
}

TEST(ParserTest, PrintedQueriesParseToTheSameTree) {
  for (const char* file : {"query/valid.test", "query/valid_match.test"}) {
    RunGoldenFile(file, [](const GoldenCase& test) {
      ExpectRoundTrip(test.input);
      return test.expected;
    });
  }
  for (uint64_t seed = 0; seed < 150; ++seed) {
    RandomQuery random(seed);
    ExpectRoundTrip(random.Collection().all());
    ExpectRoundTrip(random.Join().all());
    ExpectRoundTrip(random.Match().all());
  }
}

TEST(ParserTest, BindsNotBeforeAndBeforeOr) {
  EXPECT_EQ(Reprinted("SELECT * FROM DIGITALTWINS WHERE NOT a AND b OR c AND "
                      "NOT NOT d OR (e OR f)"),
            "SELECT * FROM DIGITALTWINS WHERE ((NOT (a)) AND (b)) OR ((c) AND "
            "(NOT (NOT (d)))) OR ((e) OR (f))");
}

TEST(ParserTest, ReadsAFunctionComparedWithABooleanAsItselfOrItsNegation) {
  for (const char* tail : {" = true", " != false", ""}) {
    EXPECT_EQ(Reprinted(absl::StrCat(
                  "SELECT * FROM DIGITALTWINS WHERE IS_NULL(a)", tail)),
              "SELECT * FROM DIGITALTWINS WHERE IS_NULL(a)");
  }
  for (const char* tail : {" = FALSE", " != TRUE"}) {
    EXPECT_EQ(Reprinted(absl::StrCat(
                  "SELECT * FROM DIGITALTWINS WHERE IS_NULL(a)", tail)),
              "SELECT * FROM DIGITALTWINS WHERE NOT (IS_NULL(a))");
  }
}

TEST(ParserTest, TakesClauseWordsAsNamesWhereNoClauseFollows) {
  for (const char* text :
       {"SELECT * FROM DIGITALTWINS JOIN",
        "SELECT * FROM DIGITALTWINS MATCH WHERE MATCH.a = 1",
        "SELECT JOIN FROM DIGITALTWINS JOIN JOIN c RELATED JOIN.related WHERE "
        "JOIN.$dtId = 'x'",
        "SELECT match FROM DIGITALTWINS MATCH (match)-[join:contains]->() "
        "WHERE match.in = 1",
        "SELECT contains, related, exact, nin FROM DIGITALTWINS contains"}) {
    const auto parsed = ParseQuery(text, kNesting);
    EXPECT_TRUE(std::holds_alternative<Query>(parsed)) << text;
  }
}

TEST(ParserTest, KeepsIntegersExact) {
  EXPECT_EQ(Reprinted("SELECT * FROM DIGITALTWINS WHERE a IN "
                      "[9223372036854775807, 18446744073709551615, - 5, 1e2]"),
            "SELECT * FROM DIGITALTWINS WHERE a IN [9223372036854775807, "
            "18446744073709551615, -5, 100]");
}

TEST(ParserTest, NestsToItsLimitAndNoDeeper) {
  const auto nested = [](size_t depth, const char* open, const char* close) {
    std::string text = "SELECT * FROM DIGITALTWINS WHERE ";
    for (size_t i = 0; i < depth; ++i) {
      text += open;
    }
    text += "a";
    for (size_t i = 0; i < depth; ++i) {
      text += close;
    }
    return ParseQuery(text, kNesting);
  };
  const auto is_refused = [](const std::variant<Query, Problem>& parsed) {
    const Problem* problem = std::get_if<Problem>(&parsed);
    return problem != nullptr && problem->rule == "nesting" &&
           problem->kind == ProblemKind::kLimit;
  };
  EXPECT_TRUE(std::holds_alternative<Query>(nested(kNesting, "(", ")")));
  EXPECT_TRUE(is_refused(nested(kNesting + 1, "(", ")")));
  EXPECT_TRUE(std::holds_alternative<Query>(nested(kNesting, "NOT ", "")));
  EXPECT_TRUE(is_refused(nested(kNesting + 1, "NOT ", "")));
  EXPECT_TRUE(is_refused(nested(1'000'000, "(", ")")));
  EXPECT_TRUE(is_refused(nested(1'000'000, "NOT(", ")")));
}

// Whatever is cut out of a query or put into it, the answer is a tree or a
// problem whose place lies in the text.
TEST(ParserTest, SurvivesDamagedQueries) {
  std::mt19937_64 random(7);
  for (uint64_t seed = 0; seed < 1000; ++seed) {
    RandomQuery queries(seed);
    std::string text = (seed % 2 == 0 ? queries.Join() : queries.Match()).all();
    for (size_t i = 0; i <= random() % 3; ++i) {
      const size_t at = random() % text.size();
      const char* pieces[] = {"",  "(",  ")",   "[",  "]]", "[[", "'", "\\",
                              "-", "<-", "..2", "\"", "$",  ".",  "*", "\x80"};
      text.replace(at, random() % 4, pieces[random() % 16]);
    }
    const auto parsed = ParseQuery(text, kNesting);
    if (const Problem* problem = std::get_if<Problem>(&parsed)) {
      EXPECT_LE(problem->span.begin, problem->span.end) << text;
      EXPECT_LE(problem->span.end, text.size()) << text;
      EXPECT_FALSE(problem->message.empty()) << text;
      MakeQueryError(text, *problem).IgnoreError();
    }
  }
}

}  // namespace
}  // namespace twingraph::query
