#pragma once

// Reading the members of a small stored record that is an encoded map, with a
// default where a member is absent or of another kind. Pure.

// Covered by tests/storage/graph/record_golden_test.cc.

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "storage/value/value_codec.h"

namespace twingraph::graph {

inline std::string TextIn(ValueView map, absl::string_view key) {
  const ValueView view = map.Find(key);
  const bool is_text = view.is_defined() && view.kind() == ValueKind::kString;
  return is_text ? std::string(view.as_string()) : std::string();
}

inline int64_t IntIn(ValueView map, absl::string_view key) {
  const ValueView view = map.Find(key);
  return view.is_defined() && view.kind() == ValueKind::kInt ? view.as_int()
                                                             : 0;
}

inline bool BoolIn(ValueView map, absl::string_view key) {
  const ValueView view = map.Find(key);
  return view.is_defined() && view.kind() == ValueKind::kBool && view.as_bool();
}

inline absl::Time TimeIn(ValueView map, absl::string_view key) {
  return absl::FromUnixNanos(IntIn(map, key));
}

}  // namespace twingraph::graph
