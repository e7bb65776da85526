// Covered by tests/client/connection_test.cc.

#include "client/twin_client.h"

#include <utility>

#include "client/call.h"
#include "twingraph/v1/twin.grpc.pb.h"

namespace twingraph::client {

using Grpc = v1::TwinService;

struct TwinClient::Stub {
  std::unique_ptr<Grpc::Stub> grpc;
};

TwinClient::TwinClient(const Connection& connection)
    : connection_(connection),
      stub_(new Stub{Grpc::NewStub(connection.channel())}) {}

TwinClient::~TwinClient() = default;

absl::StatusOr<v1::CreateTwinResponse> TwinClient::CreateTwin(
    v1::CreateTwinRequest request) const {
  return Call(connection_, *stub_->grpc, &Grpc::Stub::CreateTwin,
              std::move(request));
}

absl::StatusOr<v1::GetTwinResponse> TwinClient::GetTwin(
    v1::GetTwinRequest request) const {
  return Call(connection_, *stub_->grpc, &Grpc::Stub::GetTwin,
              std::move(request));
}

absl::StatusOr<v1::ReplaceTwinResponse> TwinClient::ReplaceTwin(
    v1::ReplaceTwinRequest request) const {
  return Call(connection_, *stub_->grpc, &Grpc::Stub::ReplaceTwin,
              std::move(request));
}

absl::StatusOr<v1::PatchTwinResponse> TwinClient::PatchTwin(
    v1::PatchTwinRequest request) const {
  return Call(connection_, *stub_->grpc, &Grpc::Stub::PatchTwin,
              std::move(request));
}

absl::StatusOr<v1::DeleteTwinResponse> TwinClient::DeleteTwin(
    v1::DeleteTwinRequest request) const {
  return Call(connection_, *stub_->grpc, &Grpc::Stub::DeleteTwin,
              std::move(request));
}

absl::StatusOr<v1::ListTwinsResponse> TwinClient::ListTwins(
    v1::ListTwinsRequest request) const {
  return Call(connection_, *stub_->grpc, &Grpc::Stub::ListTwins,
              std::move(request));
}

}  // namespace twingraph::client
