#include "storage/kv/range.h"

#include <algorithm>

#include "storage/base/bytes.h"

namespace twingraph::kv {

Range Range::Prefix(absl::string_view prefix) {
  return {std::string(prefix), PrefixSuccessor(prefix)};
}

Range Range::After(const Range& range, absl::string_view key) {
  std::string next(key);
  next.push_back('\0');
  return {std::max(range.begin, next), range.end};
}

Range Range::Before(const Range& range, absl::string_view key) {
  if (key.empty()) {
    // No key is smaller than the empty one; "" as an end would mean no end.
    return {std::string(1, '\0'), std::string(1, '\0')};
  }
  const std::string end(key);
  return {range.begin, range.end.empty() ? end : std::min(range.end, end)};
}

}  // namespace twingraph::kv
