// Covered by tests/e2e/cli_test.cc.

#include "client/hub_client.h"

#include <utility>

#include "client/call.h"
#include "twingraph/v1/hub.grpc.pb.h"

namespace twingraph::client {

using Grpc = v1::HubService;

struct HubClient::Stub {
  std::unique_ptr<Grpc::Stub> grpc;
};

HubClient::HubClient(const Connection& connection)
    : connection_(connection),
      stub_(new Stub{Grpc::NewStub(connection.channel())}) {}

HubClient::~HubClient() = default;

absl::StatusOr<v1::AttachHubResponse> HubClient::AttachHub(
    v1::AttachHubRequest request) const {
  return Call(connection_, *stub_->grpc, &Grpc::Stub::AttachHub,
              std::move(request));
}

absl::StatusOr<v1::GetHubResponse> HubClient::GetHub(
    v1::GetHubRequest request) const {
  return Call(connection_, *stub_->grpc, &Grpc::Stub::GetHub,
              std::move(request));
}

absl::StatusOr<v1::ListHubsResponse> HubClient::ListHubs(
    v1::ListHubsRequest request) const {
  return Call(connection_, *stub_->grpc, &Grpc::Stub::ListHubs,
              std::move(request));
}

absl::StatusOr<v1::DetachHubResponse> HubClient::DetachHub(
    v1::DetachHubRequest request) const {
  return Call(connection_, *stub_->grpc, &Grpc::Stub::DetachHub,
              std::move(request));
}

absl::StatusOr<v1::ListDevicesResponse> HubClient::ListDevices(
    v1::ListDevicesRequest request) const {
  return Call(connection_, *stub_->grpc, &Grpc::Stub::ListDevices,
              std::move(request));
}

}  // namespace twingraph::client
