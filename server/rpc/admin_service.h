#pragma once

// AdminService over server/engine.

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "server/rpc/raw_service.h"
#include "server/rpc/server_stream.h"
#include "server/rpc/service_parts.h"
#include "twingraph/v1/admin.pb.h"

namespace twingraph::rpc {

// Safe from any thread.
class AdminService final : public RawService {
 public:
  explicit AdminService(const ServiceParts& parts);

 private:
  absl::Status Ping(Call& call, const v1::PingRequest& request,
                    std::string& response);
  absl::Status GetStatus(Call& call, const v1::GetStatusRequest& request,
                         std::string& response);
  absl::StatusOr<std::unique_ptr<MessageSource>> CheckStore(
      Call& call, const v1::CheckStoreRequest& request);

  const ServiceParts& parts_;
  engine::AdminOps& admin_;
};

}  // namespace twingraph::rpc
