// Covered by tests/server/query/golden_query_test.cc.
#include <algorithm>
#include <optional>

#include "server/query/expr/expression.h"
#include "storage/value/compare.h"

namespace twingraph::query {
namespace {

Truth ToTruth(bool value) {
  return value ? Truth::kTrue : Truth::kFalse;
}

Truth Not(Truth truth) {
  switch (truth) {
    case Truth::kFalse:
      return Truth::kTrue;
    case Truth::kTrue:
      return Truth::kFalse;
    case Truth::kUndefined:
      return Truth::kUndefined;
  }
  return Truth::kUndefined;
}

// An operand's value and the bytes that it may have been made in.
class Resolved {
 public:
  Resolved(const BoundOperand& operand, const ExpressionRow& row)
      : view_(operand.is_path ? row.Resolve(operand.path.variable,
                                            operand.path.steps, scratch_)
                              : operand.literal()) {}

  Resolved(const Resolved&) = delete;
  Resolved& operator=(const Resolved&) = delete;

  ValueView view() const { return view_; }

 private:
  std::string scratch_;
  ValueView view_;
};

bool IsContainer(ValueView value) {
  return value.kind() == ValueKind::kList || value.kind() == ValueKind::kMap;
}

Truth Compare(CompareOp op, ValueView a, ValueView b) {
  if (!a.is_defined() || !b.is_defined()) {
    return Truth::kUndefined;
  }
  // Objects and arrays are equal or not; they have no order.
  if (IsContainer(a) && a.kind() == b.kind()) {
    const bool is_equal = EqualByMeaning(a, b);
    if (op == CompareOp::kEqual) {
      return ToTruth(is_equal);
    }
    return op == CompareOp::kNotEqual ? ToTruth(!is_equal) : Truth::kUndefined;
  }
  const auto order = CompareValues(a, b);
  if (!order.has_value()) {
    return Truth::kUndefined;
  }
  switch (op) {
    case CompareOp::kEqual:
      return ToTruth(*order == 0);
    case CompareOp::kNotEqual:
      return ToTruth(*order != 0);
    case CompareOp::kLess:
      return ToTruth(*order < 0);
    case CompareOp::kLessEqual:
      return ToTruth(*order <= 0);
    case CompareOp::kGreater:
      return ToTruth(*order > 0);
    case CompareOp::kGreaterEqual:
      return ToTruth(*order >= 0);
  }
  return Truth::kUndefined;
}

// AND and OR: `decisive` wins, then undefined, else the other.
Truth Connect(const Expression& expression, const ExpressionRow& row,
              Truth decisive) {
  Truth result = Not(decisive);
  for (const Expression& child : expression.children) {
    const Truth truth = Evaluate(child, row);
    if (truth == decisive) {
      return decisive;
    }
    if (truth == Truth::kUndefined) {
      result = Truth::kUndefined;
    }
  }
  return result;
}

Truth In(const Expression& expression, const ExpressionRow& row) {
  const Resolved left(expression.left, row);
  if (!left.view().is_defined()) {
    return Truth::kUndefined;
  }
  const bool is_found =
      std::any_of(expression.list.begin(), expression.list.end(),
                  [&](const std::string& item) {
                    return EqualByMeaning(left.view(), ValueView(item));
                  });
  return ToTruth(is_found != expression.is_negated);
}

Truth Call(const Expression& expression, const ExpressionRow& row) {
  const Resolved value(expression.left, row);
  const bool has_operand =
      expression.right.is_path || !expression.right.value.empty();
  if (!has_operand) {
    return CallFunction(expression.function, value.view(), ValueView());
  }
  const Resolved operand(expression.right, row);
  return CallFunction(expression.function, value.view(), operand.view());
}

Truth IsTrue(const Expression& expression, const ExpressionRow& row) {
  const Resolved value(expression.left, row);
  if (!value.view().is_defined() || value.view().kind() != ValueKind::kBool) {
    return Truth::kUndefined;
  }
  return ToTruth(value.view().as_bool());
}

void AddVariables(const Expression& expression, std::vector<size_t>& out) {
  for (const Expression& child : expression.children) {
    AddVariables(child, out);
  }
  if (expression.kind == ConditionKind::kIsOfModel) {
    out.push_back(expression.variable);
  }
  for (const BoundOperand* operand : {&expression.left, &expression.right}) {
    if (operand->is_path) {
      out.push_back(operand->path.variable);
    }
  }
}

}  // namespace

std::vector<size_t> Expression::Variables() const {
  std::vector<size_t> variables;
  AddVariables(*this, variables);
  std::sort(variables.begin(), variables.end());
  variables.erase(std::unique(variables.begin(), variables.end()),
                  variables.end());
  return variables;
}

Truth Evaluate(const Expression& expression, const ExpressionRow& row) {
  switch (expression.kind) {
    case ConditionKind::kOr:
      return Connect(expression, row, Truth::kTrue);
    case ConditionKind::kAnd:
      return Connect(expression, row, Truth::kFalse);
    case ConditionKind::kNot:
      return Not(Evaluate(expression.children[0], row));
    case ConditionKind::kCompare: {
      const Resolved left(expression.left, row);
      const Resolved right(expression.right, row);
      return Compare(expression.op, left.view(), right.view());
    }
    case ConditionKind::kIn:
      return In(expression, row);
    case ConditionKind::kCall:
      return Call(expression, row);
    case ConditionKind::kIsOfModel:
      return ToTruth(
          expression.models.Contains(row.ModelOf(expression.variable)));
    case ConditionKind::kIsTrue:
      return IsTrue(expression, row);
  }
  return Truth::kUndefined;
}

}  // namespace twingraph::query
