// Covered by tests/server/query/execution_test.cc.
#include "server/query/plan/planner.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "server/query/plan/access_path.h"

namespace twingraph::query {
namespace {

// How much a segment may multiply rows; the smallest goes first.
size_t HopRank(const BoundSegment& segment, bool is_closing) {
  if (is_closing) {
    return segment.is_single() ? 0 : 1;
  }
  return 1 + segment.max_hops;
}

// Follows segments outwards from the first variable until all are done. They
// hang together, so one always begins or ends at a twin that has a value.
std::vector<Hop> OrderHops(const BoundQuery& query, size_t first) {
  std::vector<bool> has_value(query.variables.size(), false);
  std::vector<bool> is_done(query.segments.size(), false);
  has_value[first] = true;
  std::vector<Hop> hops;
  while (hops.size() < query.segments.size()) {
    std::optional<size_t> best;
    size_t best_rank = 0;
    for (size_t i = 0; i < query.segments.size(); ++i) {
      const BoundSegment& segment = query.segments[i];
      const bool left = has_value[segment.left];
      const bool right = has_value[segment.right];
      const size_t rank = HopRank(segment, left && right);
      if (!is_done[i] && (left || right) &&
          (!best.has_value() || rank < best_rank)) {
        best = i;
        best_rank = rank;
      }
    }
    const BoundSegment& segment = query.segments[*best];
    const bool is_reversed = !has_value[segment.left];
    const size_t to = is_reversed ? segment.left : segment.right;
    hops.push_back({.segment = *best,
                    .from = is_reversed ? segment.right : segment.left,
                    .to = to,
                    .is_reversed = is_reversed,
                    .is_closing = has_value[to]});
    is_done[*best] = has_value[to] = true;
  }
  return hops;
}

bool NeedsDocuments(const Expression& condition) {
  return condition.left.is_path || condition.right.is_path ||
         std::any_of(condition.children.begin(), condition.children.end(),
                     NeedsDocuments);
}

// Tests each conjunct as soon as its variables have values, those that need no
// document first.
std::vector<std::vector<size_t>> PlaceTests(const BoundQuery& query,
                                            const Plan& plan) {
  std::vector<size_t> step_of(query.variables.size(), 0);
  for (size_t i = 0; i < plan.hops.size(); ++i) {
    const Hop& hop = plan.hops[i];
    if (!hop.is_closing) {
      step_of[hop.to] = i + 1;
    }
    if (const auto edge = query.segments[hop.segment].relationship) {
      step_of[*edge] = i + 1;
    }
  }
  std::vector<std::vector<size_t>> tests(plan.hops.size() + 1);
  for (size_t i = 0; i < query.conjuncts.size(); ++i) {
    if (plan.access.is_exact && plan.access.conjunct == i) {
      continue;
    }
    size_t step = 0;
    for (const size_t variable : query.conjuncts[i].Variables()) {
      step = std::max(step, step_of[variable]);
    }
    tests[step].push_back(i);
  }
  for (std::vector<size_t>& list : tests) {
    std::stable_partition(list.begin(), list.end(), [&](size_t test) {
      return !NeedsDocuments(query.conjuncts[test]);
    });
  }
  return tests;
}

// A hop keeps off the relationships of the hops before it; a segment of several
// hops cannot know those of the hops behind it.
bool NeedsTrailCheck(const BoundQuery& query, const std::vector<Hop>& hops) {
  if (!query.is_trail) {
    return false;
  }
  for (size_t i = 0; i < hops.size(); ++i) {
    const BoundSegment& segment = query.segments[hops[i].segment];
    for (size_t j = i + 1; j < hops.size() && !segment.is_single(); ++j) {
      if (CanShareRelationships(segment, query.segments[hops[j].segment])) {
        return true;
      }
    }
  }
  return false;
}

Plan Complete(const BoundQuery& query, size_t choice, Access access,
              uint64_t estimate) {
  Plan plan{
      .choice = choice, .access = std::move(access), .estimate = estimate};
  plan.hops = OrderHops(query, plan.access.variable);
  plan.tests = PlaceTests(query, plan);
  plan.has_trail_check = NeedsTrailCheck(query, plan.hops);
  return plan;
}

}  // namespace

Plan MakePlan(const BoundQuery& query, const GraphStatistics& statistics) {
  std::vector<Access> accesses = AllAccesses(query);
  std::optional<size_t> best;
  uint64_t best_estimate = 0;
  for (size_t i = 0; i < accesses.size(); ++i) {
    const auto estimate = EstimateAccess(accesses[i], statistics);
    if (!estimate.has_value()) {
      continue;
    }
    // Among equals the kind that is named first: it costs less a row.
    const bool is_better = !best.has_value() ||
                           estimate->value < best_estimate ||
                           (estimate->value == best_estimate &&
                            accesses[i].kind < accesses[*best].kind);
    if (is_better) {
      best = i;
      best_estimate = estimate->value;
    }
  }
  return Complete(query, *best, std::move(accesses[*best]), best_estimate);
}

std::optional<Plan> RepeatPlan(const BoundQuery& query, size_t choice,
                               const GraphStatistics& statistics) {
  std::vector<Access> accesses = AllAccesses(query);
  if (choice >= accesses.size()) {
    return std::nullopt;
  }
  const auto estimate = EstimateAccess(accesses[choice], statistics);
  if (!estimate.has_value()) {
    return std::nullopt;
  }
  return Complete(query, choice, std::move(accesses[choice]), estimate->value);
}

std::optional<uint64_t> KnownCount(const BoundQuery& query, const Plan& plan,
                                   const GraphStatistics& statistics) {
  const AccessKind kind = plan.access.kind;
  const bool is_counted = kind == AccessKind::kAllTwins ||
                          kind == AccessKind::kTwinsOfModels ||
                          kind == AccessKind::kAllRelationships;
  if (!query.is_count || !is_counted || !plan.hops.empty() ||
      !plan.tests[0].empty()) {
    return std::nullopt;
  }
  const auto count = EstimateAccess(plan.access, statistics);
  return count->is_exact ? std::optional(count->value) : std::nullopt;
}

}  // namespace twingraph::query
