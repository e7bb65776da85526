#pragma once

// The tokens of a query, one after the other, and the first problem found in
// them. What the parts of the parser share. Methods that return bool say false
// where the text stops being of the language; problem() then says why. Used by
// one thread at a time.

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "server/query/syntax/ast.h"
#include "server/query/syntax/diagnostic.h"
#include "server/query/syntax/token.h"

namespace twingraph::query {

class TokenReader {
 public:
  explicit TokenReader(absl::string_view text);

  const Problem& problem() const { return problem_; }

  // The next token, or one further on; the closing one has no end.
  const Token& Peek(size_t ahead = 0) const;
  Token Take();

  bool Is(TokenKind kind, size_t ahead = 0) const {
    return Peek(ahead).kind == kind;
  }

  // Is the next token this word, in any case?
  bool IsWord(absl::string_view word, size_t ahead = 0) const;
  // Can the next token be a name: a word that is not reserved, or escaped?
  bool IsName(size_t ahead = 0) const;

  // Take the next token if it is that one.
  bool TakeIf(TokenKind kind);
  bool TakeWord(absl::string_view word);

  // Take the next token, or fail with "expected ...".
  bool Expect(TokenKind kind, absl::string_view what);
  bool ExpectWord(absl::string_view word);
  bool ExpectName(Name& name, absl::string_view what);

  // Note a problem; always false.
  bool Fail(absl::string_view expected);
  bool FailAt(Span span, ProblemKind kind, absl::string_view rule,
              std::string message);

 private:
  const std::vector<Token> tokens_;
  size_t at_ = 0;
  Problem problem_;
};

}  // namespace twingraph::query
