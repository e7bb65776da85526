#include "server/rpc/convert/admin.h"

#include <fstream>

#include <unistd.h>

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
  const int64_t nanos = absl::ToInt64Nanoseconds(elapsed);
  proto.mutable_elapsed()->set_seconds(nanos / kNanos);
  proto.mutable_elapsed()->set_nanos(static_cast<int32_t>(nanos % kNanos));
  proto.set_revision(report.revision);
}

int64_t ResidentBytes() {
  std::ifstream statm("/proc/self/statm");
  int64_t total_pages = 0;
  int64_t resident_pages = 0;
  statm >> total_pages >> resident_pages;
  return resident_pages * sysconf(_SC_PAGESIZE);
}

}  // namespace twingraph::rpc
