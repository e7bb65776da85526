#include "server/query/syntax/lexer.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace twingraph::query {
namespace {

bool IsNameStart(char c) {
  return absl::ascii_isalpha(static_cast<unsigned char>(c)) || c == '_';
}

bool IsDigit(char c) {
  return absl::ascii_isdigit(static_cast<unsigned char>(c));
}

bool IsNamePart(char c) {
  return IsNameStart(c) || IsDigit(c);
}

void AppendUtf8(uint32_t code_point, std::string& out) {
  if (code_point < 0x80) {
    out.push_back(static_cast<char>(code_point));
    return;
  }
  if (code_point < 0x800) {
    out.push_back(static_cast<char>(0xC0 | (code_point >> 6)));
  } else {
    if (code_point < 0x10000) {
      out.push_back(static_cast<char>(0xE0 | (code_point >> 12)));
    } else {
      out.push_back(static_cast<char>(0xF0 | (code_point >> 18)));
      out.push_back(static_cast<char>(0x80 | ((code_point >> 12) & 0x3F)));
    }
    out.push_back(static_cast<char>(0x80 | ((code_point >> 6) & 0x3F)));
  }
  out.push_back(static_cast<char>(0x80 | (code_point & 0x3F)));
}

class Lexer {
 public:
  explicit Lexer(absl::string_view text) : text_(text) {}

  std::vector<Token> Run() {
    SkipBlanks();
    while (at_ < text_.size()) {
      begin_ = at_;
      Read();
      SkipBlanks();
    }
    begin_ = at_;
    Add(TokenKind::kEnd);
    return std::move(tokens_);
  }

