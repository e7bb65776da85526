#pragma once

// What a store holds under one key.

#include <cstdint>
#include <string>

namespace twingraph::kv {

// The number of a commit: each gets the next, none is ever given twice within
// an epoch. 0 is the state before the first commit.
using Revision = uint64_t;

// A value and the commit that wrote it. The revision stands beside the value,
// never in it, because a commit learns its revision only when it is applied.
struct Row {
  std::string value;
  Revision revision = 0;

  bool operator==(const Row&) const = default;
};

}  // namespace twingraph::kv
