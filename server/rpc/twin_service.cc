// Covered by tests/server/rpc/services_test.cc.
#include "server/rpc/twin_service.h"

#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"

#include "server/rpc/answer.h"
#include "server/rpc/convert/twin.h"
#include "server/rpc/convert/value.h"
#include "server/rpc/unary.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/base/task_macros.h"

namespace twingraph::rpc {

TwinService::TwinService(const ServiceParts& parts)
    : RawService(
          *v1::Twin::descriptor()->file()->FindServiceByName("TwinService")),
      parts_(parts),
      twins_(parts.engine.twins()),
      relationships_(parts.engine.relationships()) {
  using S = TwinService;
  const CallEnvironment& calls = parts.calls;
  Executor* const reads = &calls.reads;
  Executor* const writes = &calls.writes;
  BindUnary(*this, "CreateTwin", calls, writes, &S::CreateTwin);
  BindUnary<v1::GetTwinRequest>(
      *this, "GetTwin", calls, reads,
      [this](Call& call, const v1::GetTwinRequest& request,
             std::string& response) {
        return Ended(GetTwin(call, request, response));
      },
      [this](Call&, const v1::GetTwinRequest& request, std::string& response) {
        return TryGetTwin(request, response);
      });
  BindUnary(*this, "ReplaceTwin", calls, writes, &S::ReplaceTwin);
  BindUnary(*this, "PatchTwin", calls, writes, &S::PatchTwin);
  BindUnary(*this, "DeleteTwin", calls, writes, &S::DeleteTwin);
  BindUnary(*this, "ListTwins", calls, reads, &S::ListTwins, kPageCosts);
  BindUnary(*this, "CreateRelationship", calls, writes, &S::CreateRelationship);
  BindUnary(*this, "GetRelationship", calls, reads, &S::GetRelationship);
  BindUnary(*this, "DeleteRelationship", calls, writes, &S::DeleteRelationship);
  BindUnary(*this, "ListRelationships", calls, reads, &S::ListRelationships,
            kPageCosts);
  BindUnary(*this, "ListIncomingRelationships", calls, reads,
            &S::ListIncomingRelationships, kPageCosts);
}

Task<absl::Status> TwinService::CreateTwin(Call& call,
                                           const v1::CreateTwinRequest& request,
                                           std::string& response) {
  CO_ASSIGN_OR_RETURN(engine::TwinInput input,
                      ToTwinInput(request.twin(), "twin"));
  input.allow_nonconforming = request.allow_nonconforming();
  CO_ASSIGN_OR_RETURN(const engine::WriteOptions options,
                      ToWriteOptions(request));
  CO_ASSIGN_OR_RETURN(const auto twin,
                      co_await twins_.Create(call.context(), input, options));
  using Response = v1::CreateTwinResponse;
  WriteAt<Response>(twin, Response::kTwinFieldNumber, response, WriteTwin);
  co_return absl::OkStatus();
}

absl::Status TwinService::GetTwin(Call& call, const v1::GetTwinRequest& request,
                                  std::string& response) {
  ASSIGN_OR_RETURN(const engine::ReadOptions read,
                   ToReadOptions(request.read()));
  ASSIGN_OR_RETURN(const auto twin,
                   twins_.Get(call.context(), request.id(),
                              ToTwinView(request.view()), read));
  using Response = v1::GetTwinResponse;
  WriteAt<Response>(twin, Response::kTwinFieldNumber, response, WriteTwin);
  return absl::OkStatus();
}

absl::StatusOr<bool> TwinService::TryGetTwin(const v1::GetTwinRequest& request,
                                             std::string& response) {
  ASSIGN_OR_RETURN(const engine::ReadOptions read,
                   ToReadOptions(request.read()));
  ASSIGN_OR_RETURN(
      const auto twin,
      twins_.TryGet(request.id(), ToTwinView(request.view()), read));
  if (!twin.has_value()) {
    return false;
  }
  using Response = v1::GetTwinResponse;
  WriteAt<Response>(*twin, Response::kTwinFieldNumber, response, WriteTwin);
  return true;
}

Task<absl::Status> TwinService::ReplaceTwin(
    Call& call, const v1::ReplaceTwinRequest& request, std::string& response) {
  if (request.allow_missing() && !request.etag().empty()) {
    co_return InvalidField("allow_missing", "cannot be given with an etag");
  }
  CO_ASSIGN_OR_RETURN(engine::TwinInput input,
                      ToTwinInput(request.twin(), "twin"));
  input.allow_nonconforming = request.allow_nonconforming();
  CO_ASSIGN_OR_RETURN(const engine::WriteOptions options,
                      ToWriteOptions(request));
  CO_ASSIGN_OR_RETURN(const auto twin, co_await twins_.Replace(
                                           call.context(), input,
                                           request.allow_missing(), options));
  using Response = v1::ReplaceTwinResponse;
  WriteAt<Response>(twin, Response::kTwinFieldNumber, response, WriteTwin);
  co_return absl::OkStatus();
}

Task<absl::Status> TwinService::PatchTwin(Call& call,
                                          const v1::PatchTwinRequest& request,
                                          std::string& response) {
  CO_ASSIGN_OR_RETURN(const std::vector<engine::PatchOperation> operations,
                      ToPatch(request.operations()));
  CO_ASSIGN_OR_RETURN(const engine::WriteOptions options,
                      ToWriteOptions(request));
  CO_ASSIGN_OR_RETURN(
      const auto twin,
      co_await twins_.Patch(call.context(), request.id(), operations, options));
  using Response = v1::PatchTwinResponse;
  WireWriter writer(response);
  writer.String(Response::kEtagFieldNumber, twin.value.etag);
  WriteTime(Response::kUpdateTimeFieldNumber, twin.value.update_time, writer);
  writer.String(Response::kRevisionFieldNumber, twin.revision);
  co_return absl::OkStatus();
}

Task<absl::Status> TwinService::DeleteTwin(Call& call,
                                           const v1::DeleteTwinRequest& request,
                                           std::string& response) {
  CO_ASSIGN_OR_RETURN(const engine::WriteOptions options,
                      ToWriteOptions(request));
  CO_ASSIGN_OR_RETURN(
      const engine::Done done,
      co_await twins_.Delete(call.context(), request.id(), options));
  WriteDone<v1::DeleteTwinResponse>(done, response);
  co_return absl::OkStatus();
}

absl::Status TwinService::ListTwins(Call& call,
                                    const v1::ListTwinsRequest& request,
                                    std::string& response) {
  const std::string& key = parts_.engine.token_key();
  const std::string scope =
      PageScope({"ListTwins", absl::StrCat(request.view())});
  ASSIGN_OR_RETURN(const PagePlan plan,
                   ToPagePlan(key, scope, parts_.pages, request.page_size(),
                              request.page_token(), request.read()));
  const engine::ListTwinsOptions what{.model = "",
                                      .view = ToTwinView(request.view())};
  ASSIGN_OR_RETURN(const auto page,
                   twins_.List(call.context(), what, plan.page, plan.read));
  using Response = v1::ListTwinsResponse;
  WritePage<Response>(page, Response::kTwinsFieldNumber, key, scope, response,
                      WriteTwin);
  return absl::OkStatus();
}

Task<absl::Status> TwinService::CreateRelationship(
    Call& call, const v1::CreateRelationshipRequest& request,
    std::string& response) {
  CO_ASSIGN_OR_RETURN(
      engine::RelationshipInput input,
      ToRelationshipInput(request.relationship(), "relationship"));
  input.allow_nonconforming = request.allow_nonconforming();
  CO_ASSIGN_OR_RETURN(const engine::WriteOptions options,
                      ToWriteOptions(request));
  CO_ASSIGN_OR_RETURN(
      const auto relationship,
      co_await relationships_.Create(call.context(), input, options));
  using Response = v1::CreateRelationshipResponse;
  WriteAt<Response>(relationship, Response::kRelationshipFieldNumber, response,
                    WriteRelationship);
  co_return absl::OkStatus();
}

absl::Status TwinService::GetRelationship(
    Call& call, const v1::GetRelationshipRequest& request,
    std::string& response) {
  ASSIGN_OR_RETURN(const engine::ReadOptions read,
                   ToReadOptions(request.read()));
  ASSIGN_OR_RETURN(const auto relationship,
                   relationships_.Get(call.context(), request.source_id(),
                                      request.id(), read));
  using Response = v1::GetRelationshipResponse;
  WriteAt<Response>(relationship, Response::kRelationshipFieldNumber, response,
                    WriteRelationship);
  return absl::OkStatus();
}

Task<absl::Status> TwinService::DeleteRelationship(
    Call& call, const v1::DeleteRelationshipRequest& request,
    std::string& response) {
  CO_ASSIGN_OR_RETURN(const engine::WriteOptions options,
                      ToWriteOptions(request));
  CO_ASSIGN_OR_RETURN(
      const engine::Done done,
      co_await relationships_.Delete(call.context(), request.source_id(),
                                     request.id(), options));
  WriteDone<v1::DeleteRelationshipResponse>(done, response);
  co_return absl::OkStatus();
}

absl::Status TwinService::ListRelationships(
    Call& call, const v1::ListRelationshipsRequest& request,
    std::string& response) {
  const std::string& key = parts_.engine.token_key();
  const std::string scope =
      PageScope({"ListRelationships", request.source_id(), request.name()});
  ASSIGN_OR_RETURN(const PagePlan plan,
                   ToPagePlan(key, scope, parts_.pages, request.page_size(),
                              request.page_token(), request.read()));
  ASSIGN_OR_RETURN(const auto page, relationships_.ListOutgoing(
                                        call.context(), request.source_id(),
                                        request.name(), plan.page, plan.read));
  using Response = v1::ListRelationshipsResponse;
  WritePage<Response>(page, Response::kRelationshipsFieldNumber, key, scope,
                      response, WriteRelationship);
  return absl::OkStatus();
}

absl::Status TwinService::ListIncomingRelationships(
    Call& call, const v1::ListIncomingRelationshipsRequest& request,
    std::string& response) {
  const std::string& key = parts_.engine.token_key();
  const std::string scope = PageScope(
      {"ListIncomingRelationships", request.target_id(), request.name()});
  ASSIGN_OR_RETURN(const PagePlan plan,
                   ToPagePlan(key, scope, parts_.pages, request.page_size(),
                              request.page_token(), request.read()));
  ASSIGN_OR_RETURN(const auto page, relationships_.ListIncoming(
                                        call.context(), request.target_id(),
                                        request.name(), plan.page, plan.read));
  using Response = v1::ListIncomingRelationshipsResponse;
  WritePage<Response>(page, Response::kRelationshipsFieldNumber, key, scope,
                      response, WriteRelationship);
  return absl::OkStatus();
}

}  // namespace twingraph::rpc
