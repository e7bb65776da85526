#include "server/query/syntax/parser.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "server/query/syntax/lexer.h"

namespace twingraph::query {
namespace {

struct FunctionName {
  const char* name;
  FunctionId id;
  bool has_operand;  // a second argument
};

constexpr FunctionName kFunctions[] = {
    {"IS_BOOL", FunctionId::kIsBool, false},
    {"IS_DEFINED", FunctionId::kIsDefined, false},
    {"IS_NULL", FunctionId::kIsNull, false},
    {"IS_NUMBER", FunctionId::kIsNumber, false},
    {"IS_OBJECT", FunctionId::kIsObject, false},
    {"IS_PRIMITIVE", FunctionId::kIsPrimitive, false},
    {"IS_STRING", FunctionId::kIsString, false},
    {"CONTAINS", FunctionId::kContains, true},
    {"STARTSWITH", FunctionId::kStartsWith, true},
    {"ENDSWITH", FunctionId::kEndsWith, true},
    {"ARRAY_CONTAINS", FunctionId::kArrayContains, true},
};

// Each Parse method returns false, or a null condition, where the text stops
// being of the language; `problem_` then says why.
class Parser {
 public:
  Parser(absl::string_view text, size_t nesting)
      : tokens_(Tokenize(text)), nesting_(nesting) {}

  std::variant<Query, Problem> Run() {
    Query query;
    if (!ParseSelect(query) || !ParseFrom(query) || !ParseTraversal(query) ||
        !ParseWhere(query) || !ExpectEnd()) {
      return std::move(problem_);
    }
    return query;
  }

 private:
  using ConditionPtr = std::unique_ptr<Condition>;

  // --- Tokens ---

  const Token& Peek(size_t ahead = 0) const {
    return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
  }

  Token Take() {
    const Token token = Peek();
    at_ = std::min(at_ + 1, tokens_.size() - 1);
    return token;
  }

  bool Is(TokenKind kind) const { return Peek().kind == kind; }

  bool IsWord(absl::string_view word, size_t ahead = 0) const {
    return Peek(ahead).kind == TokenKind::kName &&
           absl::EqualsIgnoreCase(Peek(ahead).text, word);
  }

  bool TakeIf(TokenKind kind) {
    const bool found = Is(kind);
    if (found) {
      Take();
    }
    return found;
  }

  bool TakeWord(absl::string_view word) {
    const bool found = IsWord(word);
    if (found) {
      Take();
    }
    return found;
  }

