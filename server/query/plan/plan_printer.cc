// Covered by tests/server/query/golden_query_test.cc.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "server/query/plan/plan.h"

namespace twingraph::query {
namespace {

std::string Describe(const Access& access) {
  switch (access.kind) {
    case AccessKind::kTwinIds:
      return absl::StrCat("twins by ", access.ids.size(), " ids");
    case AccessKind::kTwinsOfModels:
      return absl::StrCat("twins of ", access.models.size(), " models");
    case AccessKind::kTwinsOfProperty:
      return absl::StrCat("twins by index of ",
                          absl::StrJoin(access.range.path, "."));
    case AccessKind::kAllTwins:
      return "all twins";
    case AccessKind::kRelationshipsOf:
      return absl::StrCat(access.direction == Direction::kOutgoing
                              ? "relationships from "
                              : "relationships to ",
                          access.ids.size(), " twins");
    case AccessKind::kRelationshipsByName:
      return absl::StrCat("relationships called ", access.name);
    case AccessKind::kAllRelationships:
      return "all relationships";
  }
  return "";
}

std::string NameOf(const BoundQuery& query, size_t variable) {
  const std::string& name = query.variables[variable].name;
  return name.empty() ? "_" : name;
}

}  // namespace

std::string PrintPlan(const Plan& plan, const BoundQuery& query) {
  if (plan.count.has_value()) {
    return "count from statistics\n";
  }
  std::string text = absl::StrCat("scan ", NameOf(query, plan.access.variable),
                                  ": ", Describe(plan.access), ", about ",
                                  plan.access.estimate, "\n");
  const auto print_tests = [&](size_t step) {
    if (!plan.tests[step].empty()) {
      absl::StrAppend(&text, "filter: ", plan.tests[step].size(),
                      " conditions\n");
    }
  };
  print_tests(0);
  for (size_t i = 0; i < plan.hops.size(); ++i) {
    const Hop& hop = plan.hops[i];
    absl::StrAppend(&text, "expand ", NameOf(query, hop.from),
                    hop.direction == Direction::kOutgoing ? " -" : " <-",
                    query.joins[hop.join].name,
                    hop.direction == Direction::kOutgoing ? "-> " : "- ",
                    NameOf(query, hop.to), "\n");
    print_tests(i + 1);
  }
  if (query.top.has_value()) {
    absl::StrAppend(&text, "top ", *query.top, "\n");
  }
  absl::StrAppend(&text, query.is_count ? "count\n" : "project\n");
  return text;
}

}  // namespace twingraph::query
