#pragma once

// Hubs and their devices over a connection.
// Each method makes one call, with deadline and retries
// (connection.h), and returns the answer as it came. Errors: see
// twingraph/v1/hub.proto. Safe from any thread.

#include <memory>

#include "absl/status/statusor.h"

#include "client/connection.h"
#include "twingraph/v1/hub.pb.h"

namespace twingraph::client {

class HubClient {
 public:
  // `connection` must outlive the client.
  explicit HubClient(const Connection& connection);
  ~HubClient();
  HubClient(const HubClient&) = delete;
  HubClient& operator=(const HubClient&) = delete;

  absl::StatusOr<v1::AttachHubResponse> AttachHub(
      v1::AttachHubRequest request) const;
  absl::StatusOr<v1::GetHubResponse> GetHub(v1::GetHubRequest request) const;
  absl::StatusOr<v1::ListHubsResponse> ListHubs(
      v1::ListHubsRequest request) const;
  absl::StatusOr<v1::DetachHubResponse> DetachHub(
      v1::DetachHubRequest request) const;
  absl::StatusOr<v1::ListDevicesResponse> ListDevices(
      v1::ListDevicesRequest request) const;

 private:
  struct Stub;
  const Connection& connection_;
  const std::unique_ptr<Stub> stub_;
};

}  // namespace twingraph::client
