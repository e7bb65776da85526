// Covered by tests/server/query/execution_test.cc.
#include "server/query/plan/access_path.h"

#include <algorithm>
#include <string>
#include <utility>

#include "server/query/bind/anchor_rule.h"
#include "server/query/plan/property_ranges.h"

namespace twingraph::query {
namespace {

// Guesses, where a graph has no count for what is asked.
constexpr uint64_t kDegree = 8;

void AddTwinAccesses(const BoundQuery& query, size_t variable,
                     std::vector<Access>& accesses) {
  for (size_t i = 0; i < query.conjuncts.size(); ++i) {
    const Expression& conjunct = query.conjuncts[i];
    if (auto ids = AllowedIds(conjunct, variable)) {
      accesses.push_back({.kind = AccessKind::kTwinIds,
                          .variable = variable,
                          .ids = std::move(ids->ids),
                          .conjunct = i,
                          .is_exact = ids->is_exact});
    }
    if (conjunct.kind == ConditionKind::kIsOfModel &&
        conjunct.variable == variable) {
      accesses.push_back({.kind = AccessKind::kTwinsOfModels,
                          .variable = variable,
                          .models = conjunct.models.Members(),
                          .conjunct = i,
                          .is_exact = true});
    }
    if (auto ranges = RangesOf(conjunct, variable)) {
      accesses.push_back({.kind = AccessKind::kTwinsOfProperty,
                          .variable = variable,
                          .ranges = std::move(ranges->ranges),
                          .conjunct = i,
                          .is_exact = ranges->is_exact});
    }
  }
  accesses.push_back({.kind = AccessKind::kAllTwins, .variable = variable});
}

bool IsMember(const BoundOperand& operand, absl::string_view member) {
  return operand.is_path && operand.path.steps.size() == 1 &&
         operand.path.steps[0] == member;
}

// The strings that a conjunct allows for a system member of relationships.
std::optional<std::vector<std::string>> AllowedTexts(const Expression& conjunct,
                                                     absl::string_view member) {
  std::vector<std::string> texts;
  const auto add = [&](ValueView value) {
    if (value.kind() == ValueKind::kString) {
      texts.emplace_back(value.as_string());
    }
  };
  const bool is_in = conjunct.kind == ConditionKind::kIn &&
                     !conjunct.is_negated && IsMember(conjunct.left, member);
  const bool is_equal = conjunct.kind == ConditionKind::kCompare &&
                        conjunct.op == CompareOp::kEqual;
  if (is_in) {
    for (const std::string& item : conjunct.list) {
      add(ValueView(item));
    }
  } else if (is_equal && IsMember(conjunct.left, member) &&
             !conjunct.right.is_path) {
    add(conjunct.right.literal());
  } else if (is_equal && IsMember(conjunct.right, member) &&
             !conjunct.left.is_path) {
    add(conjunct.left.literal());
  } else {
    return std::nullopt;
  }
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  return texts;
}

void AddRelationshipAccesses(const BoundQuery& query,
                             std::vector<Access>& accesses) {
  for (size_t i = 0; i < query.conjuncts.size(); ++i) {
    const Expression& conjunct = query.conjuncts[i];
    const auto add_twins = [&](const char* member, Direction direction) {
      if (auto ids = AllowedTexts(conjunct, member)) {
        accesses.push_back({.kind = AccessKind::kRelationshipsOf,
                            .ids = *std::move(ids),
                            .direction = direction,
                            .conjunct = i,
                            .is_exact = true});
      }
    };
    add_twins("$sourceId", Direction::kOutgoing);
    add_twins("$targetId", Direction::kIncoming);
    const auto names = AllowedTexts(conjunct, "$relationshipName");
    if (names.has_value() && names->size() == 1) {
      accesses.push_back({.kind = AccessKind::kRelationshipsByName,
                          .name = names->front(),
                          .conjunct = i,
                          .is_exact = true});
    }
  }
  accesses.push_back({.kind = AccessKind::kAllRelationships});
}

Cardinality SumOverModels(const Access& access,
                          const GraphStatistics& statistics) {
  Cardinality sum{.value = 0, .is_exact = true};
  for (const ModelNumber model : access.models) {
    const Cardinality count = statistics.CountTwinsOfModel(model);
    sum.value += count.value;
    sum.is_exact = sum.is_exact && count.is_exact;
  }
  return sum;
}

std::optional<Cardinality> SumOverRanges(const Access& access,
                                         const GraphStatistics& statistics) {
  Cardinality sum;
  for (const PropertyRange& range : access.ranges) {
    const auto count = statistics.CountProperty(range);
    if (!count.has_value()) {
      return std::nullopt;
    }
    sum.value += count->value;
  }
  return sum;
}

}  // namespace

std::vector<Access> AllAccesses(const BoundQuery& query) {
  std::vector<Access> accesses;
  if (query.variables[0].kind == VariableKind::kRelationship) {
    AddRelationshipAccesses(query, accesses);
    return accesses;
  }
  for (size_t i = 0; i < query.variables.size(); ++i) {
    if (query.variables[i].kind == VariableKind::kTwin) {
      AddTwinAccesses(query, i, accesses);
    }
  }
  return accesses;
}

std::optional<Cardinality> EstimateAccess(const Access& access,
                                          const GraphStatistics& statistics) {
  switch (access.kind) {
    case AccessKind::kTwinIds:
      return Cardinality{.value = access.ids.size()};
    case AccessKind::kTwinsOfModels:
      return SumOverModels(access, statistics);
    case AccessKind::kTwinsOfProperty:
      return SumOverRanges(access, statistics);
    case AccessKind::kAllTwins:
      return statistics.CountTwins();
    case AccessKind::kRelationshipsOf:
      return Cardinality{.value = access.ids.size() * kDegree};
    case AccessKind::kRelationshipsByName:
      return Cardinality{.value =
                             statistics.CountRelationships(kNoName).value / 2};
    case AccessKind::kAllRelationships:
      return statistics.CountRelationships(kNoName);
  }
  return std::nullopt;
}

}  // namespace twingraph::query
