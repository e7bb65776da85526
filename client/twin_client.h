#pragma once

// Twins over a connection.
// Each method makes one call, with deadline and retries
// (connection.h), and returns the answer as it came. Errors: see
// twingraph/v1/twin.proto. Safe from any thread.

#include <memory>

#include "absl/status/statusor.h"

#include "client/connection.h"
#include "twingraph/v1/twin.pb.h"

namespace twingraph::client {

class TwinClient {
 public:
  // `connection` must outlive the client.
  explicit TwinClient(const Connection& connection);
  ~TwinClient();
  TwinClient(const TwinClient&) = delete;
  TwinClient& operator=(const TwinClient&) = delete;

  absl::StatusOr<v1::CreateTwinResponse> CreateTwin(
      v1::CreateTwinRequest request) const;
  absl::StatusOr<v1::GetTwinResponse> GetTwin(v1::GetTwinRequest request) const;
  absl::StatusOr<v1::ReplaceTwinResponse> ReplaceTwin(
      v1::ReplaceTwinRequest request) const;
  absl::StatusOr<v1::PatchTwinResponse> PatchTwin(
      v1::PatchTwinRequest request) const;
  absl::StatusOr<v1::DeleteTwinResponse> DeleteTwin(
      v1::DeleteTwinRequest request) const;
  absl::StatusOr<v1::ListTwinsResponse> ListTwins(
      v1::ListTwinsRequest request) const;

 private:
  struct Stub;
  const Connection& connection_;
  const std::unique_ptr<Stub> stub_;
};

}  // namespace twingraph::client
