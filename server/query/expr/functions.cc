// Covered by tests/server/query/golden_query_test.cc.
#include "absl/strings/match.h"

#include "server/query/expr/expression.h"
#include "storage/value/compare.h"

namespace twingraph::query {
namespace {

Truth ToTruth(bool value) {
  return value ? Truth::kTrue : Truth::kFalse;
}

bool IsPrimitive(ValueView value) {
  return value.kind() != ValueKind::kList && value.kind() != ValueKind::kMap;
}

// Type tests: what is missing is of no type.
Truth TestType(FunctionId function, ValueView value) {
  if (!value.is_defined()) {
    return Truth::kFalse;
  }
  switch (function) {
    case FunctionId::kIsBool:
      return ToTruth(value.kind() == ValueKind::kBool);
    case FunctionId::kIsDefined:
      return Truth::kTrue;
    case FunctionId::kIsNull:
      return ToTruth(value.kind() == ValueKind::kNull);
    case FunctionId::kIsNumber:
      return ToTruth(value.is_number());
    case FunctionId::kIsObject:
      return ToTruth(value.kind() == ValueKind::kMap);
    case FunctionId::kIsPrimitive:
      return ToTruth(IsPrimitive(value));
    case FunctionId::kIsString:
      return ToTruth(value.kind() == ValueKind::kString);
    default:
      return Truth::kUndefined;
  }
}

Truth ArrayContains(ValueView value, ValueView operand) {
  if (value.kind() != ValueKind::kList) {
    return Truth::kUndefined;
  }
  for (size_t i = 0; i < value.size(); ++i) {
    const ValueView element = value.at(i);
    if (IsPrimitive(element) && EqualByMeaning(element, operand)) {
      return Truth::kTrue;
    }
  }
  return Truth::kFalse;
}

bool IsString(ValueView value) {
  return value.kind() == ValueKind::kString;
}

}  // namespace

Truth CallFunction(FunctionId function, ValueView value, ValueView operand) {
  const bool is_text_function = function == FunctionId::kContains ||
                                function == FunctionId::kStartsWith ||
                                function == FunctionId::kEndsWith;
  if (!is_text_function && function != FunctionId::kArrayContains) {
    return TestType(function, value);
  }
  if (!value.is_defined() || !operand.is_defined()) {
    return Truth::kUndefined;
  }
  if (function == FunctionId::kArrayContains) {
    return ArrayContains(value, operand);
  }
  if (!IsString(value) || !IsString(operand)) {
    return Truth::kUndefined;
  }
  const absl::string_view text = value.as_string();
  const absl::string_view part = operand.as_string();
  switch (function) {
    case FunctionId::kContains:
      return ToTruth(absl::StrContains(text, part));
    case FunctionId::kStartsWith:
      return ToTruth(absl::StartsWith(text, part));
    default:
      return ToTruth(absl::EndsWith(text, part));
  }
}

}  // namespace twingraph::query
