// Covered by tests/server/rpc/services_test.cc.
#include "server/rpc/model_service.h"

#include <vector>

#include "absl/strings/str_cat.h"

#include "server/rpc/answer.h"
#include "server/rpc/convert/model.h"
#include "server/rpc/unary.h"
#include "storage/base/status_macros.h"

namespace twingraph::rpc {

ModelService::ModelService(const ServiceParts& parts)
    : RawService(
          *v1::Model::descriptor()->file()->FindServiceByName("ModelService")),
      parts_(parts),
      models_(parts.engine.models()) {
  using S = ModelService;
  const CallEnvironment& calls = parts.calls;
  BindUnary(*this, "UploadModels", calls, &calls.writes, &S::UploadModels);
  BindUnary(*this, "GetModel", calls, &calls.reads, &S::GetModel);
  BindUnary(*this, "ListModels", calls, &calls.reads, &S::ListModels);
  BindUnary(*this, "DeleteModel", calls, &calls.writes, &S::DeleteModel);
}

absl::Status ModelService::UploadModels(Call& call,
                                        const v1::UploadModelsRequest& request,
                                        std::string& response) {
  using Response = v1::UploadModelsResponse;
  ASSIGN_OR_RETURN(const std::vector<std::string> documents,
                   ToDocuments(request));
  ASSIGN_OR_RETURN(const engine::WriteOptions options, ToWriteOptions(request));
  ASSIGN_OR_RETURN(const auto result,
                   models_.Upload(call.context(), documents, options));
  WireWriter writer(response);
  if (!request.validate_only()) {
    for (const engine::Model& model : result.value.models) {
      const size_t mark = writer.Begin(Response::kModelsFieldNumber);
      RETURN_IF_ERROR(WriteModel(model, v1::MODEL_VIEW_BASIC, writer));
      writer.End(mark);
    }
  }
  for (const engine::ModelProblem& problem : result.value.problems) {
    WriteMessage(writer, Response::kDiagnosticsFieldNumber, [&] {
      WriteDiagnostic(problem, request.models_size(), writer);
    });
  }
  writer.String(Response::kRevisionFieldNumber, result.revision);
  return absl::OkStatus();
}

absl::Status ModelService::GetModel(Call& call,
                                    const v1::GetModelRequest& request,
                                    std::string& response) {
  using Response = v1::GetModelResponse;
  ASSIGN_OR_RETURN(
      const auto model,
      models_.Get(call.context(), request.id(), HasDefinition(request.view()),
                  ToReadOptions(request.read())));
  WireWriter writer(response);
  const size_t mark = writer.Begin(Response::kModelFieldNumber);
  RETURN_IF_ERROR(WriteModel(model.value, request.view(), writer));
  writer.End(mark);
  writer.String(Response::kRevisionFieldNumber, model.revision);
  return absl::OkStatus();
}

absl::Status ModelService::ListModels(Call& call,
                                      const v1::ListModelsRequest& request,
                                      std::string& response) {
  using Response = v1::ListModelsResponse;
  const std::string& key = parts_.engine.token_key();
  const std::string scope =
      PageScope({"ListModels", absl::StrCat(request.view())});
  ASSIGN_OR_RETURN(const PagePlan plan,
                   ToPagePlan(key, scope, parts_.pages, request.page_size(),
                              request.page_token(), request.read()));
  const engine::ListModelsOptions what{
      .dependencies_for = {}, .with_definition = HasDefinition(request.view())};
  ASSIGN_OR_RETURN(const auto page,
                   models_.List(call.context(), what, plan.page, plan.read));
  absl::Status status;
  WritePage<Response>(
      page, Response::kModelsFieldNumber, key, scope, response,
      [&](const engine::Model& model, WireWriter& writer) {
        status.Update(WriteModel(model, request.view(), writer));
      });
  return status;
}

absl::Status ModelService::DeleteModel(Call& call,
                                       const v1::DeleteModelRequest& request,
                                       std::string& response) {
  ASSIGN_OR_RETURN(const engine::WriteOptions options, ToWriteOptions(request));
  ASSIGN_OR_RETURN(const engine::Done done,
                   models_.Delete(call.context(), request.id(), options));
  WriteDone<v1::DeleteModelResponse>(done, response);
  return absl::OkStatus();
}

}  // namespace twingraph::rpc
