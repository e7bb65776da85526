// Covered by tests/server/query/golden_query_test.cc.
#include "server/query/plan/access_path.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "server/query/bind/anchor_rule.h"
#include "storage/base/bytes.h"

namespace twingraph::query {
namespace {

std::optional<ValueType> TypeOf(ValueView value) {
  switch (value.kind()) {
    case ValueKind::kBool:
      return ValueType::kBool;
    case ValueKind::kInt:
    case ValueKind::kUint:
    case ValueKind::kDouble:
      return ValueType::kNumber;
    case ValueKind::kString:
      return ValueType::kString;
    case ValueKind::kNull:
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

bool IsOf(const BoundOperand& operand, size_t variable) {
  return operand.is_path && operand.path.variable == variable &&
         !operand.path.steps.empty();
}

// path op literal, whichever side the path stands on.
std::optional<PropertyRange> RangeOfComparison(const Expression& expression,
                                               size_t variable) {
  const bool is_left = IsOf(expression.left, variable);
  const BoundOperand& path = is_left ? expression.left : expression.right;
  const BoundOperand& other = is_left ? expression.right : expression.left;
  if (!IsOf(path, variable) || other.is_path) {
    return std::nullopt;
  }
  const CompareOp op = is_left ? expression.op : Flipped(expression.op);
  const std::optional<ValueType> type = TypeOf(other.literal());
  if (!type.has_value() || op == CompareOp::kNotEqual) {
    return std::nullopt;
  }
  PropertyRange range{.path = path.path.steps, .type = type};
  const Value value = DecodeValue(other.literal());
  if (op == CompareOp::kEqual || op == CompareOp::kGreater ||
      op == CompareOp::kGreaterEqual) {
    range.lower = ValueBound{value, op != CompareOp::kGreater};
  }
  if (op == CompareOp::kEqual || op == CompareOp::kLess ||
      op == CompareOp::kLessEqual) {
    range.upper = ValueBound{value, op != CompareOp::kLess};
  }
  return range;
}

std::optional<PropertyRange> RangeOfCall(const Expression& expression,
                                         size_t variable) {
  if (!IsOf(expression.left, variable)) {
    return std::nullopt;
  }
  PropertyRange range{.path = expression.left.path.steps};
  if (expression.function == FunctionId::kIsDefined) {
    return range;
  }
  const bool is_prefix =
      expression.function == FunctionId::kStartsWith &&
      !expression.right.is_path &&
      expression.right.literal().kind() == ValueKind::kString;
  if (!is_prefix) {
    return std::nullopt;
  }
  const std::string prefix(expression.right.literal().as_string());
  range.type = ValueType::kString;
  if (!prefix.empty()) {
    range.lower = ValueBound{Value::String(prefix), true};
    range.upper = ValueBound{Value::String(PrefixSuccessor(prefix)), false};
  }
  return range;
}

std::optional<PropertyRange> RangeOf(const Expression& expression,
                                     size_t variable) {
  switch (expression.kind) {
    case ConditionKind::kCompare:
      return RangeOfComparison(expression, variable);
    case ConditionKind::kCall:
      return RangeOfCall(expression, variable);
    default:
      return std::nullopt;
  }
}

// The candidates of a variable; keeps the cheapest, the first among equals.
class Candidates {
 public:
  explicit Candidates(Access access) : best_(std::move(access)) {}

  void Offer(Access access) {
    if (access.estimate < best_.estimate) {
      best_ = std::move(access);
    }
  }

  Access Take() && { return std::move(best_); }

 private:
  Access best_;
};

Access BestTwinAccess(const BoundQuery& query, size_t variable,
                      const GraphStatistics& statistics) {
  const uint64_t all = statistics.CountTwins().value;
  Candidates candidates(
      {.kind = AccessKind::kAllTwins, .variable = variable, .estimate = all});
  for (const Expression& conjunct : query.conjuncts) {
    if (auto ids = AllowedIds(conjunct, variable)) {
      const uint64_t count = ids->size();
      candidates.Offer({.kind = AccessKind::kTwinIds,
                        .variable = variable,
                        .ids = *std::move(ids),
                        .estimate = count});
    }
    if (conjunct.kind == ConditionKind::kIsOfModel &&
        conjunct.variable == variable) {
      Access access{.kind = AccessKind::kTwinsOfModels, .variable = variable};
      for (const ModelNumber model : conjunct.models.Members()) {
        const uint64_t count = statistics.CountTwinsOfModel(model).value;
        access.estimate += count;
        if (count > 0) {
          access.models.push_back(model);
        }
      }
      candidates.Offer(std::move(access));
    }
    if (const auto range = RangeOf(conjunct, variable)) {
      if (const auto count = statistics.CountProperty(*range)) {
        candidates.Offer({.kind = AccessKind::kTwinsOfProperty,
                          .variable = variable,
                          .range = *range,
                          .estimate = count->value});
      }
    }
  }
  return std::move(candidates).Take();
}

// The strings that a conjunct allows for a system member of relationships.
std::optional<std::vector<std::string>> AllowedTexts(
    const Expression& expression, absl::string_view member) {
  const auto is_member = [&](const BoundOperand& operand) {
    return operand.is_path && operand.path.steps.size() == 1 &&
           operand.path.steps[0] == member;
  };
  std::vector<std::string> texts;
  const auto add = [&](ValueView value) {
    if (value.kind() == ValueKind::kString) {
      texts.emplace_back(value.as_string());
    }
  };
  if (expression.kind == ConditionKind::kIn && !expression.is_negated &&
      is_member(expression.left)) {
    for (const std::string& item : expression.list) {
      add(ValueView(item));
    }
    std::sort(texts.begin(), texts.end());
    texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
    return texts;
  }
  if (expression.kind == ConditionKind::kCompare &&
      expression.op == CompareOp::kEqual) {
    if (is_member(expression.left) && !expression.right.is_path) {
      add(expression.right.literal());
      return texts;
    }
    if (is_member(expression.right) && !expression.left.is_path) {
      add(expression.left.literal());
      return texts;
    }
  }
  return std::nullopt;
}

Access BestRelationshipAccess(const BoundQuery& query, size_t variable,
                              const GraphStatistics& statistics) {
  // Relationships of one twin, as a guess.
  constexpr uint64_t kDegree = 8;
  const uint64_t all = statistics.CountRelationships(kNoName).value;
  Candidates candidates({.kind = AccessKind::kAllRelationships,
                         .variable = variable,
                         .estimate = all});
  for (const Expression& conjunct : query.conjuncts) {
    if (auto ids = AllowedTexts(conjunct, "$sourceId")) {
      const uint64_t count = ids->size() * kDegree;
      candidates.Offer({.kind = AccessKind::kRelationshipsOf,
                        .variable = variable,
                        .ids = *std::move(ids),
                        .direction = Direction::kOutgoing,
                        .estimate = count});
    }
    if (auto ids = AllowedTexts(conjunct, "$targetId")) {
      const uint64_t count = ids->size() * kDegree;
      candidates.Offer({.kind = AccessKind::kRelationshipsOf,
                        .variable = variable,
                        .ids = *std::move(ids),
                        .direction = Direction::kIncoming,
                        .estimate = count});
    }
    const auto names = AllowedTexts(conjunct, "$relationshipName");
    if (names.has_value() && names->size() == 1) {
      candidates.Offer({.kind = AccessKind::kRelationshipsByName,
                        .variable = variable,
                        .name = names->front(),
                        .estimate = all / 2});
    }
  }
  return std::move(candidates).Take();
}

}  // namespace

Access BestAccess(const BoundQuery& query, size_t variable,
                  const GraphStatistics& statistics) {
  return query.variables[variable].kind == VariableKind::kTwin
             ? BestTwinAccess(query, variable, statistics)
             : BestRelationshipAccess(query, variable, statistics);
}

}  // namespace twingraph::query
