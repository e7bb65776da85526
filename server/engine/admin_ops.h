#pragma once

// What an operator asks of a running server. Safe from any thread; calls block.

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "storage/base/context.h"
#include "storage/graph/graph_statistics.h"
#include "storage/kv/engine.h"
#include "twingraph/v1/error_reason.pb.h"

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
  // Why writes are refused at the moment; unspecified: they are not.
  v1::ErrorReason read_only_reason = v1::ERROR_REASON_UNSPECIFIED;
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
  // Missing from indexes that are being built, which is no problem.
  int64_t rows_to_build = 0;
  int64_t problem_count = 0;
  // The first ones.
  std::vector<CheckProblem> problems;
};

// What a repair did.
struct RepairReport {
  std::string revision;
  int64_t rows_written = 0;
  int64_t rows_deleted = 0;
  int64_t counters_changed = 0;
};

// What a compaction gained.
struct CompactReport {
  int64_t bytes_before = 0;
  int64_t bytes_after = 0;
};

// How much is stored of what.
struct Statistics {
  std::string revision;
  std::string oldest_revision;
  // Most first.
  std::vector<graph::NamedCount> models;
  std::vector<graph::NamedCount> relationships;
  kv::EngineStats store;
};

// A backup, with the token of its revision.
struct BackupEntry {
  int64_t id = 0;
  std::string revision;
  absl::Time time;  // InfinitePast where it is not known
  int64_t bytes = 0;
  bool is_damaged = false;
};

class AdminOps {
 public:
  // `parts` outlives this object.
  explicit AdminOps(Parts& parts) : parts_(parts) {}

  // Errors: those of a read.
  absl::StatusOr<Status> GetStatus(const Context& ctx);

  // Compares twins, both directions of relationships, indexes, counters and
  // models with each other at one revision. Costs a pass over the store.
  // Errors: those of a read, but for DATA_LOSS: what is wrong with the store is
  // in the report.
  absl::StatusOr<CheckReport> CheckStore(const Context& ctx);

  // Makes what follows from facts again where it is wrong; see
  // graph/repair_indexes.h. Errors: those of a write; DATA_LOSS / STORE_CORRUPT
  // where bytes stay damaged, after all else was repaired.
  absl::StatusOr<RepairReport> RepairIndexes(const Context& ctx);

  // Gives up the history that is to go, and rewrites the store without what it
  // does not need. Takes long.
  // Errors: those of a write; DATA_LOSS / STORE_CORRUPT where parts are
  // damaged, after all others were compacted.
  absl::StatusOr<CompactReport> CompactStore(const Context& ctx);

  // Errors: those of a read.
  absl::StatusOr<Statistics> GetStatistics(const Context& ctx);

  // Backups lie in the directory of the engine's options and nowhere else.
  // Errors, for each: FAILED_PRECONDITION / BACKUP_UNUSABLE where there is
  // none; those of kv::Engine.
  absl::StatusOr<BackupEntry> CreateBackup(const Context& ctx);
  absl::StatusOr<std::vector<BackupEntry>> ListBackups(const Context& ctx);
  // The same after reading all of their files. Takes long.
  absl::StatusOr<std::vector<BackupEntry>> VerifyBackups(const Context& ctx);
  // Those that were deleted, oldest first. At least one is kept; those that are
  // kept are read before.
  absl::StatusOr<std::vector<BackupEntry>> DeleteOldBackups(const Context& ctx,
                                                            int64_t keep,
                                                            bool damaged);

 private:
  absl::StatusOr<std::string> BackupDirectory() const;
  BackupEntry ToEntry(const kv::Backup& backup) const;
  std::vector<BackupEntry> ToEntries(
      const std::vector<kv::Backup>& backups) const;

  Parts& parts_;
};

}  // namespace twingraph::engine
