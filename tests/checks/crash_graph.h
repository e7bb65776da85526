#pragma once

// A graph over the disk of the crash check: twins are made with a relationship
// to the one before, changed and deleted, and its indexes are cleared and made
// again beside that; what is left must be sound.

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "storage/graph/graph_store.h"

namespace twingraph {

// In the directory of a round.
inline constexpr char kGraphName[] = "/graph";

// What was acknowledged of a twin.
struct TwinPromise {
  graph::Revision revision = 0;
  // It has at least this one.
  int64_t value = 0;
  // Its deletion was asked for, or acknowledged.
  bool may_be_gone = false;
  bool is_gone = false;
};

using GraphPromises = std::map<std::string, TwinPromise>;

absl::StatusOr<std::unique_ptr<graph::GraphStore>> OpenCrashGraph(
    const std::string& directory, kv::Durability durability);

// Runs until the process is killed. Lines that it writes, each after the call
// that made it true returned, but for `deleting`:
//   twin ID REVISION
//   value ID REVISION NUMBER
//   deleting ID
//   gone ID
void WriteGraph(graph::GraphStore& graph, uint64_t seed, int writer);

// Makes the indexes that a life before left unbuilt; then runs until the
// process is killed, clearing all of them and making them again.
void ClearAndBuildIndexes(graph::GraphStore& graph, uint64_t seed);

// Takes in one such line; false for others.
bool ReadGraphPromise(absl::Span<const absl::string_view> parts,
                      GraphPromises& promises);

// What happened to graphs over all rounds.
struct GraphLosses {
  // Promises that power loss may undo, and has.
  int64_t commits = 0;
  // Lives that ended after the rows of the indexes were dropped, and before
  // there was a place for new ones.
  int64_t cleared = 0;
  // Lives that ended before indexes were built.
  int64_t unbuilt = 0;
};

// Opens what is left of a graph and compares it with all promises so far, of
// which those are dropped that power loss may have undone. Its indexes are
// whole, or known not to be, and whole when they were built.
// Errors: INTERNAL, what is wrong; of opening.
absl::Status CheckCrashGraph(const std::string& directory,
                             kv::Durability durability, GraphPromises& promises,
                             GraphLosses& losses);

}  // namespace twingraph
