// Covered by tests/server/query/golden_query_test.cc.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "server/query/plan/plan.h"

namespace twingraph::query {
namespace {

std::string Describe(const Access& access) {
  switch (access.kind) {
    case AccessKind::kTwinIds:
      return absl::StrCat("by id: ", absl::StrJoin(access.ids, ", "));
    case AccessKind::kTwinsOfModels:
      return absl::StrCat("by ", access.models.size(), " models");
    case AccessKind::kTwinsOfProperty:
      return absl::StrCat("by index of ",
                          absl::StrJoin(access.ranges[0].path, "."));
    case AccessKind::kAllTwins:
      return "all twins";
    case AccessKind::kRelationshipsOf:
      return absl::StrCat(
          access.direction == Direction::kOutgoing ? "from " : "to ",
          absl::StrJoin(access.ids, ", "));
    case AccessKind::kRelationshipsByName:
      return absl::StrCat("by name: ", access.name);
    case AccessKind::kAllRelationships:
      return "all relationships";
  }
  return "";
}

std::string NameOf(const BoundQuery& query, size_t variable) {
  const std::string& name = query.variables[variable].name;
  return name.empty() ? "_" : name;
}

std::string Describe(const Hop& hop, const BoundQuery& query) {
  const BoundSegment& segment = query.segments[hop.segment];
  std::string names = absl::StrJoin(segment.names, "|");
  if (!segment.is_single()) {
    absl::StrAppend(&names, "*", segment.min_hops, "..", segment.max_hops);
  }
  const bool is_either = segment.orientation == Orientation::kEither;
  const bool is_forward =
      (segment.orientation == Orientation::kForward) != hop.is_reversed;
  return absl::StrCat("expand ", NameOf(query, hop.from),
                      is_either || is_forward ? " -[" : " <-[", names,
                      is_either || !is_forward ? "]- " : "]-> ",
                      NameOf(query, hop.to), hop.is_closing ? " (known)" : "");
}

}  // namespace

std::string PrintPlan(const Plan& plan, const BoundQuery& query) {
  std::string text =
      absl::StrCat("scan ", NameOf(query, plan.access.variable), " ",
                   Describe(plan.access), "; about ", plan.estimate, "\n");
  const auto print_tests = [&](size_t step) {
    for (const size_t test : plan.tests[step]) {
      absl::StrAppend(&text, "filter ", query.conjunct_texts[test], "\n");
    }
  };
  print_tests(0);
  for (size_t i = 0; i < plan.hops.size(); ++i) {
    absl::StrAppend(&text, Describe(plan.hops[i], query), "\n");
    print_tests(i + 1);
  }
  if (plan.has_trail_check) {
    absl::StrAppend(&text, "check trails\n");
  }
  if (query.top.has_value()) {
    absl::StrAppend(&text, "top ", *query.top, "\n");
  }
  absl::StrAppend(&text, query.is_count ? "count\n" : "project\n");
  return text;
}

}  // namespace twingraph::query
