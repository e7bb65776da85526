#pragma once

// Models over a connection.
// Each method makes one call, with deadline and retries
// (connection.h), and returns the answer as it came. Errors: see
// twingraph/v1/model.proto. Safe from any thread.

#include <memory>

#include "absl/status/statusor.h"

#include "client/connection.h"
#include "twingraph/v1/model.pb.h"

namespace twingraph::client {

class ModelClient {
 public:
  // `connection` must outlive the client.
  explicit ModelClient(const Connection& connection);
  ~ModelClient();
  ModelClient(const ModelClient&) = delete;
  ModelClient& operator=(const ModelClient&) = delete;

  absl::StatusOr<v1::UploadModelsResponse> UploadModels(
      v1::UploadModelsRequest request) const;
  absl::StatusOr<v1::GetModelResponse> GetModel(
      v1::GetModelRequest request) const;
  absl::StatusOr<v1::ListModelsResponse> ListModels(
      v1::ListModelsRequest request) const;
  absl::StatusOr<v1::DeleteModelResponse> DeleteModel(
      v1::DeleteModelRequest request) const;
  absl::StatusOr<v1::GetEffectiveModelResponse> GetEffectiveModel(
      v1::GetEffectiveModelRequest request) const;
  absl::StatusOr<v1::DecommissionModelResponse> DecommissionModel(
      v1::DecommissionModelRequest request) const;
  absl::StatusOr<v1::ReactivateModelResponse> ReactivateModel(
      v1::ReactivateModelRequest request) const;

 private:
  struct Stub;
  const Connection& connection_;
  const std::unique_ptr<Stub> stub_;
};

}  // namespace twingraph::client
