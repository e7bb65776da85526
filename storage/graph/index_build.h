#pragma once

// Makes the rows of an index that is new, from facts that exist, while others
// write: in steps, each one commit that holds its own progress, so that a
// process that ends in the middle goes on where it was. Writers index the new
// paths from the start; readers use them when every fact has its rows
// (GraphReader::IsIndexed).

// Covered by tests/storage/graph/index_build_test.cc.

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "storage/base/context.h"
#include "storage/commit/store.h"
#include "storage/graph/parts.h"

namespace twingraph::graph {

// Takes the rows of all indexes of properties away, readable or not, so that
// building makes them again; readers do without until then. A process that ends
// in the middle builds them too. REQUIRES: the engine has files.
// Errors: those of commit::Store::RunTransaction and Engine::ClearChurning.
absl::Status ClearIndexes(const Context& ctx, Parts& parts);

// One step; true when nothing is left to do. Safe from any thread, also beside
// writers; two at once disturb each other only.
// Errors: those of commit::Store::RunTransaction.
absl::StatusOr<bool> BuildIndexStep(const Context& ctx, Parts& parts);

}  // namespace twingraph::graph
