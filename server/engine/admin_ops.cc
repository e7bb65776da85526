// Covered by tests/server/engine/admin_ops_test.cc.
#include "server/engine/admin_ops.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "server/engine/parts.h"
#include "storage/base/bytes.h"
#include "storage/base/log.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/commit/token.h"
#include "storage/graph/check_graph.h"
#include "storage/graph/repair_indexes.h"

namespace twingraph::engine {
namespace {

// Models and names in statistics.
constexpr size_t kNamesAtMost = 1000;

}  // namespace

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
  const kv::EngineStats stats = commits.engine().Stats();
  status.store_bytes = static_cast<int64_t>(stats.disk_bytes);
  absl::Status writes = commits.engine().CheckWritable();
  writes.Update(stats.write_failure);
  status.read_only_reason = ReasonOf(writes);
  return status;
}

absl::StatusOr<CheckReport> AdminOps::CheckStore(const Context& ctx) {
  ASSIGN_OR_RETURN(const graph::CheckReport found,
                   graph::CheckGraph(ctx, *parts_.graph));
  CheckReport report{.revision = parts_.TokenOf(found.revision),
                     .twins = found.twins,
                     .relationships = found.relationships,
                     .index_entries = found.index_entries,
                     .rows_to_build = found.rows_to_build,
                     .problem_count = found.problem_count,
                     .problems = {}};
  for (const graph::CheckProblem& problem : found.problems) {
    report.problems.push_back(
        {problem.space, problem.key_hex, problem.message});
  }
  return report;
}

absl::StatusOr<RepairReport> AdminOps::RepairIndexes(const Context& ctx) {
  ASSIGN_OR_RETURN(const graph::RepairReport made,
                   graph::RepairIndexes(ctx, *parts_.graph));
  return RepairReport{
      .revision = parts_.TokenOf(parts_.graph->commits().head()->revision),
      .rows_written = made.rows_written,
      .rows_deleted = made.rows_deleted,
      .counters_changed = made.counters_changed};
}

absl::StatusOr<CompactReport> AdminOps::CompactStore(const Context& ctx) {
  commit::Store& commits = parts_.graph->commits();
  const uint64_t before = commits.engine().Stats().disk_bytes;
  RETURN_IF_ERROR(commits.Maintain(ctx));
  RETURN_IF_ERROR(commits.Maintain(ctx));
  RETURN_IF_ERROR(commits.engine().Compact(ctx));
  return CompactReport{
      .bytes_before = static_cast<int64_t>(before),
      .bytes_after = static_cast<int64_t>(commits.engine().Stats().disk_bytes)};
}

absl::StatusOr<Statistics> AdminOps::GetStatistics(const Context& ctx) {
  const commit::Store& commits = parts_.graph->commits();
  ASSIGN_OR_RETURN(const auto reader, parts_.graph->OpenSnapshot(ctx));
  Statistics statistics;
  statistics.revision = parts_.TokenOf(reader->revision());
  statistics.oldest_revision = parts_.TokenOf(commits.OldestRevision());
  ASSIGN_OR_RETURN(statistics.models,
                   graph::CountTwinsByModel(ctx, *reader, kNamesAtMost));
  ASSIGN_OR_RETURN(statistics.relationships,
                   graph::CountRelationshipsByName(ctx, *reader, kNamesAtMost));
  statistics.store = commits.engine().Stats();
  return statistics;
}

absl::StatusOr<std::string> AdminOps::BackupDirectory() const {
  if (parts_.backup_directory.empty()) {
    return FailedPrecondition(v1::ERROR_REASON_BACKUP_UNUSABLE,
                              "the server has no directory of backups; name "
                              "one with --backup-dir");
  }
  return parts_.backup_directory;
}

BackupEntry AdminOps::ToEntry(const kv::Backup& backup) const {
  // Of this store, but perhaps of an epoch before a restore.
  kv::Incarnation incarnation = parts_.incarnation;
  incarnation.epoch = backup.epoch;
  return {.id = backup.id,
          .revision = backup.is_damaged
                          ? std::string()
                          : commit::FormatToken(incarnation, backup.revision),
          .time = backup.time,
          .bytes = static_cast<int64_t>(backup.bytes),
          .is_damaged = backup.is_damaged};
}

std::vector<BackupEntry> AdminOps::ToEntries(
    const std::vector<kv::Backup>& backups) const {
  std::vector<BackupEntry> entries;
  entries.reserve(backups.size());
  for (const kv::Backup& backup : backups) {
    entries.push_back(ToEntry(backup));
  }
  return entries;
}

absl::StatusOr<BackupEntry> AdminOps::CreateBackup(const Context& ctx) {
  ASSIGN_OR_RETURN(const std::string directory, BackupDirectory());
  ASSIGN_OR_RETURN(
      const kv::Backup backup,
      parts_.graph->commits().engine().CreateBackup(ctx, directory));
  LogInfo("backup_made", {{"backup", absl::StrCat(backup.id)},
                          {"bytes", absl::StrCat(backup.bytes)}});
  return ToEntry(backup);
}

absl::StatusOr<std::vector<BackupEntry>> AdminOps::ListBackups(
    const Context& ctx) {
  RETURN_IF_ERROR(ctx.Check());
  ASSIGN_OR_RETURN(const std::string directory, BackupDirectory());
  ASSIGN_OR_RETURN(const std::vector<kv::Backup> backups,
                   parts_.graph->commits().engine().ListBackups(directory));
  return ToEntries(backups);
}

absl::StatusOr<std::vector<BackupEntry>> AdminOps::VerifyBackups(
    const Context& ctx) {
  ASSIGN_OR_RETURN(const std::string directory, BackupDirectory());
  ASSIGN_OR_RETURN(
      const std::vector<kv::Backup> backups,
      parts_.graph->commits().engine().VerifyBackups(ctx, directory));
  return ToEntries(backups);
}

absl::StatusOr<std::vector<BackupEntry>> AdminOps::DeleteOldBackups(
    const Context& ctx, int64_t keep, bool damaged) {
  RETURN_IF_ERROR(ctx.Check());
  if (keep < 1 || keep > UINT32_MAX) {
    return InvalidField("keep_count", "must be at least 1");
  }
  ASSIGN_OR_RETURN(const std::string directory, BackupDirectory());
  ASSIGN_OR_RETURN(
      const std::vector<kv::Backup> deleted,
      parts_.graph->commits().engine().DeleteOldBackups(
          ctx, directory,
          {.keep = static_cast<uint32_t>(keep), .damaged = damaged}));
  for (const kv::Backup& backup : deleted) {
    LogInfo("backup_deleted", {{"backup", absl::StrCat(backup.id)},
                               {"damaged", backup.is_damaged ? "yes" : "no"}});
  }
  return ToEntries(deleted);
}

}  // namespace twingraph::engine
