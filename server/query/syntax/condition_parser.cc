// Covered by tests/server/query/golden_query_test.cc.
#include "server/query/syntax/condition_parser.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "server/query/syntax/operand_parser.h"

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

// Each method returns null, or false, on a problem.
class ConditionParser {
 public:
  ConditionParser(TokenReader& reader, size_t nesting)
      : reader_(reader), nesting_(nesting) {}

  std::unique_ptr<Condition> Run() { return ParseOr(); }

 private:
  using ConditionPtr = std::unique_ptr<Condition>;

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
    if (first == nullptr || !reader_.IsWord(word)) {
      return first;
    }
    ConditionPtr list = Make(kind, first->span);
    list->children.push_back(std::move(first));
    while (reader_.TakeWord(word)) {
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
    if (!reader_.IsWord("NOT")) {
      return ParsePredicate();
    }
    const Span span = reader_.Take().span;
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
      return reader_.FailAt(
          span, ProblemKind::kLimit, "nesting",
          absl::StrCat("conditions may be nested at most ", nesting_, " deep"));
    }
    return true;
  }

  ConditionPtr ParsePredicate() {
    if (reader_.Is(TokenKind::kLeftParen)) {
      const Span span = reader_.Take().span;
      if (!Enter(span)) {
        return nullptr;
      }
      ConditionPtr inner = ParseOr();
      --depth_;
      if (inner == nullptr ||
          !reader_.Expect(TokenKind::kRightParen, "\")\"")) {
        return nullptr;
      }
      return inner;
    }
    if (reader_.Is(TokenKind::kName) &&
        reader_.Peek(1).kind == TokenKind::kLeftParen) {
      return ParseFunction();
    }
    return ParseComparison();
  }

  ConditionPtr ParseFunction() {
    const Token name = reader_.Take();
    reader_.Take();  // The parenthesis.
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
      if (call == nullptr && reader_.problem().message.empty()) {
        return None(reader_.FailAt(
            name.span, ProblemKind::kSyntax, "syntax",
            absl::StrCat("there is no function \"", name.text, "\"")));
      }
    }
    return call == nullptr ? nullptr : ParseBooleanTail(std::move(call));
  }

  ConditionPtr ParseCall(const FunctionName& function, Span span) {
    ConditionPtr call = Make(ConditionKind::kCall, span);
    call->function = function.id;
    call->left.path.emplace();
    if (!ParsePath(reader_, "a property", *call->left.path)) {
      return nullptr;
    }
    if (function.has_operand) {
      if (!reader_.Expect(TokenKind::kComma, "\",\" and a second argument") ||
          !ParseOperand(reader_, call->right)) {
        return nullptr;
      }
    }
    const Span end = reader_.Peek().span;
    if (!reader_.Expect(TokenKind::kRightParen, "\")\"")) {
      return nullptr;
    }
    call->span = Span::Across(span, end);
    return call;
  }

  ConditionPtr ParseIsOfModel(Span span) {
    ConditionPtr test = Make(ConditionKind::kIsOfModel, span);
    if (reader_.IsName()) {
      test->alias.emplace();
      if (!reader_.ExpectName(*test->alias, "an alias") ||
          !reader_.Expect(TokenKind::kComma,
                          "\",\" and a model id in quotes")) {
        return nullptr;
      }
    }
    if (!reader_.Is(TokenKind::kString)) {
      return None(reader_.Fail("a model id in quotes"));
    }
    const Token model = reader_.Take();
    test->model = {Value::String(model.text), model.span};
    if (reader_.TakeIf(TokenKind::kComma)) {
      if (!reader_.Is(TokenKind::kName)) {
        return None(reader_.Fail("the word exact"));
      }
      const Token mode = reader_.Take();
      test->model_mode = Name{mode.text, mode.span};
    }
    const Span end = reader_.Peek().span;
    if (!reader_.Expect(TokenKind::kRightParen, "\")\"")) {
      return nullptr;
    }
    test->span = Span::Across(span, end);
    return test;
  }

  // A function may be compared with true or false.
  ConditionPtr ParseBooleanTail(ConditionPtr call) {
    const bool is_equal = reader_.Is(TokenKind::kEqual);
    if (!is_equal && !reader_.Is(TokenKind::kNotEqual)) {
      return call;
    }
    reader_.Take();
    const bool is_true = reader_.IsWord("TRUE");
    if (!is_true && !reader_.IsWord("FALSE")) {
      return None(reader_.Fail("true or false"));
    }
    const Span end = reader_.Take().span;
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
    if (!ParseOperand(reader_, left)) {
      return nullptr;
    }
    const Span begin = left.span();
    CompareOp op = CompareOp::kEqual;
    if (TakeCompare(op)) {
      ConditionPtr compare = Make(ConditionKind::kCompare, begin);
      compare->op = op;
      compare->left = std::move(left);
      if (!ParseOperand(reader_, compare->right)) {
        return nullptr;
      }
      compare->span = Span::Across(begin, compare->right.span());
      return compare;
    }
    if (reader_.IsWord("IN") || reader_.IsWord("NIN")) {
      return ParseIn(std::move(left));
    }
    if (!left.path.has_value()) {
      return None(reader_.Fail("a comparison"));
    }
    ConditionPtr test = Make(ConditionKind::kIsTrue, begin);
    test->left = std::move(left);
    return test;
  }

  bool TakeCompare(CompareOp& op) {
    switch (reader_.Peek().kind) {
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
    reader_.Take();
    return true;
  }

  ConditionPtr ParseIn(Operand left) {
    ConditionPtr in = Make(ConditionKind::kIn, left.span());
    in->left = std::move(left);
    in->is_negated = absl::EqualsIgnoreCase(reader_.Take().text, "NIN");
    if (!reader_.Expect(TokenKind::kLeftBracket,
                        "\"[\" and a list of values")) {
      return nullptr;
    }
    do {
      Operand item;
      if (!ParseOperand(reader_, item)) {
        return nullptr;
      }
      if (!item.literal.has_value()) {
        return None(reader_.FailAt(item.span(), ProblemKind::kSemantic, "K15",
                                   "a list holds values, not properties"));
      }
      in->list.push_back(*std::move(item.literal));
    } while (reader_.TakeIf(TokenKind::kComma));
    const Span end = reader_.Peek().span;
    if (!reader_.Expect(TokenKind::kRightBracket, "\",\" or \"]\"")) {
      return nullptr;
    }
    in->span = Span::Across(in->span, end);
    return in;
  }

  TokenReader& reader_;
  const size_t nesting_;
  size_t depth_ = 0;
};

}  // namespace

std::unique_ptr<Condition> ParseCondition(TokenReader& reader, size_t nesting) {
  return ConditionParser(reader, nesting).Run();
}

}  // namespace twingraph::query
