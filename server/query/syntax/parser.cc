// Covered by tests/server/query/golden_query_test.cc.
#include "server/query/syntax/parser.h"

#include <optional>
#include <utility>

#include "absl/strings/numbers.h"

#include "server/query/syntax/condition_parser.h"
#include "server/query/syntax/operand_parser.h"
#include "server/query/syntax/pattern_parser.h"
#include "server/query/syntax/token_reader.h"

namespace twingraph::query {
namespace {

// The clauses of a query. Each method returns false on a problem.
class Parser {
 public:
  Parser(absl::string_view text, size_t nesting)
      : reader_(text), nesting_(nesting) {}

  std::variant<Query, Problem> Run() {
    Query query;
    if (!ParseSelect(query) || !ParseFrom(query) || !ParseTraversal(query) ||
        !ParseWhere(query) || !ParseEnd()) {
      return reader_.problem();
    }
    return query;
  }

 private:
  bool ParseSelect(Query& query) {
    if (!reader_.ExpectWord("SELECT")) {
      return false;
    }
    if (reader_.IsWord("COUNT") &&
        reader_.Peek(1).kind == TokenKind::kLeftParen) {
      reader_.Take();
      reader_.Take();
      query.is_count = true;
      return reader_.Expect(TokenKind::kRightParen,
                            "\")\": COUNT takes no argument");
    }
    if (!ParseTop(query)) {
      return false;
    }
    if (reader_.Is(TokenKind::kStar)) {
      query.is_star = true;
      query.star = reader_.Take().span;
      return true;
    }
    if (query.top.has_value() && reader_.IsWord("FROM")) {
      query.is_star = true;
      query.star = query.top_span;
      return true;
    }
    do {
      Column column;
      if (!ParseColumn(column)) {
        return false;
      }
      query.columns.push_back(std::move(column));
    } while (reader_.TakeIf(TokenKind::kComma));
    return true;
  }

  bool ParseTop(Query& query) {
    if (!reader_.IsWord("TOP")) {
      return true;
    }
    const Span begin = reader_.Take().span;
    if (!reader_.Expect(TokenKind::kLeftParen, "\"(\" and a number of rows")) {
      return false;
    }
    uint64_t rows = 0;
    if (!reader_.Is(TokenKind::kNumber) ||
        !absl::SimpleAtoi(reader_.Peek().text, &rows)) {
      return reader_.Fail("a whole number of rows");
    }
    const Span number = reader_.Take().span;
    if (!reader_.Expect(TokenKind::kRightParen, "\")\"")) {
      return false;
    }
    query.top_span = Span::Across(begin, number);
    query.top = rows;
    if (reader_.IsWord("COUNT") &&
        reader_.Peek(1).kind == TokenKind::kLeftParen) {
      return reader_.FailAt(reader_.Peek().span, ProblemKind::kSemantic, "K17",
                            "TOP and COUNT exclude each other");
    }
    return rows > 0 || reader_.FailAt(number, ProblemKind::kSemantic, "K17",
                                      "TOP takes at least 1");
  }

  bool ParseColumn(Column& column) {
    if (!ParsePath(reader_, "a column", column.path)) {
      return false;
    }
    if (reader_.Is(TokenKind::kLeftParen)) {
      return reader_.Fail(
          "a column without a function: the list of columns has none "
          "but COUNT()");
    }
    if (!reader_.TakeWord("AS")) {
      return true;
    }
    column.alias.emplace();
    return reader_.ExpectName(*column.alias, "a name behind AS");
  }

  bool ParseFrom(Query& query) {
    if (!reader_.ExpectWord("FROM")) {
      return false;
    }
    query.collection_span = reader_.Peek().span;
    if (reader_.TakeWord("DIGITALTWINS")) {
      query.collection = Collection::kTwins;
    } else if (reader_.TakeWord("RELATIONSHIPS")) {
      query.collection = Collection::kRelationships;
    } else {
      return reader_.Fail("DIGITALTWINS or RELATIONSHIPS");
    }
    return ParseAlias(query.alias);
  }

  // JOIN and MATCH are names too, unless what follows shows that they begin a
  // clause.
  bool IsJoinClause() const {
    return reader_.IsWord("JOIN") && reader_.IsWord("RELATED", 2);
  }

  bool IsMatchClause() const {
    const bool is_node_without_parentheses = reader_.IsName(1) &&
                                             !reader_.IsWord("JOIN", 1) &&
                                             !reader_.IsWord("MATCH", 1);
    return reader_.IsWord("MATCH") && (reader_.Is(TokenKind::kLeftParen, 1) ||
                                       is_node_without_parentheses);
  }

  bool ParseAlias(std::optional<Name>& alias) {
    if (!reader_.IsName() || IsJoinClause() || IsMatchClause()) {
      return true;
    }
    alias.emplace();
    return reader_.ExpectName(*alias, "an alias");
  }

  bool ParseTraversal(Query& query) {
    while (reader_.IsWord("JOIN")) {
      if (!ParseJoin(query)) {
        return false;
      }
    }
    if (!reader_.TakeWord("MATCH")) {
      return true;
    }
    query.pattern.emplace();
    if (!ParsePattern(reader_, *query.pattern)) {
      return false;
    }
    if (reader_.IsWord("JOIN")) {
      return reader_.FailAt(reader_.Peek().span, ProblemKind::kSemantic, "K6",
                            "JOIN and MATCH do not go together");
    }
    return !reader_.IsWord("MATCH") ||
           reader_.FailAt(reader_.Peek().span, ProblemKind::kFeature, "K7",
                          "a query has one MATCH");
  }

  bool ParseJoin(Query& query) {
    Join join;
    const Span begin = reader_.Take().span;
    if (!reader_.ExpectName(join.target, "an alias for the related twins") ||
        !reader_.ExpectWord("RELATED") ||
        !reader_.ExpectName(join.source,
                            "the alias of the twins to start from") ||
        !reader_.Expect(TokenKind::kDot,
                        "\".\" and the name of a relationship") ||
        !reader_.ExpectName(join.name, "the name of a relationship") ||
        !ParseAlias(join.relationship)) {
      return false;
    }
    join.span = Span::Across(begin, join.name.span);
    query.joins.push_back(std::move(join));
    return true;
  }

  bool ParseWhere(Query& query) {
    if (!reader_.TakeWord("WHERE")) {
      return true;
    }
    query.where = ParseCondition(reader_, nesting_);
    return query.where != nullptr;
  }

  bool ParseEnd() {
    return reader_.Is(TokenKind::kEnd) || reader_.Fail("the end of the query");
  }

  TokenReader reader_;
  const size_t nesting_;
};

}  // namespace

std::variant<Query, Problem> ParseQuery(absl::string_view text,
                                        size_t nesting) {
  return Parser(text, nesting).Run();
}

}  // namespace twingraph::query
