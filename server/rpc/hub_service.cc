// Covered by tests/server/rpc/services_test.cc.
#include "server/rpc/hub_service.h"

#include "server/rpc/answer.h"
#include "server/rpc/convert/hub.h"
#include "server/rpc/unary.h"
#include "storage/base/status_macros.h"

namespace twingraph::rpc {

HubService::HubService(const ServiceParts& parts)
    : RawService(
          *v1::Hub::descriptor()->file()->FindServiceByName("HubService")),
      parts_(parts),
      hubs_(parts.engine.hubs()) {
  using S = HubService;
  const CallEnvironment& calls = parts.calls;
  BindUnary(*this, "AttachHub", calls, &calls.writes, &S::AttachHub);
  BindUnary(*this, "GetHub", calls, &calls.reads, &S::GetHub);
  BindUnary(*this, "ListHubs", calls, &calls.reads, &S::ListHubs, kPageCosts);
  BindUnary(*this, "DetachHub", calls, &calls.writes, &S::DetachHub);
  BindUnary(*this, "ListDevices", calls, &calls.reads, &S::ListDevices,
            kPageCosts);
}

absl::Status HubService::AttachHub(Call& call,
                                   const v1::AttachHubRequest& request,
                                   std::string& response) {
  using Response = v1::AttachHubResponse;
  ASSIGN_OR_RETURN(const engine::HubSettings settings,
                   ToHubSettings(request.hub()));
  ASSIGN_OR_RETURN(const engine::WriteOptions options, ToWriteOptions(request));
  ASSIGN_OR_RETURN(const auto hub,
                   hubs_.Attach(call.context(), settings, options));
  WriteAt<Response>(hub, Response::kHubFieldNumber, response,
                    [&](const auto& h, WireWriter& w) { Write(h, w); });
  return absl::OkStatus();
}

absl::Status HubService::GetHub(Call& call, const v1::GetHubRequest& request,
                                std::string& response) {
  using Response = v1::GetHubResponse;
  ASSIGN_OR_RETURN(const engine::ReadOptions read,
                   ToReadOptions(request.read()));
  ASSIGN_OR_RETURN(const auto hub,
                   hubs_.Get(call.context(), request.id(), read));
  WriteAt<Response>(hub, Response::kHubFieldNumber, response,
                    [&](const auto& h, WireWriter& w) { Write(h, w); });
  return absl::OkStatus();
}

absl::Status HubService::ListHubs(Call& call,
                                  const v1::ListHubsRequest& request,
                                  std::string& response) {
  using Response = v1::ListHubsResponse;
  const std::string& key = parts_.engine.token_key();
  const std::string scope = PageScope({"ListHubs"});
  ASSIGN_OR_RETURN(const PagePlan plan,
                   ToPagePlan(key, scope, parts_.pages, request.page_size(),
                              request.page_token(), request.read()));
  ASSIGN_OR_RETURN(const auto page,
                   hubs_.List(call.context(), plan.page, plan.read));
  WritePage<Response>(page, Response::kHubsFieldNumber, key, scope, response,
                      [&](const auto& h, WireWriter& w) { Write(h, w); });
  return absl::OkStatus();
}

absl::Status HubService::DetachHub(Call& call,
                                   const v1::DetachHubRequest& request,
                                   std::string& response) {
  ASSIGN_OR_RETURN(const engine::WriteOptions options, ToWriteOptions(request));
  ASSIGN_OR_RETURN(const engine::Done done,
                   hubs_.Detach(call.context(), request.id(),
                                ToDetachMode(request.mode()), options));
  WriteDone<v1::DetachHubResponse>(done, response);
  return absl::OkStatus();
}

absl::Status HubService::ListDevices(Call& call,
                                     const v1::ListDevicesRequest& request,
                                     std::string& response) {
  using Response = v1::ListDevicesResponse;
  const std::string& key = parts_.engine.token_key();
  const std::string scope = PageScope({"ListDevices", request.hub_id()});
  ASSIGN_OR_RETURN(const PagePlan plan,
                   ToPagePlan(key, scope, parts_.pages, request.page_size(),
                              request.page_token(), request.read()));
  ASSIGN_OR_RETURN(const auto page,
                   hubs_.ListDevices(call.context(), request.hub_id(),
                                     plan.page, plan.read));
  WritePage<Response>(page, Response::kDevicesFieldNumber, key, scope, response,
                      WriteDevice);
  return absl::OkStatus();
}

void HubService::Write(const engine::Hub& hub, WireWriter& writer) const {
  WriteHub(hub, parts_.sessions.Find(hub.settings.id), writer);
}

}  // namespace twingraph::rpc
