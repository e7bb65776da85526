#pragma once

// What commits changed, read from the log: for subscribers, and for reads of
// indexes at older revisions. Plain values; safe from any thread.

#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "storage/base/context.h"
#include "storage/commit/store.h"
#include "storage/graph/number.h"
#include "storage/kv/group_record.h"

namespace twingraph::graph {

// The facts that were written or deleted; each named once, in order. Relations
// of edges: source and number are set, the rest is not.
struct ChangedFacts {
  std::vector<TwinNumber> twins;
  std::vector<Edge> relationships;
  std::vector<std::string> models;  // ids of up to 512 bytes; longer: their key
  std::vector<std::string> hubs;

  bool empty() const {
    return twins.empty() && relationships.empty() && models.empty() &&
           hubs.empty();
  }
};

// One commit as the log tells it. Borrowed for the call that gets it.
struct CommitChanges {
  Revision revision = 0;
  const kv::CommitHeader& header;
  ChangedFacts facts;
};

// What one commit changed.
ChangedFacts FactsOf(const kv::Commit& commit);

// Visits the commits in (from, to] in order until `visit` returns false.
// Errors: those of commit::Store::ReadLog, REVISION_EXPIRED among them.
absl::Status ReadChanges(const Context& ctx, const commit::Store& store,
                         Revision from, Revision to,
                         absl::FunctionRef<bool(const CommitChanges&)> visit);

// All that changed in (from, to], each fact once.
// Errors: as ReadChanges.
absl::StatusOr<ChangedFacts> ChangesBetween(const Context& ctx,
                                            const commit::Store& store,
                                            Revision from, Revision to);

}  // namespace twingraph::graph
