// Covered by tests/server/engine/admin_ops_test.cc.
#include "server/engine/admin_ops.h"

#include <utility>

#include "server/engine/parts.h"
#include "storage/base/bytes.h"
#include "storage/base/status_macros.h"
#include "storage/graph/check_graph.h"

namespace twingraph::engine {

absl::StatusOr<Status> AdminOps::GetStatus(const Context& ctx) {
  const auto reader = parts_.graph->Newest();
  const commit::Store& commits = parts_.graph->commits();
  const auto head = commits.head();
  Status status;
  status.engine = parts_.engine_name;
  status.uptime = parts_.clock->Now() - parts_.start_time;
  const auto& store_id = head->incarnation.store_id;
  status.store_id = ToHex(absl::string_view(
      reinterpret_cast<const char*>(store_id.data()), store_id.size()));
  status.revision = parts_.TokenOf(head->revision);
  status.oldest_revision = parts_.TokenOf(commits.OldestRevision());
  if (head->revision > 0) {
    status.last_commit_time = head->time;
  }
  ASSIGN_OR_RETURN(status.models, reader->CountModels(ctx));
  ASSIGN_OR_RETURN(status.twins, reader->CountTwins(ctx));
  ASSIGN_OR_RETURN(status.relationships, reader->CountRelationships(ctx));
  ASSIGN_OR_RETURN(status.hubs, reader->CountHubs(ctx));
  status.store_bytes =
      static_cast<int64_t>(commits.engine().Stats().disk_bytes);
  return status;
}

absl::StatusOr<CheckReport> AdminOps::CheckStore(const Context& ctx) {
  ASSIGN_OR_RETURN(const auto reader, parts_.graph->OpenSnapshot(ctx));
  ASSIGN_OR_RETURN(const graph::CheckReport found,
                   graph::CheckGraph(ctx, *reader));
  CheckReport report{.revision = parts_.TokenOf(found.revision),
                     .twins = found.twins,
                     .relationships = found.relationships,
                     .index_entries = found.index_entries,
                     .problem_count = found.problem_count,
                     .problems = {}};
  for (const graph::CheckProblem& problem : found.problems) {
    report.problems.push_back(
        {problem.space, problem.key_hex, problem.message});
  }
  return report;
}

}  // namespace twingraph::engine
