// Covered by tests/server/query/golden_query_test.cc.
#include "server/query/syntax/token_reader.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "server/query/syntax/lexer.h"

namespace twingraph::query {

TokenReader::TokenReader(absl::string_view text) : tokens_(Tokenize(text)) {}

const Token& TokenReader::Peek(size_t ahead) const {
  return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
}

Token TokenReader::Take() {
  Token token = Peek();
  at_ = std::min(at_ + 1, tokens_.size() - 1);
  return token;
}

bool TokenReader::IsWord(absl::string_view word, size_t ahead) const {
  return Is(TokenKind::kName, ahead) &&
         absl::EqualsIgnoreCase(Peek(ahead).text, word);
}

bool TokenReader::IsName(size_t ahead) const {
  return Is(TokenKind::kEscapedName, ahead) ||
         (Is(TokenKind::kName, ahead) && !IsReservedWord(Peek(ahead).text));
}

bool TokenReader::TakeIf(TokenKind kind) {
  const bool is_found = Is(kind);
  if (is_found) {
    Take();
  }
  return is_found;
}

bool TokenReader::TakeWord(absl::string_view word) {
  const bool is_found = IsWord(word);
  if (is_found) {
    Take();
  }
  return is_found;
}

bool TokenReader::Expect(TokenKind kind, absl::string_view what) {
  return TakeIf(kind) || Fail(what);
}

bool TokenReader::ExpectWord(absl::string_view word) {
  return TakeWord(word) || Fail(word);
}

bool TokenReader::ExpectName(Name& name, absl::string_view what) {
  if (!IsName()) {
    if (!Is(TokenKind::kName)) {
      return Fail(what);
    }
    const std::string& word = Peek().text;
    return FailAt(Peek().span, ProblemKind::kSyntax, "syntax",
                  absl::StrCat("\"", word,
                               "\" is a reserved word; as a name it is written "
                               "[[",
                               word, "]]"));
  }
  Token token = Take();
  name = {std::move(token.text), token.span};
  return true;
}

bool TokenReader::Fail(absl::string_view expected) {
  const Token& token = Peek();
  if (token.kind == TokenKind::kInvalid) {
    return FailAt(token.span, ProblemKind::kSyntax, "syntax", token.text);
  }
  return FailAt(
      token.span, ProblemKind::kSyntax, "syntax",
      absl::StrCat(
          "expected ", expected, ", found ",
          token.kind == TokenKind::kEnd ? "the end of the text" : "this"));
}

bool TokenReader::FailAt(Span span, ProblemKind kind, absl::string_view rule,
                         std::string message) {
  problem_ = {kind, rule, span, std::move(message)};
  return false;
}

}  // namespace twingraph::query
