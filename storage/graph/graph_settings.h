#pragma once

// What a graph decided when it was made, kept in its store.
//
// Stored form (space `meta`, key "graph"), an encoded map; frozen, golden test
// record_golden_test: {"format": 1, "unindexed": [JSON Pointers]}. A format
// number above kGraphFormat is refused.

// Covered by tests/storage/graph/graph_store_test.cc.

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "storage/base/context.h"
#include "storage/commit/store.h"

namespace twingraph::graph {

// The newest format of keys and records that is known here.
inline constexpr int64_t kGraphFormat = 1;

struct GraphSettings {
  int64_t format = kGraphFormat;
  std::vector<std::string> unindexed_paths;
};

std::string EncodeGraphSettings(const GraphSettings& settings);

// Errors: DATA_LOSS / STORE_CORRUPT.
absl::StatusOr<GraphSettings> DecodeGraphSettings(absl::string_view bytes);

// The settings of a store; made with `unindexed_paths` where it has none.
// Errors: FAILED_PRECONDITION / STORE_FORMAT_TOO_NEW; those of the store.
absl::StatusOr<GraphSettings> OpenSettings(
    const Context& ctx, commit::Store& store,
    const std::vector<std::string>& unindexed_paths);

}  // namespace twingraph::graph
