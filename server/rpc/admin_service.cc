// Covered by tests/server/rpc/services_test.cc.
#include "server/rpc/admin_service.h"

#include <cstddef>
#include <utility>
#include <vector>

#include "absl/time/clock.h"

#include "server/rpc/convert/admin.h"
#include "server/rpc/unary.h"
#include "storage/base/resident_memory.h"
#include "storage/base/status_macros.h"

namespace twingraph::rpc {
namespace {

// The problems of a report, then its summary.
class ReportSource final : public MessageSource {
 public:
  ReportSource(engine::CheckReport report, absl::Duration elapsed)
      : report_(std::move(report)), elapsed_(elapsed) {}

  absl::StatusOr<bool> Next(Call& /*call*/, std::string& message) override {
    v1::CheckStoreResponse response;
    const bool has_problem = next_ < report_.problems.size();
    if (has_problem) {
      SetProblem(report_.problems[next_++], response);
    } else {
      SetSummary(report_, elapsed_, response);
    }
    response.AppendToString(&message);
    return has_problem;
  }

 private:
  const engine::CheckReport report_;
  const absl::Duration elapsed_;
  size_t next_ = 0;
};

// Calls that wait for their turn; more are refused.
constexpr size_t kWaitingUpkeep = 8;

CallEnvironment WithoutDeadline(CallEnvironment calls) {
  calls.call_deadline = absl::Hours(24);
  calls.stream_age = absl::Hours(24);
  return calls;
}

}  // namespace

AdminService::AdminService(const ServiceParts& parts)
    : RawService(*v1::PingRequest::descriptor()->file()->FindServiceByName(
          "AdminService")),
      parts_(parts),
      long_calls_(WithoutDeadline(parts.calls)),
      admin_(parts.engine.admin()),
      upkeep_("upkeep", /*threads=*/1, kWaitingUpkeep) {
  using S = AdminService;
  const CallEnvironment& calls = parts.calls;
  BindUnary(*this, "Ping", calls, /*executor=*/nullptr, &S::Ping);
  BindUnary(*this, "GetStatus", calls, &calls.reads, &S::GetStatus);
  BindServerStream<v1::CheckStoreRequest>(
      *this, "CheckStore", long_calls_, upkeep_,
      [this](Call& call, const v1::CheckStoreRequest& request) {
        return CheckStore(call, request);
      });
  BindUnary(*this, "RepairIndexes", long_calls_, &upkeep_, &S::RepairIndexes);
  BindUnary(*this, "CompactStore", long_calls_, &upkeep_, &S::CompactStore);
  BindUnary(*this, "GetStatistics", calls, &calls.reads, &S::GetStatistics);
  BindUnary(*this, "CreateBackup", long_calls_, &upkeep_, &S::CreateBackup);
  BindUnary(*this, "ListBackups", calls, &calls.reads, &S::ListBackups);
  BindUnary(*this, "VerifyBackups", long_calls_, &upkeep_, &S::VerifyBackups);
  BindUnary(*this, "DeleteOldBackups", long_calls_, &upkeep_,
            &S::DeleteOldBackups);
}

absl::Status AdminService::Ping(Call& /*call*/,
                                const v1::PingRequest& /*request*/,
                                std::string& /*response*/) {
  return absl::OkStatus();
}

absl::Status AdminService::GetStatus(Call& call,
                                     const v1::GetStatusRequest& /*request*/,
                                     std::string& response) {
  ASSIGN_OR_RETURN(const engine::Status status,
                   admin_.GetStatus(call.context()));
  v1::GetStatusResponse proto;
  SetStatus(status, proto);
  proto.set_server_version(parts_.server_version);
  proto.mutable_start_time()->set_seconds(
      absl::ToUnixSeconds(parts_.start_time));
  proto.set_graph("default");
  proto.set_memory_bytes(static_cast<int64_t>(ResidentBytes()));
  proto.AppendToString(&response);
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<MessageSource>> AdminService::CheckStore(
    Call& call, const v1::CheckStoreRequest& /*request*/) {
  const absl::Time start = absl::Now();
  ASSIGN_OR_RETURN(engine::CheckReport report,
                   admin_.CheckStore(call.context()));
  return std::make_unique<ReportSource>(std::move(report), absl::Now() - start);
}

absl::Status AdminService::RepairIndexes(
    Call& call, const v1::RepairIndexesRequest& /*request*/,
    std::string& response) {
  ASSIGN_OR_RETURN(const engine::RepairReport report,
                   admin_.RepairIndexes(call.context()));
  v1::RepairIndexesResponse proto;
  SetRepair(report, proto);
  proto.AppendToString(&response);
  return absl::OkStatus();
}

absl::Status AdminService::CompactStore(
    Call& call, const v1::CompactStoreRequest& /*request*/,
    std::string& response) {
  const absl::Time start = absl::Now();
  ASSIGN_OR_RETURN(const engine::CompactReport report,
                   admin_.CompactStore(call.context()));
  v1::CompactStoreResponse proto;
  proto.set_disk_bytes_before(report.bytes_before);
  proto.set_disk_bytes_after(report.bytes_after);
  SetDuration(absl::Now() - start, *proto.mutable_elapsed());
  proto.AppendToString(&response);
  return absl::OkStatus();
}

absl::Status AdminService::GetStatistics(
    Call& call, const v1::GetStatisticsRequest& /*request*/,
    std::string& response) {
  ASSIGN_OR_RETURN(const engine::Statistics statistics,
                   admin_.GetStatistics(call.context()));
  v1::GetStatisticsResponse proto;
  SetStatistics(statistics, proto);
  proto.AppendToString(&response);
  return absl::OkStatus();
}

absl::Status AdminService::CreateBackup(
    Call& call, const v1::CreateBackupRequest& /*request*/,
    std::string& response) {
  ASSIGN_OR_RETURN(const engine::BackupEntry backup,
                   admin_.CreateBackup(call.context()));
  v1::CreateBackupResponse proto;
  SetBackup(backup, *proto.mutable_backup());
  proto.AppendToString(&response);
  return absl::OkStatus();
}

absl::Status AdminService::ListBackups(
    Call& call, const v1::ListBackupsRequest& /*request*/,
    std::string& response) {
  ASSIGN_OR_RETURN(const std::vector<engine::BackupEntry> backups,
                   admin_.ListBackups(call.context()));
  v1::ListBackupsResponse proto;
  for (const engine::BackupEntry& backup : backups) {
    SetBackup(backup, *proto.add_backups());
  }
  proto.AppendToString(&response);
  return absl::OkStatus();
}

absl::Status AdminService::VerifyBackups(
    Call& call, const v1::VerifyBackupsRequest& /*request*/,
    std::string& response) {
  ASSIGN_OR_RETURN(const std::vector<engine::BackupEntry> backups,
                   admin_.VerifyBackups(call.context()));
  v1::VerifyBackupsResponse proto;
  for (const engine::BackupEntry& backup : backups) {
    SetBackup(backup, *proto.add_backups());
  }
  proto.AppendToString(&response);
  return absl::OkStatus();
}

absl::Status AdminService::DeleteOldBackups(
    Call& call, const v1::DeleteOldBackupsRequest& request,
    std::string& response) {
  ASSIGN_OR_RETURN(const std::vector<engine::BackupEntry> deleted,
                   admin_.DeleteOldBackups(call.context(), request.keep_count(),
                                           request.damaged()));
  v1::DeleteOldBackupsResponse proto;
  for (const engine::BackupEntry& backup : deleted) {
    SetBackup(backup, *proto.add_deleted());
  }
  proto.AppendToString(&response);
  return absl::OkStatus();
}

}  // namespace twingraph::rpc
