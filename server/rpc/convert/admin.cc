#include "server/rpc/convert/admin.h"

#include "storage/base/resident_memory.h"
#include "storage/base/status.h"

namespace twingraph::rpc {
namespace {

constexpr int64_t kNanos = 1'000'000'000;

void SetTime(absl::Time time, google::protobuf::Timestamp& proto) {
  const int64_t seconds = absl::ToUnixSeconds(time);
  proto.set_seconds(seconds);
  proto.set_nanos(static_cast<int32_t>(
      absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds))));
}

}  // namespace

void SetStatus(const engine::Status& status, v1::GetStatusResponse& response) {
  response.set_engine(status.engine);
  response.set_store_id(status.store_id);
  response.set_revision(status.revision);
  response.set_oldest_revision(status.oldest_revision);
  if (status.last_commit_time != absl::InfinitePast()) {
    SetTime(status.last_commit_time, *response.mutable_last_commit_time());
  }
  response.set_model_count(status.models);
  response.set_twin_count(status.twins);
  response.set_relationship_count(status.relationships);
  response.set_hub_count(status.hubs);
  response.set_disk_bytes(status.store_bytes);
  if (status.read_only_reason != v1::ERROR_REASON_UNSPECIFIED) {
    response.set_read_only_reason(ReasonName(status.read_only_reason));
  }
}

void SetProblem(const engine::CheckProblem& problem,
                v1::CheckStoreResponse& response) {
  v1::CheckProblem& proto = *response.mutable_problem();
  proto.set_space(problem.space);
  proto.set_subject(problem.subject);
  proto.set_description(problem.description);
}

void SetSummary(const engine::CheckReport& report, absl::Duration elapsed,
                v1::CheckStoreResponse& response) {
  v1::CheckSummary& proto = *response.mutable_summary();
  proto.set_problem_count(report.problem_count);
  proto.set_entries_checked(report.twins + report.relationships +
                            report.index_entries);
  SetDuration(elapsed, *proto.mutable_elapsed());
  proto.set_revision(report.revision);
  proto.set_rows_to_build(report.rows_to_build);
}

void SetDuration(absl::Duration duration, google::protobuf::Duration& proto) {
  const int64_t nanos = absl::ToInt64Nanoseconds(duration);
  proto.set_seconds(nanos / kNanos);
  proto.set_nanos(static_cast<int32_t>(nanos % kNanos));
}

void SetRepair(const engine::RepairReport& report,
               v1::RepairIndexesResponse& response) {
  response.set_rows_written(report.rows_written);
  response.set_rows_deleted(report.rows_deleted);
  response.set_counters_changed(report.counters_changed);
  response.set_revision(report.revision);
}

void SetStatistics(const engine::Statistics& statistics,
                   v1::GetStatisticsResponse& response) {
  response.set_revision(statistics.revision);
  response.set_oldest_revision(statistics.oldest_revision);
  for (const graph::NamedCount& model : statistics.models) {
    v1::ModelStatistics& proto = *response.add_models();
    proto.set_model_id(model.name);
    proto.set_twin_count(model.count);
  }
  for (const graph::NamedCount& name : statistics.relationships) {
    v1::RelationshipStatistics& proto = *response.add_relationships();
    proto.set_name(name.name);
    proto.set_relationship_count(name.count);
  }
  const kv::EngineStats& store = statistics.store;
  for (const kv::PartStats& part : store.parts) {
    v1::PartStatistics& proto = *response.add_parts();
    proto.set_name(part.name);
    proto.set_disk_bytes(static_cast<int64_t>(part.disk_bytes));
    proto.set_buffer_bytes(static_cast<int64_t>(part.buffer_bytes));
    proto.set_entry_count(static_cast<int64_t>(part.rows));
  }
  v1::MemoryStatistics& memory = *response.mutable_memory();
  memory.set_resident_bytes(static_cast<int64_t>(ResidentBytes()));
  memory.set_store_bytes(static_cast<int64_t>(store.memory_bytes));
  memory.set_store_limit_bytes(static_cast<int64_t>(store.memory_limit_bytes));
  response.set_history_bytes(static_cast<int64_t>(store.history_bytes));
  response.set_log_bytes(static_cast<int64_t>(store.log_bytes));
}

void SetBackup(const engine::BackupEntry& backup, v1::Backup& proto) {
  proto.set_id(backup.id);
  proto.set_revision(backup.revision);
  if (backup.time != absl::InfinitePast()) {
    SetTime(backup.time, *proto.mutable_create_time());
  }
  proto.set_bytes(backup.bytes);
  proto.set_damaged(backup.is_damaged);
}

}  // namespace twingraph::rpc
