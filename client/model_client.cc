// Covered by tests/e2e/cli_test.cc.

#include "client/model_client.h"

#include <utility>

#include "client/call.h"
#include "twingraph/v1/model.grpc.pb.h"

namespace twingraph::client {

using Grpc = v1::ModelService;

struct ModelClient::Stub {
  std::unique_ptr<Grpc::Stub> grpc;
};

ModelClient::ModelClient(const Connection& connection)
    : connection_(connection),
      stub_(new Stub{Grpc::NewStub(connection.channel())}) {}

ModelClient::~ModelClient() = default;

absl::StatusOr<v1::UploadModelsResponse> ModelClient::UploadModels(
    v1::UploadModelsRequest request) const {
  return Call(connection_, *stub_->grpc, &Grpc::Stub::UploadModels,
              std::move(request));
}

absl::StatusOr<v1::GetModelResponse> ModelClient::GetModel(
    v1::GetModelRequest request) const {
  return Call(connection_, *stub_->grpc, &Grpc::Stub::GetModel,
              std::move(request));
}

absl::StatusOr<v1::ListModelsResponse> ModelClient::ListModels(
    v1::ListModelsRequest request) const {
  return Call(connection_, *stub_->grpc, &Grpc::Stub::ListModels,
              std::move(request));
}

absl::StatusOr<v1::DeleteModelResponse> ModelClient::DeleteModel(
    v1::DeleteModelRequest request) const {
  return Call(connection_, *stub_->grpc, &Grpc::Stub::DeleteModel,
              std::move(request));
}

absl::StatusOr<v1::GetEffectiveModelResponse> ModelClient::GetEffectiveModel(
    v1::GetEffectiveModelRequest request) const {
  return Call(connection_, *stub_->grpc, &Grpc::Stub::GetEffectiveModel,
              std::move(request));
}

absl::StatusOr<v1::DecommissionModelResponse> ModelClient::DecommissionModel(
    v1::DecommissionModelRequest request) const {
  return Call(connection_, *stub_->grpc, &Grpc::Stub::DecommissionModel,
              std::move(request));
}

absl::StatusOr<v1::ReactivateModelResponse> ModelClient::ReactivateModel(
    v1::ReactivateModelRequest request) const {
  return Call(connection_, *stub_->grpc, &Grpc::Stub::ReactivateModel,
              std::move(request));
}

}  // namespace twingraph::client
