#pragma once

// ModelService over server/engine: requests to operations, answers to bytes.

#include <string>

#include "absl/status/status.h"

#include "server/rpc/raw_service.h"
#include "server/rpc/service_parts.h"
#include "storage/base/executor.h"
#include "twingraph/v1/model.pb.h"

namespace twingraph::rpc {

// Safe from any thread.
class ModelService final : public RawService {
 public:
  explicit ModelService(const ServiceParts& parts);

 private:
  absl::Status UploadModels(Call& call, const v1::UploadModelsRequest& request,
                            std::string& response);
  absl::Status GetModel(Call& call, const v1::GetModelRequest& request,
                        std::string& response);
  absl::Status ListModels(Call& call, const v1::ListModelsRequest& request,
                          std::string& response);
  absl::Status DeleteModel(Call& call, const v1::DeleteModelRequest& request,
                           std::string& response);
  absl::Status GetEffectiveModel(Call& call,
                                 const v1::GetEffectiveModelRequest& request,
                                 std::string& response);
  absl::Status DecommissionModel(Call& call,
                                 const v1::DecommissionModelRequest& request,
                                 std::string& response);
  absl::Status ReactivateModel(Call& call,
                               const v1::ReactivateModelRequest& request,
                               std::string& response);

  const ServiceParts& parts_;
  engine::ModelOps& models_;
  // Runs uploads, which may check models for seconds, so that they take no
  // thread from other writes.
  Executor uploads_;
};

}  // namespace twingraph::rpc
