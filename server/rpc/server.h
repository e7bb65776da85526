#pragma once

// The transport: listens, serves, says how it is, and stops in good order.
// Health and reflection are always there beside our own services.

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/server.h"

#include "server/rpc/raw_service.h"

namespace twingraph::rpc {

struct ServerOptions {
  std::string address = "127.0.0.1:0";  // port 0: the system chooses
  // The limit of our own calls. The transport takes four times that, so that
  // what is too large still gets a proper error.
  size_t message_limit_bytes = size_t{4} << 20;
  bool reflection = true;
};

struct DrainOptions {
  // Between "not serving" in health checks and the refusal of calls.
  absl::Duration lame_duck = absl::ZeroDuration();
  // For calls that run; then they are cancelled.
  absl::Duration grace = absl::ZeroDuration();
  // Called after lame_duck: tells long streams to end.
  std::function<void()> end_streams = {};
};

// Used by one thread.
class Server {
 public:
  // Begins to serve `services`, which outlive the server. All are reported as
  // not serving until SetServing. Ends the process if a method is unbound.
  // Errors: FAILED_PRECONDITION / INVALID_FIELD if the address cannot be
  // listened on.
  static absl::StatusOr<std::unique_ptr<Server>> Start(
      const ServerOptions& options, const std::vector<RawService*>& services);

  // Drain without waiting, unless it was drained.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Reports all services as serving.
  void SetServing();

  // Stops: reports not serving, waits, lets calls end, cancels what is left.
  // When it returns, no call runs and none will. Idempotent.
  void Drain(const DrainOptions& options);

  // The port that it listens on.
  int port() const { return port_; }

  // A channel to itself without a socket.
  std::shared_ptr<grpc::Channel> InProcessChannel();

 private:
  Server() = default;

  std::unique_ptr<grpc::Server> server_;
  std::vector<std::string> names_;
  int port_ = 0;
  bool is_drained_ = false;
};

}  // namespace twingraph::rpc
