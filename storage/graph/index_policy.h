#pragma once

// Which property paths are indexed: all but those on a list, each with all that
// lies below it; none where the empty path is on it. Immutable; safe from any
// thread.

#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace twingraph::graph {

class IndexPolicy {
 public:
  // Everything is indexed.
  IndexPolicy() = default;

  // `unindexed` are JSON Pointers.
  explicit IndexPolicy(absl::Span<const std::string> unindexed)
      : unindexed_(unindexed.begin(), unindexed.end()),
        lists_all_(unindexed_.contains("")) {}

  // Does this very path stand on the list? Enough for who walks down a value
  // and stops there.
  bool IsListed(absl::string_view path) const {
    return !unindexed_.empty() && (lists_all_ || unindexed_.contains(path));
  }

  // Is every value of this path indexed?
  bool IsIndexed(absl::Span<const std::string> path) const;

 private:
  absl::flat_hash_set<std::string> unindexed_;
  // The empty path stands for all others.
  bool lists_all_ = false;
};

}  // namespace twingraph::graph
