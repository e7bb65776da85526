#pragma once

// HubService over server/engine: requests to operations, answers to bytes.

#include <string>

#include "absl/status/status.h"

#include "server/rpc/convert/wire_writer.h"
#include "server/rpc/raw_service.h"
#include "server/rpc/service_parts.h"
#include "twingraph/v1/hub.pb.h"

namespace twingraph::rpc {

// Safe from any thread.
class HubService final : public RawService {
 public:
  explicit HubService(const ServiceParts& parts);

 private:
  absl::Status AttachHub(Call& call, const v1::AttachHubRequest& request,
                         std::string& response);
  absl::Status GetHub(Call& call, const v1::GetHubRequest& request,
                      std::string& response);
  absl::Status ListHubs(Call& call, const v1::ListHubsRequest& request,
                        std::string& response);
  absl::Status DetachHub(Call& call, const v1::DetachHubRequest& request,
                         std::string& response);
  absl::Status ListDevices(Call& call, const v1::ListDevicesRequest& request,
                           std::string& response);
  // With who speaks for the hub at the moment.
  void Write(const engine::Hub& hub, WireWriter& writer) const;

  const ServiceParts& parts_;
  engine::HubOps& hubs_;
};

}  // namespace twingraph::rpc
