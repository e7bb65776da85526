#pragma once

// QueryService over server/engine: text to executions, rows to bytes.

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "server/rpc/raw_service.h"
#include "server/rpc/server_stream.h"
#include "server/rpc/service_parts.h"
#include "twingraph/v1/query.pb.h"

namespace twingraph::rpc {

// Safe from any thread.
class QueryService final : public RawService {
 public:
  explicit QueryService(const ServiceParts& parts);

 private:
  absl::StatusOr<std::unique_ptr<MessageSource>> Query(
      Call& call, const v1::QueryRequest& request);
  absl::Status QueryPage(Call& call, const v1::QueryPageRequest& request,
                         std::string& response);

  const ServiceParts& parts_;
};

}  // namespace twingraph::rpc
