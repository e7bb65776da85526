// Covered by tests/server/query/golden_query_test.cc.
#include "server/query/bind/anchor_rule.h"

#include <algorithm>

namespace twingraph::query {
namespace {

bool IsId(const BoundOperand& operand, size_t variable) {
  return operand.is_path && operand.path.variable == variable &&
         operand.path.steps == std::vector<std::string>{"$dtId"};
}

void AddId(ValueView value, std::vector<std::string>& ids) {
  if (value.kind() == ValueKind::kString) {
    ids.emplace_back(value.as_string());
  }
}

std::vector<std::string> Unique(std::vector<std::string> ids) {
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

std::optional<IdSet> IdsOfComparison(const Expression& expression,
                                     size_t variable) {
  if (expression.op != CompareOp::kEqual) {
    return std::nullopt;
  }
  std::vector<std::string> ids;
  if (IsId(expression.left, variable) && !expression.right.is_path) {
    AddId(expression.right.literal(), ids);
    return IdSet{ids};
  }
  if (IsId(expression.right, variable) && !expression.left.is_path) {
    AddId(expression.left.literal(), ids);
    return IdSet{ids};
  }
  return std::nullopt;
}

// Does the expression limit some twin, possibly another in each branch?
bool Fixes(const Expression& expression, const BoundQuery& query) {
  switch (expression.kind) {
    case ConditionKind::kAnd:
      return std::any_of(
          expression.children.begin(), expression.children.end(),
          [&](const Expression& child) { return Fixes(child, query); });
    case ConditionKind::kOr:
      return std::all_of(
          expression.children.begin(), expression.children.end(),
          [&](const Expression& child) { return Fixes(child, query); });
    default:
      for (size_t i = 0; i < query.variables.size(); ++i) {
        if (query.variables[i].kind == VariableKind::kTwin &&
            AllowedIds(expression, i).has_value()) {
          return true;
        }
      }
      return false;
  }
}

}  // namespace

std::optional<IdSet> AllowedIds(const Expression& expression, size_t variable) {
  switch (expression.kind) {
    case ConditionKind::kCompare:
      return IdsOfComparison(expression, variable);
    case ConditionKind::kIn: {
      if (expression.is_negated || !IsId(expression.left, variable)) {
        return std::nullopt;
      }
      std::vector<std::string> ids;
      for (const std::string& item : expression.list) {
        AddId(ValueView(item), ids);
      }
      return IdSet{Unique(std::move(ids))};
    }
    case ConditionKind::kAnd:
      for (const Expression& child : expression.children) {
        if (auto set = AllowedIds(child, variable)) {
          set->is_exact = false;
          return set;
        }
      }
      return std::nullopt;
    case ConditionKind::kOr: {
      IdSet all;
      for (const Expression& child : expression.children) {
        const auto set = AllowedIds(child, variable);
        if (!set.has_value()) {
          return std::nullopt;
        }
        all.ids.insert(all.ids.end(), set->ids.begin(), set->ids.end());
        all.is_exact = all.is_exact && set->is_exact;
      }
      all.ids = Unique(std::move(all.ids));
      return all;
    }
    default:
      return std::nullopt;
  }
}

bool HasAnchor(const BoundQuery& query) {
  return std::any_of(
      query.conjuncts.begin(), query.conjuncts.end(),
      [&](const Expression& conjunct) { return Fixes(conjunct, query); });
}

}  // namespace twingraph::query
