#pragma once

// What a graph decided when it was made, kept in its store.
//
// Stored form (space `meta`, key "graph"), an encoded map; frozen, golden test
// record_golden_test: {"format": 1, "unindexed": [JSON Pointers]}. Once an
// index was built on existing data the format is 2, with "before": [JSON
// Pointers] and, until it is complete, "build": {"twin", "name", "source",
// "target", "number"}, the last facts that have their rows. A format number
// above kGraphFormat is refused.

// Covered by tests/storage/graph/graph_store_test.cc.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "storage/base/context.h"
#include "storage/commit/store.h"
#include "storage/graph/number.h"

namespace twingraph::graph {

// The newest format of keys and records that is known here.
inline constexpr int64_t kGraphFormat = 2;

// How far an index build is.
struct IndexBuild {
  TwinNumber twin{};
  Edge edge = {};

  friend bool operator==(const IndexBuild&, const IndexBuild&) = default;
};

struct GraphSettings {
  int64_t format = 1;
  std::vector<std::string> unindexed_paths = {};
  // Paths without rows at revisions before the newest build was complete.
  std::vector<std::string> unindexed_before = {};
  std::optional<IndexBuild> build = {};
  // The commit that wrote them; not stored in them.
  Revision revision = 0;
};

std::string EncodeGraphSettings(const GraphSettings& settings);

// Errors: DATA_LOSS / STORE_CORRUPT.
absl::StatusOr<GraphSettings> DecodeGraphSettings(absl::string_view bytes);

// The settings of a store. A new one takes the list, or the default where there
// is none. One that exists begins to build the indexes that the list allows and
// that it lacks; indexes that it has stay, and without a list nothing changes.
// Errors: FAILED_PRECONDITION / STORE_FORMAT_TOO_NEW; those of the store.
absl::StatusOr<GraphSettings> OpenSettings(
    const Context& ctx, commit::Store& store,
    const std::optional<std::vector<std::string>>& unindexed_paths);

// What a new graph does not index: values that change with every message.
std::vector<std::string> DefaultUnindexedPaths();

// The paths that get their index while `settings.build` is there; after a
// second build those of the first are among them.
std::vector<std::string> PathsBeingBuilt(const GraphSettings& settings);

// The paths of a list that have an index all the same.
std::vector<std::string> PathsThatKeepTheirIndex(
    const std::vector<std::string>& wanted, const GraphSettings& settings);

// The settings of a store that is open, and the commit depends on them.
absl::StatusOr<GraphSettings> ReadSettingsForUpdate(
    const Context& ctx, commit::Transaction& transaction);

absl::Status WriteSettings(const GraphSettings& settings,
                           commit::Transaction& transaction);

}  // namespace twingraph::graph
