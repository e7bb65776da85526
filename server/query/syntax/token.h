#pragma once

// Words and symbols of the query language.

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace twingraph::query {

// A half-open range of bytes of the query text.
struct Span {
  size_t begin = 0;
  size_t end = 0;

  // From the start of `first` to the end of `last`.
  static Span Across(Span first, Span last) { return {first.begin, last.end}; }
};

enum class TokenKind {
  kEnd,
  // Something that is no token; `text` says why. A parser reports it when it
  // gets there, so that an earlier mistake is reported first.
  kInvalid,
  kName,         // name, keyword or function
  kSystemName,   // $dtId
  kEscapedName,  // [[group]]; `text` is what stands inside
  kString,       // `text` is decoded
  kNumber,       // as written
  kComma,
  kDot,
  kDotDot,
  kLeftParen,
  kRightParen,
  kLeftBracket,
  kRightBracket,
  kStar,
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kMinus,
  kColon,
  kBar,
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  Span span;
  std::string text;
};

// True if `word` cannot be a name unless it stands in double brackets; case is
// ignored.
bool IsReservedWord(absl::string_view word);

}  // namespace twingraph::query
