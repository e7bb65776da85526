// Covered by tests/server/query/golden_query_test.cc.
#include "server/query/bind/pattern_binder.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

namespace twingraph::query {
namespace {

// The lower bound of a range is not included: *1..3 is two or three hops. The
// documentation says so; change it here if that turns out to be wrong.
constexpr uint64_t kFirstAboveLowerBound = 1;

class PatternBinder {
 public:
  PatternBinder(const Pattern& pattern, size_t hops, BoundQuery& bound)
      : pattern_(pattern), hops_limit_(hops), bound_(bound) {}

  std::optional<Problem> Run() {
    bound_.is_trail = true;
    size_t left = 0;
    if (!DeclareNode(pattern_.nodes[0], left)) {
      return problem_;
    }
    for (size_t i = 0; i < pattern_.edges.size(); ++i) {
      BoundSegment segment{.left = left};
      if (!BindEdge(pattern_.edges[i], segment) ||
          !DeclareNode(pattern_.nodes[i + 1], segment.right)) {
        return problem_;
      }
      left = segment.right;
      bound_.segments.push_back(std::move(segment));
    }
    return std::nullopt;
  }

 private:
  bool Fail(ProblemKind kind, absl::string_view rule, Span span,
            std::string message) {
    problem_ = {kind, rule, span, std::move(message)};
    return false;
  }

  bool FailTwice(const Name& name) {
    return Fail(
        ProblemKind::kSemantic, "K1", name.span,
        absl::StrCat("the variable \"", name.text, "\" is declared twice"));
  }

  // A node variable that comes again is the same twin.
  bool DeclareNode(const PatternNode& node, size_t& variable) {
    const std::string name = node.alias.has_value() ? node.alias->text : "";
    if (const auto known = FindVariable(bound_, name)) {
      variable = *known;
      return bound_.variables[*known].kind == VariableKind::kTwin ||
             FailTwice(*node.alias);
    }
    variable = bound_.variables.size();
    bound_.variables.push_back({.name = name, .kind = VariableKind::kTwin});
    return true;
  }

  bool BindEdge(const PatternEdge& edge, BoundSegment& segment) {
    segment.orientation = edge.orientation;
    for (const Name& name : edge.names) {
      segment.names.push_back(name.text);
    }
    std::sort(segment.names.begin(), segment.names.end());
    segment.names.erase(std::unique(segment.names.begin(), segment.names.end()),
                        segment.names.end());
    return BindHops(edge, segment) && DeclareEdge(edge, segment);
  }

  bool BindHops(const PatternEdge& edge, BoundSegment& segment) {
    if (edge.hops.has_value()) {
      const Hops& hops = *edge.hops;
      const uint64_t upper = *hops.upper;
      const uint64_t lower = !hops.is_range           ? upper
                             : hops.above.has_value() ? *hops.above
                                                      : 0;
      // Compared before anything is added, because bounds may be huge.
      const bool is_empty = upper == 0 || (hops.is_range && lower >= upper);
      if (is_empty) {
        return Fail(ProblemKind::kSemantic, "K10", hops.span,
                    "no number of hops is in this range: its start is not "
                    "included");
      }
      segment.min_hops = hops.is_range ? lower + kFirstAboveLowerBound : upper;
      segment.max_hops = upper;
    }
    hops_ = segment.max_hops > hops_limit_ ? hops_limit_ + 1
                                           : hops_ + segment.max_hops;
    return hops_ <= hops_limit_ ||
           Fail(ProblemKind::kLimit, "K11",
                edge.hops.has_value() ? edge.hops->span : edge.span,
                absl::StrCat("at most ", hops_limit_,
                             " hops in a whole pattern"));
  }

  bool DeclareEdge(const PatternEdge& edge, BoundSegment& segment) {
    if (segment.max_hops > 1) {
      return !edge.alias.has_value() ||
             Fail(ProblemKind::kFeature, "K9", edge.alias->span,
                  "a variable stands for one relationship, not for several "
                  "hops");
    }
    const std::string name = edge.alias.has_value() ? edge.alias->text : "";
    if (FindVariable(bound_, name).has_value()) {
      return FailTwice(*edge.alias);
    }
    segment.relationship = bound_.variables.size();
    bound_.variables.push_back(
        {.name = name, .kind = VariableKind::kRelationship});
    return true;
  }

  const Pattern& pattern_;
  const size_t hops_limit_;
  BoundQuery& bound_;
  uint64_t hops_ = 0;
  Problem problem_;
};

}  // namespace

std::optional<Problem> BindPattern(const Pattern& pattern, size_t hops,
                                   BoundQuery& bound) {
  return PatternBinder(pattern, hops, bound).Run();
}

}  // namespace twingraph::query
