#pragma once

// ConnectorService over server/hubs: frames to inputs of a session, its answers
// to frames.

#include "server/rpc/raw_service.h"
#include "server/rpc/service_parts.h"

namespace twingraph::rpc {

// Safe from any thread. Streams end when the registry's sessions are closed.
class ConnectorService final : public RawService {
 public:
  explicit ConnectorService(const ServiceParts& parts);
};

}  // namespace twingraph::rpc
