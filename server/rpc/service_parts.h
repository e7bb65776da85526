#pragma once

// What every service of a server is made of. Borrowed parts outlive the
// services.

#include <string>

#include "absl/time/time.h"

#include "server/engine/engine.h"
#include "server/hubs/session_registry.h"
#include "server/rpc/call.h"
#include "server/rpc/convert/call_options.h"
#include "server/rpc/convert/connector.h"

namespace twingraph::rpc {

struct ServiceParts {
  const CallEnvironment& calls;
  engine::Engine& engine;
  hubs::SessionRegistry& sessions;
  PageSizes pages;
  SessionTerms connectors;
  // What the status says of the server.
  std::string server_version;
  absl::Time start_time;
  // How long calls may still run when the server stops.
  absl::Duration shutdown_grace;
};

}  // namespace twingraph::rpc
