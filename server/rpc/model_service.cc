#include "server/rpc/model_service.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "server/rpc/answer.h"
#include "server/rpc/convert/effective_model.h"
#include "server/rpc/convert/model.h"
#include "server/rpc/unary.h"
#include "storage/base/status_macros.h"

namespace twingraph::rpc {
namespace {

// A response of one model in `model`, written by `write`, and a revision.
template <typename Response, typename T, typename Write>
absl::Status WriteOne(const engine::At<T>& model, std::string& response,
                      Write write) {
  WireWriter writer(response);
  const size_t mark = writer.Begin(Response::kModelFieldNumber);
  RETURN_IF_ERROR(write(model.value, writer));
  writer.End(mark);
  writer.String(Response::kRevisionFieldNumber, model.revision);
  return absl::OkStatus();
}

absl::Status WriteBasic(const engine::Model& model, WireWriter& writer) {
  return WriteModel(model, v1::MODEL_VIEW_BASIC, writer);
}

// Uploads that run at a time, and those that wait; more are refused. One takes
// many times its request.
constexpr size_t kRunningUploads = 1;
constexpr size_t kWaitingUploads = 16;

// The bytes, the message, the documents; what is made of those is memory of
// models.
constexpr CallCosts kUploadCosts = {.request_factor = 3};

}  // namespace

ModelService::ModelService(const ServiceParts& parts)
    : RawService(
          *v1::Model::descriptor()->file()->FindServiceByName("ModelService")),
      parts_(parts),
      models_(parts.engine.models()),
      uploads_("uploads", kRunningUploads, kWaitingUploads) {
  using S = ModelService;
  const CallEnvironment& calls = parts.calls;
  BindUnary(*this, "UploadModels", calls, &uploads_, &S::UploadModels,
            kUploadCosts);
  BindUnary(*this, "GetModel", calls, &calls.reads, &S::GetModel);
  BindUnary(*this, "ListModels", calls, &calls.reads, &S::ListModels,
            kPageCosts);
  BindUnary(*this, "DeleteModel", calls, &calls.writes, &S::DeleteModel);
  BindUnary(*this, "GetEffectiveModel", calls, &calls.reads,
            &S::GetEffectiveModel);
  BindUnary(*this, "DecommissionModel", calls, &calls.writes,
            &S::DecommissionModel);
  BindUnary(*this, "ReactivateModel", calls, &calls.writes,
            &S::ReactivateModel);
}

absl::Status ModelService::UploadModels(Call& call,
                                        const v1::UploadModelsRequest& request,
                                        std::string& response) {
  using Response = v1::UploadModelsResponse;
  ASSIGN_OR_RETURN(const std::vector<std::string> documents,
                   ToDocuments(request));
  ASSIGN_OR_RETURN(const engine::WriteOptions options, ToWriteOptions(request));
  ASSIGN_OR_RETURN(const auto result,
                   models_.Upload(call.context(), documents, options,
                                  static_cast<size_t>(request.models_size())));
  WireWriter writer(response);
  if (!request.validate_only()) {
    for (const engine::Model& model : result.value.models) {
      const size_t mark = writer.Begin(Response::kModelsFieldNumber);
      RETURN_IF_ERROR(WriteModel(model, v1::MODEL_VIEW_BASIC, writer));
      writer.End(mark);
    }
  }
  WriteDiagnostics(result.value.problems, request.models_size(), writer);
  writer.String(Response::kRevisionFieldNumber, result.revision);
  return absl::OkStatus();
}

absl::Status ModelService::GetModel(Call& call,
                                    const v1::GetModelRequest& request,
                                    std::string& response) {
  using Response = v1::GetModelResponse;
  const engine::ModelView view{
      .has_definition = HasDefinition(request.view()),
      .has_base_contents = request.include_base_contents()};
  ASSIGN_OR_RETURN(const engine::ReadOptions read,
                   ToReadOptions(request.read()));
  ASSIGN_OR_RETURN(const auto model,
                   models_.Get(call.context(), request.id(), view, read));
  return WriteOne<Response>(
      model, response, [&](const engine::Model& value, WireWriter& writer) {
        return WriteModel(value, request.view(), writer);
      });
}

absl::Status ModelService::ListModels(Call& call,
                                      const v1::ListModelsRequest& request,
                                      std::string& response) {
  using Response = v1::ListModelsResponse;
  const std::string& key = parts_.engine.token_key();
  ASSIGN_OR_RETURN(const engine::ListModelsOptions what,
                   ToListOptions(request));
  const std::string scope =
      PageScope({"ListModels", absl::StrCat(request.view()),
                 absl::StrCat(request.state()),
                 absl::StrCat(request.include_dependencies()),
                 absl::StrJoin(request.ids(), absl::string_view("\0", 1))});
  ASSIGN_OR_RETURN(const PagePlan plan,
                   ToPagePlan(key, scope, parts_.pages, request.page_size(),
                              request.page_token(), request.read()));
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

absl::Status ModelService::GetEffectiveModel(
    Call& call, const v1::GetEffectiveModelRequest& request,
    std::string& response) {
  using Response = v1::GetEffectiveModelResponse;
  ASSIGN_OR_RETURN(const engine::ReadOptions read,
                   ToReadOptions(request.read()));
  ASSIGN_OR_RETURN(const auto model,
                   models_.GetEffective(call.context(), request.id(), read));
  return WriteOne<Response>(model, response, WriteEffectiveModel);
}

absl::Status ModelService::DecommissionModel(
    Call& call, const v1::DecommissionModelRequest& request,
    std::string& response) {
  ASSIGN_OR_RETURN(const engine::WriteOptions options, ToWriteOptions(request));
  ASSIGN_OR_RETURN(const auto model,
                   models_.Decommission(call.context(), request.id(), options));
  return WriteOne<v1::DecommissionModelResponse>(model, response, WriteBasic);
}

absl::Status ModelService::ReactivateModel(
    Call& call, const v1::ReactivateModelRequest& request,
    std::string& response) {
  ASSIGN_OR_RETURN(const engine::WriteOptions options, ToWriteOptions(request));
  ASSIGN_OR_RETURN(const auto model,
                   models_.Reactivate(call.context(), request.id(), options));
  return WriteOne<v1::ReactivateModelResponse>(model, response, WriteBasic);
}

}  // namespace twingraph::rpc