 private:
  char Peek(size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  void SkipBlanks() {
    while (at_ < text_.size() &&
           absl::StrContains(" \t\r\n", text_.substr(at_, 1))) {
      ++at_;
    }
  }

  void Add(TokenKind kind, std::string text = "") {
    tokens_.push_back({kind, {begin_, at_}, std::move(text)});
  }

  void Read() {
    const char c = Peek();
    if (IsNameStart(c)) {
      ReadName(TokenKind::kName);
    } else if (c == '$' && IsNameStart(Peek(1))) {
      ++at_;
      ReadName(TokenKind::kSystemName);
    } else if (IsDigit(c)) {
      ReadNumber();
    } else if (c == '\'' || c == '"') {
      ReadString(c);
    } else if (c == '[' && Peek(1) == '[' && !IsAfterMinus()) {
      ReadEscapedName();
    } else {
      ReadSymbol();
    }
  }

  bool IsAfterMinus() const {
    return !tokens_.empty() && tokens_.back().kind == TokenKind::kMinus;
  }

  void ReadName(TokenKind kind) {
    while (IsNamePart(Peek())) {
      ++at_;
    }
    Add(kind, std::string(text_.substr(begin_, at_ - begin_)));
  }

  void SkipDigits() {
    while (IsDigit(Peek())) {
      ++at_;
    }
  }

  void ReadNumber() {
    SkipDigits();
    if (Peek() == '.' && IsDigit(Peek(1))) {
      ++at_;
      SkipDigits();
    }
    if (Peek() == 'e' || Peek() == 'E') {
      const size_t sign = Peek(1) == '+' || Peek(1) == '-' ? 1 : 0;
      if (IsDigit(Peek(1 + sign))) {
        at_ += 1 + sign;
        SkipDigits();
      }
    }
    if (!IsNamePart(Peek())) {
      Add(TokenKind::kNumber, std::string(text_.substr(begin_, at_ - begin_)));
      return;
    }
    while (IsNamePart(Peek())) {
      ++at_;
    }
    Add(TokenKind::kInvalid,
        absl::StrCat("a name cannot begin with a digit; write [[",
                     text_.substr(begin_, at_ - begin_), "]]"));
  }

  void ReadEscapedName() {
    const size_t close = text_.find("]]", at_ + 2);
    if (close == absl::string_view::npos) {
      at_ = text_.size();
      Add(TokenKind::kInvalid, "[[ is not closed by ]]");
      return;
    }
    const absl::string_view name = text_.substr(at_ + 2, close - at_ - 2);
    at_ = close + 2;
    if (name.empty()) {
      Add(TokenKind::kInvalid, "there is no name between [[ and ]]");
    } else {
      Add(TokenKind::kEscapedName, std::string(name));
    }
  }

  void ReadString(char quote) {
    std::string value;
    ++at_;
    while (at_ < text_.size() && Peek() != quote) {
      if (Peek() != '\\') {
        value.push_back(text_[at_++]);
      } else if (!ReadEscape(value)) {
        return;
      }
    }
    if (at_ == text_.size()) {
      Add(TokenKind::kInvalid, "the string is not closed");
      return;
    }
    ++at_;
    Add(TokenKind::kString, std::move(value));
  }

  // Reads what follows a backslash; on failure adds the token itself and skips
  // the rest of the text, which cannot be told apart from the string.
  bool ReadEscape(std::string& value) {
    const size_t begin = at_;
    const char c = Peek(1);
    if (c == '\'' || c == '"' || c == '\\') {
      value.push_back(c);
      at_ += 2;
      return true;
    }
    if (c == 'u' && ReadUnicodeEscape(value)) {
      return true;
    }
    begin_ = begin;
    at_ = std::min(begin + 2, text_.size());
    Add(TokenKind::kInvalid,
        R"(after a backslash only ', ", \ or u with four digits may stand)");
    at_ = text_.size();
    return false;
  }

  bool ReadUnicodeEscape(std::string& value) {
    uint32_t unit = 0;
    if (!ReadHexUnit(unit)) {
      return false;
    }
    if (unit >= 0xD800 && unit < 0xDC00) {
      uint32_t low = 0;
      if (!ReadHexUnit(low) || low < 0xDC00 || low > 0xDFFF) {
        return false;
      }
      unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
    } else if (unit >= 0xDC00 && unit < 0xE000) {
      return false;
    }
    AppendUtf8(unit, value);
    return true;
  }

  // Reads "\uXXXX".
  bool ReadHexUnit(uint32_t& unit) {
    if (Peek() != '\\' || Peek(1) != 'u') {
      return false;
    }
    for (size_t i = 2; i < 6; ++i) {
      const auto c = static_cast<unsigned char>(Peek(i));
      if (!absl::ascii_isxdigit(c)) {
        return false;
      }
      unit = unit * 16 +
             (IsDigit(Peek(i)) ? c - '0' : absl::ascii_tolower(c) - 'a' + 10);
    }
    at_ += 6;
    return true;
  }

  void ReadSymbol() {
    struct Symbol {
      absl::string_view text;
      TokenKind kind;
    };

    // Longer ones first.
    static constexpr Symbol kSymbols[] = {
        {"..", TokenKind::kDotDot},     {"!=", TokenKind::kNotEqual},
        {"<=", TokenKind::kLessEqual},  {">=", TokenKind::kGreaterEqual},
        {",", TokenKind::kComma},       {".", TokenKind::kDot},
        {"(", TokenKind::kLeftParen},   {")", TokenKind::kRightParen},
        {"[", TokenKind::kLeftBracket}, {"]", TokenKind::kRightBracket},
        {"*", TokenKind::kStar},        {"=", TokenKind::kEqual},
        {"<", TokenKind::kLess},        {">", TokenKind::kGreater},
        {"-", TokenKind::kMinus},       {":", TokenKind::kColon},
        {"|", TokenKind::kBar}};
    for (const Symbol& symbol : kSymbols) {
      if (absl::StartsWith(text_.substr(at_), symbol.text)) {
        at_ += symbol.text.size();
        Add(symbol.kind);
        return;
      }
    }
    ReadStrange();
  }

  void ReadStrange() {
    ++at_;
    while (at_ < text_.size() &&
           (static_cast<unsigned char>(text_[at_]) & 0xC0) == 0x80) {
      ++at_;
    }
    Add(TokenKind::kInvalid, "this character has no meaning here");
  }

  absl::string_view text_;
  size_t at_ = 0;
  size_t begin_ = 0;
  std::vector<Token> tokens_;
};

}  // namespace

std::vector<Token> Tokenize(absl::string_view text) {
  return Lexer(text).Run();
}

bool IsReservedWord(absl::string_view word) {
  static constexpr absl::string_view kReserved[] = {"ALL",
                                                    "AND",
                                                    "AS",
                                                    "ASC",
                                                    "AVG",
                                                    "BY",
                                                    "COUNT",
                                                    "DESC",
                                                    "DEVICES",
                                                    "DEVICES_JOBS",
                                                    "DEVICES_MODULES",
                                                    "ENDS_WITH",
                                                    "FALSE",
                                                    "FROM",
                                                    "GROUP",
                                                    "IN",
                                                    "IS_BOOL",
                                                    "IS_DEFINED",
                                                    "IS_NULL",
                                                    "IS_NUMBER",
                                                    "IS_OBJECT",
                                                    "IS_OF_MODEL",
                                                    "IS_PRIMITIVE",
                                                    "IS_STRING",
                                                    "MAX",
                                                    "MIN",
                                                    "NOT",
                                                    "NOT_IN",
                                                    "NULL",
                                                    "OR",
                                                    "ORDER",
                                                    "SELECT",
                                                    "STARTS_WITH",
                                                    "SUM",
                                                    "TOP",
                                                    "TRUE",
                                                    "WHERE"};
  return std::any_of(std::begin(kReserved), std::end(kReserved),
                     [&](absl::string_view reserved) {
                       return absl::EqualsIgnoreCase(reserved, word);
                     });
}

}  // namespace twingraph::query
