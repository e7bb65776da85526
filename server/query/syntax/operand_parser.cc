// Covered by tests/server/query/golden_query_test.cc.
#include "server/query/syntax/operand_parser.h"

#include <cmath>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace twingraph::query {
namespace {

// An integer stays one, so that none is rounded.
bool ParseNumber(TokenReader& reader, const std::string& text,
                 Literal& literal) {
  int64_t integer = 0;
  uint64_t natural = 0;
  double number = 0;
  if (absl::SimpleAtoi(text, &integer)) {
    literal.value = Value::Int(integer);
  } else if (absl::SimpleAtoi(text, &natural)) {
    literal.value = Value::Uint(natural);
  } else if (absl::SimpleAtod(text, &number) && std::isfinite(number)) {
    literal.value = Value::Double(number);
  } else {
    return reader.FailAt(literal.span, ProblemKind::kSyntax, "syntax",
                         "a number beyond the range of double");
  }
  return true;
}

bool ParseLiteral(TokenReader& reader, Literal& literal) {
  const Span begin = reader.Peek().span;
  const bool is_negative = reader.TakeIf(TokenKind::kMinus);
  if (is_negative && !reader.Is(TokenKind::kNumber)) {
    return reader.Fail("a number");
  }
  const Token token = reader.Take();
  literal.span = Span::Across(begin, token.span);
  if (token.kind == TokenKind::kString) {
    literal.value = Value::String(token.text);
    return true;
  }
  if (token.kind == TokenKind::kNumber) {
    return ParseNumber(reader, absl::StrCat(is_negative ? "-" : "", token.text),
                       literal);
  }
  if (!absl::EqualsIgnoreCase(token.text, "NULL")) {
    literal.value = Value::Bool(absl::EqualsIgnoreCase(token.text, "TRUE"));
  }
  return true;
}

bool IsLiteral(const TokenReader& reader) {
  return reader.Is(TokenKind::kString) || reader.Is(TokenKind::kNumber) ||
         reader.Is(TokenKind::kMinus) || reader.IsWord("TRUE") ||
         reader.IsWord("FALSE") || reader.IsWord("NULL");
}

}  // namespace

bool ParsePath(TokenReader& reader, absl::string_view what, Path& path) {
  Name step;
  if (reader.Is(TokenKind::kSystemName)) {
    Token token = reader.Take();
    step = {std::move(token.text), token.span};
  } else if (!reader.ExpectName(step, what)) {
    return false;
  }
  path.span = step.span;
  path.steps.push_back(std::move(step));
  while (reader.TakeIf(TokenKind::kDot)) {
    if (!reader.Is(TokenKind::kName) && !reader.Is(TokenKind::kSystemName) &&
        !reader.Is(TokenKind::kEscapedName)) {
      return reader.Fail(
          "a name behind the dot (one that begins with a digit is written "
          "[[3rd]])");
    }
    Token token = reader.Take();
    path.span = Span::Across(path.span, token.span);
    path.steps.push_back({std::move(token.text), token.span});
  }
  return true;
}

bool ParseOperand(TokenReader& reader, Operand& operand) {
  if (IsLiteral(reader)) {
    operand.literal.emplace();
    return ParseLiteral(reader, *operand.literal);
  }
  operand.path.emplace();
  return ParsePath(reader, "a property or a value", *operand.path);
}

}  // namespace twingraph::query
