// Covered by tests/server/query/golden_query_test.cc.
#include "server/query/syntax/pattern_parser.h"

#include <string>
#include <utility>

#include "absl/strings/numbers.h"

namespace twingraph::query {
namespace {

class PatternParser {
 public:
  PatternParser(TokenReader& reader, Pattern& pattern)
      : reader_(reader), pattern_(pattern) {}

  bool Run() {
    pattern_.span = reader_.Peek().span;
    if (!ParseNode()) {
      return false;
    }
    while (reader_.Is(TokenKind::kMinus) || IsPair(TokenKind::kLess)) {
      if (!ParseEdge() || !ParseNode()) {
        return false;
      }
    }
    pattern_.span = Span::Across(pattern_.span, pattern_.nodes.back().span);
    return true;
  }

 private:
  // "<-" or "->": two symbols with nothing between them.
  bool IsPair(TokenKind first) const {
    const TokenKind second =
        first == TokenKind::kLess ? TokenKind::kMinus : TokenKind::kGreater;
    return reader_.Is(first) && reader_.Is(second, 1) &&
           reader_.Peek().span.end == reader_.Peek(1).span.begin;
  }

  bool ParseNode() {
    PatternNode node;
    const Span begin = reader_.Peek().span;
    if (!reader_.Expect(TokenKind::kLeftParen, "\"(\" and a node")) {
      return false;
    }
    if (!reader_.Is(TokenKind::kRightParen)) {
      node.alias.emplace();
      if (!reader_.ExpectName(*node.alias, "a variable or \")\"")) {
        return false;
      }
    }
    node.span = Span::Across(begin, reader_.Peek().span);
    if (!reader_.Expect(TokenKind::kRightParen, "\")\"")) {
      return false;
    }
    pattern_.nodes.push_back(std::move(node));
    return true;
  }

  bool ParseEdge() {
    PatternEdge edge;
    const Span begin = reader_.Peek().span;
    const bool is_backward = reader_.TakeIf(TokenKind::kLess);
    if (!reader_.Expect(TokenKind::kMinus, "\"-\"") ||
        !reader_.Expect(TokenKind::kLeftBracket,
                        "\"[\": a relationship is written -[...]-") ||
        !ParseNames(edge) || !ParseHops(edge) ||
        !reader_.Expect(TokenKind::kRightBracket, "\"]\"")) {
      return false;
    }
    const bool is_forward = IsPair(TokenKind::kMinus);
    edge.span = Span::Across(begin, reader_.Peek(is_forward ? 1 : 0).span);
    if (!reader_.Expect(TokenKind::kMinus, "\"-\" or \"->\"")) {
      return false;
    }
    if (is_forward && is_backward) {
      return reader_.FailAt(reader_.Peek().span, ProblemKind::kSyntax, "syntax",
                            "an arrow cannot point both ways");
    }
    if (is_forward) {
      reader_.Take();
    }
    edge.orientation = is_forward    ? Orientation::kForward
                       : is_backward ? Orientation::kBackward
                                     : Orientation::kEither;
    pattern_.edges.push_back(std::move(edge));
    return true;
  }

  // A word without colon is a variable, two or more with bars are names.
  bool ParseNames(PatternEdge& edge) {
    if (reader_.IsName() && !reader_.Is(TokenKind::kBar, 1)) {
      edge.alias.emplace();
      if (!reader_.ExpectName(*edge.alias, "a variable")) {
        return false;
      }
    }
    const bool has_colon = reader_.TakeIf(TokenKind::kColon);
    if (!has_colon && (edge.alias.has_value() || !reader_.IsName())) {
      return true;
    }
    do {
      Name name;
      if (!reader_.ExpectName(name, "the name of a relationship")) {
        return false;
      }
      edge.names.push_back(std::move(name));
    } while (reader_.TakeIf(TokenKind::kBar));
    return true;
  }

  bool ParseHops(PatternEdge& edge) {
    if (!reader_.Is(TokenKind::kStar)) {
      return true;
    }
    Hops hops;
    hops.span = reader_.Take().span;
    if (!reader_.Is(TokenKind::kDotDot) && !ParseCount(hops)) {
      return false;
    }
    if (reader_.Is(TokenKind::kDotDot)) {
      // A number before the dots is the bound that is not included.
      hops.is_range = true;
      if (hops.upper.has_value()) {
        hops.above = hops.upper;
      }
      reader_.Take();
      if (!ParseCount(hops)) {
        return false;
      }
    }
    edge.hops = hops;
    return true;
  }

  bool ParseCount(Hops& hops) {
    uint64_t count = 0;
    if (!reader_.Is(TokenKind::kNumber) ||
        !absl::SimpleAtoi(reader_.Peek().text, &count)) {
      return reader_.Fail("a number of hops; the last one is required");
    }
    hops.upper = count;
    hops.span = Span::Across(hops.span, reader_.Take().span);
    return true;
  }

  TokenReader& reader_;
  Pattern& pattern_;
};

}  // namespace

bool ParsePattern(TokenReader& reader, Pattern& pattern) {
  return PatternParser(reader, pattern).Run();
}

}  // namespace twingraph::query
