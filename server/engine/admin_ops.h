#pragma once

// What an operator asks of a running server. Safe from any thread; calls block.

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "storage/base/context.h"

namespace twingraph::engine {

struct Parts;

struct Status {
  std::string engine;  // name of the store's engine
  absl::Duration uptime;
  std::string store_id;         // identity of the store, for people
  std::string revision;         // token of the head
  std::string oldest_revision;  // token of the oldest that can be read
  // Of the newest commit; InfinitePast before the first.
  absl::Time last_commit_time = absl::InfinitePast();
  int64_t models = 0;
  int64_t twins = 0;
  int64_t relationships = 0;
  int64_t hubs = 0;
  int64_t store_bytes = 0;
};

// One disagreement.
struct CheckProblem {
  std::string space;    // name of the key space
  std::string subject;  // what it concerns, such as an id or a key
  std::string description;
};

// What a check of the store found.
struct CheckReport {
  std::string revision;
  int64_t twins = 0;
  int64_t relationships = 0;
  int64_t index_entries = 0;
  int64_t problem_count = 0;
  // The first ones.
  std::vector<CheckProblem> problems;
};

class AdminOps {
 public:
  // `parts` outlives this object.
  explicit AdminOps(Parts& parts) : parts_(parts) {}

  absl::StatusOr<Status> GetStatus(const Context& ctx);

  // Compares twins, both directions of relationships, indexes, counters and
  // models with each other at one revision. Costs a pass over the store.
  // Errors: CALL_ENDED. What is wrong with the store is in the report.
  absl::StatusOr<CheckReport> CheckStore(const Context& ctx);

 private:
  Parts& parts_;
};

}  // namespace twingraph::engine