  bool Fail(absl::string_view expected) {
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

  bool FailAt(Span span, ProblemKind kind, absl::string_view rule,
              std::string message) {
    problem_ = {kind, rule, span, std::move(message)};
    return false;
  }

  bool Expect(TokenKind kind, absl::string_view what) {
    return TakeIf(kind) || Fail(what);
  }

  bool ExpectWord(absl::string_view word) {
    return TakeWord(word) || Fail(word);
  }

  bool ExpectEnd() {
    if (IsWord("MATCH")) {
      return FailAt(Peek().span, ProblemKind::kFeature, "K7",
                    "MATCH is not part of this version of the language; use "
                    "JOIN ... RELATED");
    }
    return Is(TokenKind::kEnd) || Fail("the end of the query");
  }

  // A name that may be an alias: no reserved word unless it is escaped.
  bool IsName() const {
    return Is(TokenKind::kEscapedName) ||
           (Is(TokenKind::kName) && !IsReservedWord(Peek().text));
  }

  bool ParseName(Name& name, absl::string_view what) {
    if (!IsName()) {
      if (Is(TokenKind::kName)) {
        return FailAt(Peek().span, ProblemKind::kSyntax, "syntax",
                      absl::StrCat("\"", Peek().text,
                                   "\" is a reserved word; as a name it is "
                                   "written [[",
                                   Peek().text, "]]"));
      }
      return Fail(what);
    }
    Token token = Take();
    name = {std::move(token.text), token.span};
    return true;
  }

  // --- Clauses ---

  bool ParseSelect(Query& query) {
    if (!ExpectWord("SELECT")) {
      return false;
    }
    if (IsWord("COUNT") && Peek(1).kind == TokenKind::kLeftParen) {
      Take();
      Take();
      query.is_count = true;
      return Expect(TokenKind::kRightParen, "\")\": COUNT takes no argument");
    }
    if (!ParseTop(query)) {
      return false;
    }
    if (Is(TokenKind::kStar)) {
      query.is_star = true;
      query.star = Take().span;
      return true;
    }
    if (query.top.has_value() && IsWord("FROM")) {
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
    } while (TakeIf(TokenKind::kComma));
    return true;
  }

  bool ParseTop(Query& query) {
    if (!IsWord("TOP")) {
      return true;
    }
    const Span begin = Take().span;
    if (!Expect(TokenKind::kLeftParen, "\"(\" and a number of rows")) {
      return false;
    }
    uint64_t rows = 0;
    if (!Is(TokenKind::kNumber) || !absl::SimpleAtoi(Peek().text, &rows)) {
      return Fail("a whole number of rows");
    }
    const Span number = Take().span;
    if (!Expect(TokenKind::kRightParen, "\")\"")) {
      return false;
    }
    query.top_span = Span::Across(begin, number);
    query.top = rows;
    if (IsWord("COUNT") && Peek(1).kind == TokenKind::kLeftParen) {
      return FailAt(Peek().span, ProblemKind::kSemantic, "K17",
                    "TOP and COUNT exclude each other");
    }
    return rows > 0 || FailAt(number, ProblemKind::kSemantic, "K17",
                              "TOP takes at least 1");
  }

  bool ParseColumn(Column& column) {
    if (!ParsePath(column.path, "a column")) {
      return false;
    }
    if (Is(TokenKind::kLeftParen)) {
      return Fail(
          "a column without a function: the list of columns has none "
          "but COUNT()");
    }
    if (!TakeWord("AS")) {
      return true;
    }
    column.alias.emplace();
    return ParseName(*column.alias, "a name behind AS");
  }

  bool ParseFrom(Query& query) {
    if (!ExpectWord("FROM")) {
      return false;
    }
    query.collection_span = Peek().span;
    if (TakeWord("DIGITALTWINS")) {
      query.collection = Collection::kTwins;
    } else if (TakeWord("RELATIONSHIPS")) {
      query.collection = Collection::kRelationships;
    } else {
      return Fail("DIGITALTWINS or RELATIONSHIPS");
    }
    const bool is_alias = IsName() && !IsWord("JOIN") && !IsWord("MATCH");
    if (is_alias) {
      query.alias.emplace();
      return ParseName(*query.alias, "an alias");
    }
    return true;
  }

  bool ParseTraversal(Query& query) {
    while (IsWord("JOIN")) {
      Join join;
      const Span begin = Take().span;
      if (!ParseName(join.target, "an alias for the related twins") ||
          !ExpectWord("RELATED") ||
          !ParseName(join.source, "the alias of the twins to start from") ||
          !Expect(TokenKind::kDot, "\".\" and the name of a relationship") ||
          !ParseName(join.name, "the name of a relationship")) {
        return false;
      }
      if (IsName() && !IsWord("JOIN") && !IsWord("MATCH")) {
        join.relationship.emplace();
        if (!ParseName(*join.relationship, "an alias")) {
          return false;
        }
      }
      join.span = Span::Across(begin, join.name.span);
      query.joins.push_back(std::move(join));
    }
    return true;
  }

  bool ParseWhere(Query& query) {
    if (!TakeWord("WHERE")) {
      return true;
    }
    query.where = ParseOr();
    return query.where != nullptr;
  }

  // --- Conditions; null on a problem ---

  ConditionPtr Make(ConditionKind kind, Span span) {
    auto condition = std::make_unique<Condition>();
    condition->kind = kind;
    condition->span = span;
    return condition;
  }

  ConditionPtr None(bool /*failed*/) { return nullptr; }

  ConditionPtr ParseOr() {
    return ParseList(ConditionKind::kOr, "OR", [this] { return ParseAnd(); });
  }

  ConditionPtr ParseAnd() {
    return ParseList(ConditionKind::kAnd, "AND", [this] { return ParseNot(); });
  }

  template <typename ParseItem>
  ConditionPtr ParseList(ConditionKind kind, absl::string_view word,
                         ParseItem parse_item) {
    ConditionPtr first = parse_item();
    if (first == nullptr || !IsWord(word)) {
      return first;
    }
    ConditionPtr list = Make(kind, first->span);
    list->children.push_back(std::move(first));
    while (TakeWord(word)) {
      ConditionPtr next = parse_item();
      if (next == nullptr) {
        return nullptr;
      }
      list->span = Span::Across(list->span, next->span);
      list->children.push_back(std::move(next));
    }
    return list;
  }

  ConditionPtr ParseNot() {
    if (!IsWord("NOT")) {
      return ParsePredicate();
    }
    const Span span = Take().span;
    if (!Enter(span)) {
      return nullptr;
    }
    ConditionPtr inner = ParseNot();
    --depth_;
    if (inner == nullptr) {
      return nullptr;
    }
    ConditionPtr negation =
        Make(ConditionKind::kNot, Span::Across(span, inner->span));
    negation->children.push_back(std::move(inner));
    return negation;
  }

  bool Enter(Span span) {
    if (++depth_ > nesting_) {
      return FailAt(
          span, ProblemKind::kLimit, "nesting",
          absl::StrCat("conditions may be nested at most ", nesting_, " deep"));
    }
    return true;
  }

  ConditionPtr ParsePredicate() {
    if (Is(TokenKind::kLeftParen)) {
      const Span span = Take().span;
      if (!Enter(span)) {
        return nullptr;
      }
      ConditionPtr inner = ParseOr();
      --depth_;
      if (inner == nullptr || !Expect(TokenKind::kRightParen, "\")\"")) {
        return nullptr;
      }
      return inner;
    }
    if (Is(TokenKind::kName) && Peek(1).kind == TokenKind::kLeftParen) {
      return ParseFunction();
    }
    return ParseComparison();
  }

  ConditionPtr ParseFunction() {
    const Token name = Take();
    Take();  // The parenthesis.
    ConditionPtr call;
    if (absl::EqualsIgnoreCase(name.text, "IS_OF_MODEL")) {
      call = ParseIsOfModel(name.span);
    } else {
      for (const FunctionName& function : kFunctions) {
        if (absl::EqualsIgnoreCase(name.text, function.name)) {
          call = ParseCall(function, name.span);
          break;
        }
      }
      if (call == nullptr && problem_.message.empty()) {
        return None(
            FailAt(name.span, ProblemKind::kSyntax, "syntax",
                   absl::StrCat("there is no function \"", name.text, "\"")));
      }
    }
    return call == nullptr ? nullptr : ParseBooleanTail(std::move(call));
  }

  ConditionPtr ParseCall(const FunctionName& function, Span span) {
    ConditionPtr call = Make(ConditionKind::kCall, span);
    call->function = function.id;
    call->left.path.emplace();
    if (!ParsePath(*call->left.path, "a property")) {
      return nullptr;
    }
    if (function.has_operand) {
      if (!Expect(TokenKind::kComma, "\",\" and a second argument") ||
          !ParseOperand(call->right)) {
        return nullptr;
      }
    }
    const Span end = Peek().span;
    if (!Expect(TokenKind::kRightParen, "\")\"")) {
      return nullptr;
    }
    call->span = Span::Across(span, end);
    return call;
  }

  ConditionPtr ParseIsOfModel(Span span) {
    ConditionPtr test = Make(ConditionKind::kIsOfModel, span);
    if (IsName()) {
      test->alias.emplace();
      if (!ParseName(*test->alias, "an alias") ||
          !Expect(TokenKind::kComma, "\",\" and a model id in quotes")) {
        return nullptr;
      }
    }
    if (!Is(TokenKind::kString)) {
      return None(Fail("a model id in quotes"));
    }
    const Token model = Take();
    test->model = {Value::String(model.text), model.span};
    if (TakeIf(TokenKind::kComma)) {
      if (!Is(TokenKind::kName)) {
        return None(Fail("the word exact"));
      }
      const Token mode = Take();
      test->model_mode = Name{mode.text, mode.span};
    }
    const Span end = Peek().span;
    if (!Expect(TokenKind::kRightParen, "\")\"")) {
      return nullptr;
    }
    test->span = Span::Across(span, end);
    return test;
  }

  // A function may be compared with true or false.
  ConditionPtr ParseBooleanTail(ConditionPtr call) {
    const bool is_equal = Is(TokenKind::kEqual);
    if (!is_equal && !Is(TokenKind::kNotEqual)) {
      return call;
    }
    Take();
    const bool is_true = IsWord("TRUE");
    if (!is_true && !IsWord("FALSE")) {
      return None(Fail("true or false"));
    }
    const Span end = Take().span;
    if (is_equal == is_true) {
      return call;
    }
    ConditionPtr negation =
        Make(ConditionKind::kNot, Span::Across(call->span, end));
    negation->children.push_back(std::move(call));
    return negation;
  }

  ConditionPtr ParseComparison() {
    Operand left;
    if (!ParseOperand(left)) {
      return nullptr;
    }
    const Span begin = left.span();
    CompareOp op = CompareOp::kEqual;
    if (TakeCompare(op)) {
      ConditionPtr compare = Make(ConditionKind::kCompare, begin);
      compare->op = op;
      compare->left = std::move(left);
      if (!ParseOperand(compare->right)) {
        return nullptr;
      }
      compare->span = Span::Across(begin, compare->right.span());
      return compare;
    }
    if (IsWord("IN") || IsWord("NIN")) {
      return ParseIn(std::move(left));
    }
    if (!left.path.has_value()) {
      return None(Fail("a comparison"));
    }
    ConditionPtr test = Make(ConditionKind::kIsTrue, begin);
    test->left = std::move(left);
    return test;
  }

  bool TakeCompare(CompareOp& op) {
    switch (Peek().kind) {
      case TokenKind::kEqual:
        op = CompareOp::kEqual;
        break;
      case TokenKind::kNotEqual:
        op = CompareOp::kNotEqual;
        break;
      case TokenKind::kLess:
        op = CompareOp::kLess;
        break;
      case TokenKind::kLessEqual:
        op = CompareOp::kLessEqual;
        break;
      case TokenKind::kGreater:
        op = CompareOp::kGreater;
        break;
      case TokenKind::kGreaterEqual:
        op = CompareOp::kGreaterEqual;
        break;
      default:
        return false;
    }
    Take();
    return true;
  }

  ConditionPtr ParseIn(Operand left) {
    ConditionPtr in = Make(ConditionKind::kIn, left.span());
    in->left = std::move(left);
    in->is_negated = absl::EqualsIgnoreCase(Take().text, "NIN");
    if (!Expect(TokenKind::kLeftBracket, "\"[\" and a list of values")) {
      return nullptr;
    }
    do {
      Operand item;
      if (!ParseOperand(item)) {
        return nullptr;
      }
      if (!item.literal.has_value()) {
        return None(FailAt(item.span(), ProblemKind::kSemantic, "K15",
                           "a list holds values, not properties"));
      }
      in->list.push_back(*std::move(item.literal));
    } while (TakeIf(TokenKind::kComma));
    const Span end = Peek().span;
    if (!Expect(TokenKind::kRightBracket, "\",\" or \"]\"")) {
      return nullptr;
    }
    in->span = Span::Across(in->span, end);
    return in;
  }

  // --- Operands ---

  bool ParseOperand(Operand& operand) {
    const bool is_literal = Is(TokenKind::kString) || Is(TokenKind::kNumber) ||
                            Is(TokenKind::kMinus) || IsWord("TRUE") ||
                            IsWord("FALSE") || IsWord("NULL");
    if (is_literal) {
      operand.literal.emplace();
      return ParseLiteral(*operand.literal);
    }
    operand.path.emplace();
    return ParsePath(*operand.path, "a property or a value");
  }

  bool ParseLiteral(Literal& literal) {
    const bool is_negative = Is(TokenKind::kMinus);
    const Span begin = Peek().span;
    if (is_negative) {
      Take();
      if (!Is(TokenKind::kNumber)) {
        return Fail("a number");
      }
    }
    const Token token = Take();
    literal.span = Span::Across(begin, token.span);
    if (token.kind == TokenKind::kString) {
      literal.value = Value::String(token.text);
      return true;
    }
    if (token.kind == TokenKind::kNumber) {
      return ParseNumber(is_negative, token, literal);
    }
    if (!absl::EqualsIgnoreCase(token.text, "NULL")) {
      literal.value = Value::Bool(absl::EqualsIgnoreCase(token.text, "TRUE"));
    }
    return true;
  }

  bool ParseNumber(bool is_negative, const Token& token, Literal& literal) {
    const std::string text = absl::StrCat(is_negative ? "-" : "", token.text);
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
      return FailAt(literal.span, ProblemKind::kSyntax, "syntax",
                    "a number beyond the range of double");
    }
    return true;
  }

  bool ParsePath(Path& path, absl::string_view what) {
    Name first;
    if (Is(TokenKind::kSystemName)) {
      Token token = Take();
      first = {std::move(token.text), token.span};
    } else if (!ParseName(first, what)) {
      return false;
    }
    path.span = first.span;
    path.steps.push_back(std::move(first));
    while (TakeIf(TokenKind::kDot)) {
      const bool is_step = Is(TokenKind::kName) || Is(TokenKind::kSystemName) ||
                           Is(TokenKind::kEscapedName);
      if (!is_step) {
        return Fail(
            "a name behind the dot (one that begins with a digit is "
            "written [[3rd]])");
      }
      Token token = Take();
      path.span = Span::Across(path.span, token.span);
      path.steps.push_back({std::move(token.text), token.span});
    }
    return true;
  }

  const std::vector<Token> tokens_;
  const size_t nesting_;
  size_t at_ = 0;
  size_t depth_ = 0;
  Problem problem_;
};

}  // namespace

std::variant<Query, Problem> ParseQuery(absl::string_view text,
                                        size_t nesting) {
  return Parser(text, nesting).Run();
}

}  // namespace twingraph::query
