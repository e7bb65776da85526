// Covered by tests/server/query/execution_test.cc.
#include "server/query/plan/property_ranges.h"

#include <algorithm>
#include <string>
#include <utility>

#include "storage/base/bytes.h"
#include "storage/value/compare.h"

namespace twingraph::query {
namespace {

std::optional<ValueType> TypeOf(ValueView value) {
  switch (value.kind()) {
    case ValueKind::kNull:
      return ValueType::kNull;
    case ValueKind::kBool:
      return ValueType::kBool;
    case ValueKind::kInt:
    case ValueKind::kUint:
    case ValueKind::kDouble:
      return ValueType::kNumber;
    case ValueKind::kString:
      return ValueType::kString;
    case ValueKind::kList:
    case ValueKind::kMap:
      return std::nullopt;
  }
  return std::nullopt;
}

CompareOp Flipped(CompareOp op) {
  switch (op) {
    case CompareOp::kLess:
      return CompareOp::kGreater;
    case CompareOp::kLessEqual:
      return CompareOp::kGreaterEqual;
    case CompareOp::kGreater:
      return CompareOp::kLess;
    case CompareOp::kGreaterEqual:
      return CompareOp::kLessEqual;
    case CompareOp::kEqual:
    case CompareOp::kNotEqual:
      return op;
  }
  return op;
}

// Contents and the device block can have an index, other system members not.
bool CanHaveIndex(const std::vector<std::string>& steps) {
  const bool is_device = !steps.empty() && steps[0] == "$device";
  return !steps.empty() &&
         std::none_of(steps.begin() + (is_device ? 1 : 0), steps.end(),
                      [](const std::string& step) { return step[0] == '$'; });
}

bool IsId(const std::vector<std::string>& steps) {
  return steps.size() == 1 && steps[0] == "$dtId";
}

bool IsPropertyOf(const BoundOperand& operand, size_t variable) {
  return operand.is_path && operand.path.variable == variable &&
         (CanHaveIndex(operand.path.steps) || IsId(operand.path.steps));
}

// The ids of twins are kept in order, as strings only.
bool IsServed(const PropertyRange& range) {
  return !IsId(range.path) ||
         (range.type == ValueType::kString && (range.lower || range.upper));
}

RangesOfCondition One(PropertyRange range) {
  return {.ranges = {std::move(range)}};
}

// path op literal. Null has no order, so it is its type and nothing more.
std::optional<RangesOfCondition> RangesOfComparison(const BoundPath& path,
                                                    CompareOp op,
                                                    ValueView literal) {
  const std::optional<ValueType> type = TypeOf(literal);
  if (!type.has_value() || op == CompareOp::kNotEqual) {
    return std::nullopt;
  }
  PropertyRange range{.path = path.steps, .type = type};
  if (*type == ValueType::kNull) {
    const bool is_strict = op == CompareOp::kLess || op == CompareOp::kGreater;
    return is_strict ? std::nullopt : std::optional(One(std::move(range)));
  }
  const Value value = DecodeValue(literal);
  if (op != CompareOp::kLess && op != CompareOp::kLessEqual) {
    range.lower = ValueBound{value, op != CompareOp::kGreater};
  }
  if (op != CompareOp::kGreater && op != CompareOp::kGreaterEqual) {
    range.upper = ValueBound{value, op != CompareOp::kLess};
  }
  return One(std::move(range));
}

std::optional<RangesOfCondition> RangesOfCompare(const Expression& condition,
                                                 size_t variable) {
  if (IsPropertyOf(condition.left, variable) && !condition.right.is_path) {
    return RangesOfComparison(condition.left.path, condition.op,
                              condition.right.literal());
  }
  if (IsPropertyOf(condition.right, variable) && !condition.left.is_path) {
    return RangesOfComparison(condition.right.path, Flipped(condition.op),
                              condition.left.literal());
  }
  return std::nullopt;
}

// A point for each value of a list, once.
std::optional<RangesOfCondition> RangesOfIn(const Expression& condition,
                                            size_t variable) {
  if (condition.is_negated || !IsPropertyOf(condition.left, variable)) {
    return std::nullopt;
  }
  RangesOfCondition result;
  for (size_t i = 0; i < condition.list.size(); ++i) {
    const ValueView item(condition.list[i]);
    const bool is_repeated =
        std::any_of(condition.list.begin(),
                    condition.list.begin() + static_cast<ptrdiff_t>(i),
                    [&](const std::string& other) {
                      return EqualByMeaning(ValueView(other), item);
                    });
    if (!is_repeated) {
      const auto point =
          RangesOfComparison(condition.left.path, CompareOp::kEqual, item);
      result.ranges.push_back(point->ranges.front());
    }
  }
  return result;
}

// All values of some types; without a type, all values.
RangesOfCondition OfTypes(const BoundPath& path,
                          const std::vector<std::optional<ValueType>>& types) {
  RangesOfCondition result;
  for (const std::optional<ValueType> type : types) {
    result.ranges.push_back({.path = path.steps, .type = type});
  }
  return result;
}

std::optional<RangesOfCondition> RangesOfPrefix(const BoundPath& path,
                                                const BoundOperand& operand) {
  if (operand.is_path || operand.literal().kind() != ValueKind::kString) {
    return std::nullopt;
  }
  const std::string prefix(operand.literal().as_string());
  PropertyRange range{.path = path.steps, .type = ValueType::kString};
  if (!prefix.empty()) {
    range.lower = ValueBound{Value::String(prefix), true};
    range.upper = ValueBound{Value::String(PrefixSuccessor(prefix)), false};
  }
  return One(std::move(range));
}

std::optional<RangesOfCondition> RangesOfCall(const Expression& condition,
                                              size_t variable) {
  if (!IsPropertyOf(condition.left, variable)) {
    return std::nullopt;
  }
  const BoundPath& path = condition.left.path;
  switch (condition.function) {
    case FunctionId::kIsDefined:
      return OfTypes(path, {std::nullopt});
    case FunctionId::kIsNull:
      return OfTypes(path, {ValueType::kNull});
    case FunctionId::kIsBool:
      return OfTypes(path, {ValueType::kBool});
    case FunctionId::kIsNumber:
      return OfTypes(path, {ValueType::kNumber});
    case FunctionId::kIsString:
      return OfTypes(path, {ValueType::kString});
    case FunctionId::kIsObject:
      return OfTypes(path, {ValueType::kMap});
    case FunctionId::kIsPrimitive:
      return OfTypes(path, {ValueType::kNull, ValueType::kBool,
                            ValueType::kNumber, ValueType::kString});
    case FunctionId::kStartsWith:
      return RangesOfPrefix(path, condition.right);
    case FunctionId::kContains:
    case FunctionId::kEndsWith: {
      RangesOfCondition strings = OfTypes(path, {ValueType::kString});
      strings.is_exact = false;
      return strings;
    }
    case FunctionId::kArrayContains: {
      RangesOfCondition lists = OfTypes(path, {ValueType::kList});
      lists.is_exact = false;
      return lists;
    }
  }
  return std::nullopt;
}

RangesOfCondition RangesOfTrue(const BoundPath& path) {
  const ValueBound is_true{Value::Bool(/*value=*/true), true};
  return One({.path = path.steps,
              .type = ValueType::kBool,
              .lower = is_true,
              .upper = is_true});
}

std::optional<RangesOfCondition> AllRangesOf(const Expression& condition,
                                             size_t variable) {
  switch (condition.kind) {
    case ConditionKind::kCompare:
      return RangesOfCompare(condition, variable);
    case ConditionKind::kIn:
      return RangesOfIn(condition, variable);
    case ConditionKind::kCall:
      return RangesOfCall(condition, variable);
    case ConditionKind::kIsTrue:
      return IsPropertyOf(condition.left, variable)
                 ? std::optional(RangesOfTrue(condition.left.path))
                 : std::nullopt;
    case ConditionKind::kOr:
    case ConditionKind::kAnd:
    case ConditionKind::kNot:
    case ConditionKind::kIsOfModel:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

std::optional<RangesOfCondition> RangesOf(const Expression& condition,
                                          size_t variable) {
  auto found = AllRangesOf(condition, variable);
  const bool is_served =
      found.has_value() &&
      std::all_of(found->ranges.begin(), found->ranges.end(), IsServed);
  return is_served ? found : std::nullopt;
}

}  // namespace twingraph::query
