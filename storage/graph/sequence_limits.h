#pragma once

// The rows of `sequence`, which say up to where numbers may have been given
// out: where one is lost or too low, numbers that are in use would be given to
// new facts.

// Covered by tests/storage/graph/sequence_limits_test.cc.

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "storage/base/context.h"
#include "storage/commit/store.h"
#include "storage/graph/graph_reader.h"
#include "storage/key/dict_key.h"

namespace twingraph::graph {

// The highest number of each sequence that a fact has.
using HighestNumbers = absl::btree_map<key::Sequence, uint64_t>;

// A sequence that would give out numbers in use.
struct ShortSequence {
  key::Sequence sequence{};
  uint64_t highest = 0;
  // Of the row, as a message says it.
  std::string problem;
};

// Errors: those of reading.
absl::StatusOr<std::vector<ShortSequence>> FindShortSequences(
    const Context& ctx, const GraphReader& reader,
    const HighestNumbers& highest);

// Afterwards numbers behind the highest one are given out, also after a
// restart. Skips some. Errors: those of commit::Store::RunTransaction.
absl::Status LengthenSequence(const Context& ctx, commit::Store& store,
                              const ShortSequence& found);

}  // namespace twingraph::graph
