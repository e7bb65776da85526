// Covered by tests/e2e/cli_test.cc.

#include "client/admin_client.h"

#include <utility>

#include "grpcpp/support/sync_stream.h"

#include "client/call.h"
#include "twingraph/v1/admin.grpc.pb.h"

namespace twingraph::client {

using Grpc = v1::AdminService;

namespace {

// One attempt of a call that may take long.
template <typename Request, typename Response>
absl::StatusOr<Response> CallOnce(
    const Connection& connection, Grpc::Stub& stub,
    grpc::Status (Grpc::Stub::*method)(grpc::ClientContext*, const Request&,
                                       Response*),
    const Request& request) {
  grpc::ClientContext context;
  connection.Prepare(context);
  Response response;
  absl::Status status =
      FromGrpcStatus((stub.*method)(&context, request, &response));
  if (!status.ok()) {
    return status;
  }
  return response;
}

}  // namespace

struct AdminClient::Stub {
  std::unique_ptr<Grpc::Stub> grpc;
};

AdminClient::AdminClient(const Connection& connection)
    : connection_(connection),
      stub_(new Stub{Grpc::NewStub(connection.channel())}) {}

AdminClient::~AdminClient() = default;

absl::StatusOr<v1::GetStatusResponse> AdminClient::GetStatus(
    v1::GetStatusRequest request) const {
  return Call(connection_, *stub_->grpc, &Grpc::Stub::GetStatus,
              std::move(request));
}

absl::StatusOr<v1::GetStatisticsResponse> AdminClient::GetStatistics(
    v1::GetStatisticsRequest request) const {
  return Call(connection_, *stub_->grpc, &Grpc::Stub::GetStatistics,
              std::move(request));
}

absl::StatusOr<v1::ListBackupsResponse> AdminClient::ListBackups(
    v1::ListBackupsRequest request) const {
  return Call(connection_, *stub_->grpc, &Grpc::Stub::ListBackups,
              std::move(request));
}

absl::StatusOr<v1::RepairIndexesResponse> AdminClient::RepairIndexes(
    const v1::RepairIndexesRequest& request) const {
  return CallOnce(connection_, *stub_->grpc, &Grpc::Stub::RepairIndexes,
                  request);
}

absl::StatusOr<v1::CompactStoreResponse> AdminClient::CompactStore(
    const v1::CompactStoreRequest& request) const {
  return CallOnce(connection_, *stub_->grpc, &Grpc::Stub::CompactStore,
                  request);
}

absl::StatusOr<v1::CreateBackupResponse> AdminClient::CreateBackup(
    const v1::CreateBackupRequest& request) const {
  return CallOnce(connection_, *stub_->grpc, &Grpc::Stub::CreateBackup,
                  request);
}

absl::StatusOr<v1::VerifyBackupsResponse> AdminClient::VerifyBackups(
    const v1::VerifyBackupsRequest& request) const {
  return CallOnce(connection_, *stub_->grpc, &Grpc::Stub::VerifyBackups,
                  request);
}

absl::StatusOr<v1::DeleteOldBackupsResponse> AdminClient::DeleteOldBackups(
    const v1::DeleteOldBackupsRequest& request) const {
  return CallOnce(connection_, *stub_->grpc, &Grpc::Stub::DeleteOldBackups,
                  request);
}

absl::Status AdminClient::CheckStore(
    const v1::CheckStoreRequest& request,
    absl::FunctionRef<void(const v1::CheckStoreResponse&)> visit) const {
  grpc::ClientContext context;
  connection_.Prepare(context);
  const auto stream = stub_->grpc->CheckStore(&context, request);
  v1::CheckStoreResponse message;
  while (stream->Read(&message)) {
    visit(message);
  }
  return FromGrpcStatus(stream->Finish());
}

}  // namespace twingraph::client
