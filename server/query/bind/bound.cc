// Covered by tests/server/query/execution_test.cc.
#include "server/query/bind/bound.h"

#include <algorithm>

namespace twingraph::query {

std::optional<size_t> FindVariable(const BoundQuery& query,
                                   absl::string_view name) {
  for (size_t i = 0; i < query.variables.size(); ++i) {
    if (!name.empty() && query.variables[i].name == name) {
      return i;
    }
  }
  return std::nullopt;
}

bool CanShareRelationships(const BoundSegment& a, const BoundSegment& b) {
  return a.names.empty() || b.names.empty() ||
         std::any_of(a.names.begin(), a.names.end(),
                     [&](const std::string& name) {
                       return std::find(b.names.begin(), b.names.end(), name) !=
                              b.names.end();
                     });
}

}  // namespace twingraph::query
