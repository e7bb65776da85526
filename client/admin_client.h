#pragma once

// The state and the soundness of a server, over a connection. Errors: see
// twingraph/v1/admin.proto. Safe from any thread.

#include <memory>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "client/connection.h"
#include "twingraph/v1/admin.pb.h"

namespace twingraph::client {

class AdminClient {
 public:
  // `connection` must outlive the client.
  explicit AdminClient(const Connection& connection);
  ~AdminClient();
  AdminClient(const AdminClient&) = delete;
  AdminClient& operator=(const AdminClient&) = delete;

  absl::StatusOr<v1::GetStatusResponse> GetStatus(
      v1::GetStatusRequest request) const;

  absl::StatusOr<v1::GetStatisticsResponse> GetStatistics(
      v1::GetStatisticsRequest request) const;

  absl::StatusOr<v1::ListBackupsResponse> ListBackups(
      v1::ListBackupsRequest request) const;

  // The following take as long as they take: they have no deadline and are not
  // repeated.
  absl::StatusOr<v1::RepairIndexesResponse> RepairIndexes(
      const v1::RepairIndexesRequest& request) const;
  absl::StatusOr<v1::CompactStoreResponse> CompactStore(
      const v1::CompactStoreRequest& request) const;
  absl::StatusOr<v1::CreateBackupResponse> CreateBackup(
      const v1::CreateBackupRequest& request) const;
  absl::StatusOr<v1::VerifyBackupsResponse> VerifyBackups(
      const v1::VerifyBackupsRequest& request) const;
  absl::StatusOr<v1::DeleteOldBackupsResponse> DeleteOldBackups(
      const v1::DeleteOldBackupsRequest& request) const;

  // Checks the store and calls `visit` with each message of the report. Has no
  // deadline and is not repeated.
  absl::Status CheckStore(
      const v1::CheckStoreRequest& request,
      absl::FunctionRef<void(const v1::CheckStoreResponse&)> visit) const;

 private:
  struct Stub;
  const Connection& connection_;
  const std::unique_ptr<Stub> stub_;
};

}  // namespace twingraph::client
