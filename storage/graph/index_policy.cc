// Covered by tests/storage/graph/index_rows_test.cc.
#include "storage/graph/index_policy.h"

#include "storage/graph/property_path.h"

namespace twingraph::graph {

bool IndexPolicy::IsIndexed(absl::Span<const std::string> path) const {
  std::string text;
  for (const std::string& part : path) {
    AppendPathPart(part, text);
    if (IsListed(text)) {
      return false;
    }
  }
  return !path.empty();
}

}  // namespace twingraph::graph
