#pragma once

// Half-open ranges of byte strings in unsigned lexicographic order. Values;
// pure functions; safe from any thread.

#include <string>

#include "absl/strings/string_view.h"

namespace twingraph::kv {

// The keys k with begin <= k < end. An empty `end` means "no end", so the
// default range holds all keys.
struct Range {
  std::string begin;
  std::string end;

  // Every key of a space.
  static Range All() { return {}; }

  // The keys that begin with `prefix`.
  static Range Prefix(absl::string_view prefix);

  // What is left of `range` behind `key`: how a forward scan continues.
  static Range After(const Range& range, absl::string_view key);

  // What is left of `range` before `key`: how a reverse scan continues.
  static Range Before(const Range& range, absl::string_view key);

  bool Contains(absl::string_view key) const {
    return key >= begin && (end.empty() || key < end);
  }

  // True where no key can be inside.
  bool IsEmpty() const { return !end.empty() && begin >= end; }

  bool operator==(const Range&) const = default;
};

}  // namespace twingraph::kv
