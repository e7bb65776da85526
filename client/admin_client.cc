// Covered by tests/e2e/cli_test.cc.

#include "client/admin_client.h"

#include <utility>

#include "grpcpp/support/sync_stream.h"

#include "client/call.h"
#include "twingraph/v1/admin.grpc.pb.h"

namespace twingraph::client {

using Grpc = v1::AdminService;

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
