// Covered by tests/e2e/cli_test.cc.

#include "client/cli/session.h"

#include "absl/time/time.h"

namespace twingraph::cli {

const client::Connection& Session::connection() {
  if (!connection_.has_value()) {
    client::Options options;
    options.endpoint = server;
    options.graph = graph;
    options.timeout = absl::Seconds(timeout_seconds);
    connection_.emplace(options);
  }
  return *connection_;
}

}  // namespace twingraph::cli
