#pragma once

// Which values of a path an index scan wants. Plain values.

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "storage/graph/number.h"
#include "storage/key/ordered_codec.h"
#include "storage/kv/range.h"
#include "storage/value/value.h"

namespace twingraph::graph {

using key::OrderedType;

// One end of a range of values.
struct ValueBound {
  Value value = {};
  bool is_inclusive = true;
};

// The values of one path. The path names a property, a part of one
// ("thermostat", "temperature"), or a member of the device block ("$device",
// "state").
struct PropertyRange {
  std::vector<std::string> path = {};
  // Absent: any value; then there are no bounds.
  std::optional<OrderedType> type = {};
  // Of `type`. Absent: no limit. The upper bound of a prefix of strings may
  // have any bytes.
  std::optional<ValueBound> lower = {};
  std::optional<ValueBound> upper = {};
};

// The keys of `range` among those that begin with `prefix` and go on with an
// ordered value. An empty range where the bounds say so.
kv::Range KeysOf(const PropertyRange& range, absl::string_view prefix);

// True if the keys decide: false for string bounds that an index key does not
// hold whole, where some keys of KeysOf stand for values out of range.
bool IsExact(const PropertyRange& range);

}  // namespace twingraph::graph
