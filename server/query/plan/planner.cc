// Covered by tests/server/query/golden_query_test.cc.
#include "server/query/plan/planner.h"

#include <algorithm>
#include <utility>

#include "server/query/bind/anchor_rule.h"
#include "server/query/plan/access_path.h"

namespace twingraph::query {
namespace {

// COUNT() of a collection, or of twins by model alone, is known.
std::optional<uint64_t> CountFromStatistics(const BoundQuery& query,
                                            const GraphStatistics& statistics) {
  if (!query.is_count || !query.joins.empty() || query.conjuncts.size() > 1) {
    return std::nullopt;
  }
  Cardinality count;
  if (query.conjuncts.empty()) {
    count = query.variables[0].kind == VariableKind::kTwin
                ? statistics.CountTwins()
                : statistics.CountRelationships(kNoName);
    return count.is_exact ? std::optional(count.value) : std::nullopt;
  }
  const Expression& only = query.conjuncts[0];
  if (only.kind != ConditionKind::kIsOfModel) {
    return std::nullopt;
  }
  uint64_t sum = 0;
  for (const ModelNumber model : only.models.Members()) {
    count = statistics.CountTwinsOfModel(model);
    if (!count.is_exact) {
      return std::nullopt;
    }
    sum += count.value;
  }
  return sum;
}

// Follows joins outwards from the first variable until all have values. Each
// join touches what was declared before it, so the joins form a tree.
std::vector<Hop> OrderHops(const BoundQuery& query, size_t first) {
  std::vector<bool> has_value(query.variables.size(), false);
  std::vector<bool> is_done(query.joins.size(), false);
  has_value[first] = true;
  std::vector<Hop> hops;
  while (hops.size() < query.joins.size()) {
    for (size_t i = 0; i < query.joins.size(); ++i) {
      const BoundJoin& join = query.joins[i];
      if (is_done[i] || has_value[join.source] == has_value[join.target]) {
        continue;
      }
      const bool is_forward = has_value[join.source];
      const size_t to = is_forward ? join.target : join.source;
      hops.push_back({.join = i,
                      .from = is_forward ? join.source : join.target,
                      .to = to,
                      .direction = is_forward ? Direction::kOutgoing
                                              : Direction::kIncoming});
      is_done[i] = has_value[to] = true;
    }
  }
  return hops;
}

// Tests each conjunct as soon as its variables have values.
std::vector<std::vector<size_t>> PlaceTests(const BoundQuery& query,
                                            const Plan& plan) {
  std::vector<size_t> step_of(query.variables.size(), 0);
  for (size_t i = 0; i < plan.hops.size(); ++i) {
    step_of[plan.hops[i].to] = i + 1;
    step_of[query.joins[plan.hops[i].join].relationship] = i + 1;
  }
  std::vector<std::vector<size_t>> tests(plan.hops.size() + 1);
  for (size_t i = 0; i < query.conjuncts.size(); ++i) {
    size_t step = 0;
    for (const size_t variable : query.conjuncts[i].Variables()) {
      step = std::max(step, step_of[variable]);
    }
    tests[step].push_back(i);
  }
  return tests;
}

}  // namespace

Plan MakePlan(const BoundQuery& query, const GraphStatistics& statistics) {
  Plan plan;
  plan.count = CountFromStatistics(query, statistics);
  bool has_access = false;
  for (size_t i = 0; i < query.variables.size(); ++i) {
    const bool is_start =
        i == 0 || query.variables[i].kind == VariableKind::kTwin;
    if (!is_start) {
      continue;
    }
    Access access = BestAccess(query, i, statistics);
    if (!has_access || access.estimate < plan.access.estimate) {
      plan.access = std::move(access);
      has_access = true;
    }
  }
  plan.hops = OrderHops(query, plan.access.variable);
  plan.tests = PlaceTests(query, plan);
  return plan;
}

}  // namespace twingraph::query
