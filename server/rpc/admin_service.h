#pragma once

// AdminService over server/engine.

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "server/rpc/raw_service.h"
#include "server/rpc/server_stream.h"
#include "server/rpc/service_parts.h"
#include "twingraph/v1/admin.pb.h"

namespace twingraph::rpc {

// Safe from any thread.
class AdminService final : public RawService {
 public:
  explicit AdminService(const ServiceParts& parts);

 private:
  absl::Status Ping(Call& call, const v1::PingRequest& request,
                    std::string& response);
  absl::Status GetStatus(Call& call, const v1::GetStatusRequest& request,
                         std::string& response);
  absl::StatusOr<std::unique_ptr<MessageSource>> CheckStore(
      Call& call, const v1::CheckStoreRequest& request);

  absl::Status RepairIndexes(Call& call,
                             const v1::RepairIndexesRequest& request,
                             std::string& response);
  absl::Status CompactStore(Call& call, const v1::CompactStoreRequest& request,
                            std::string& response);
  absl::Status GetStatistics(Call& call,
                             const v1::GetStatisticsRequest& request,
                             std::string& response);
  absl::Status CreateBackup(Call& call, const v1::CreateBackupRequest& request,
                            std::string& response);
  absl::Status ListBackups(Call& call, const v1::ListBackupsRequest& request,
                           std::string& response);
  absl::Status VerifyBackups(Call& call,
                             const v1::VerifyBackupsRequest& request,
                             std::string& response);
  absl::Status DeleteOldBackups(Call& call,
                                const v1::DeleteOldBackupsRequest& request,
                                std::string& response);

  const ServiceParts& parts_;
  // Of calls that may read the whole store: no deadline of ours.
  const CallEnvironment long_calls_;
  engine::AdminOps& admin_;
  // Runs those one by one, so that they take no thread from other calls.
  Executor upkeep_;
};

}  // namespace twingraph::rpc
