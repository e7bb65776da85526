#pragma once

// A connection to one server: the channel, the deadline of each call and its
// retries. The clients of single services (twin_client.h and so on) borrow it.
// Safe from any thread.

#include <memory>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/time/time.h"

#include "client/options.h"

namespace grpc {
class Channel;
class ClientContext;
}  // namespace grpc

namespace twingraph::client {

class Connection {
 public:
  // Does not wait for the server: the first call finds out.
  explicit Connection(Options options);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  const Options& options() const { return options_; }

  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }

  // One attempt of a call: sends with the context given.
  using Attempt = absl::FunctionRef<absl::Status(grpc::ClientContext&)>;

  // Makes attempts until one succeeds, fails for good, or the time is up.
  // REQUIRES: the request can be repeated without further effect (retry.h).
  // Errors: those of the last attempt.
  absl::Status Run(Attempt attempt) const;

  // Sets what each call carries beside its request. A call that is no stream
  // has `deadline`.
  void Prepare(grpc::ClientContext& context) const;
  void Prepare(grpc::ClientContext& context, absl::Time deadline) const;

 private:
  const Options options_;
  const std::shared_ptr<grpc::Channel> channel_;
};

}  // namespace twingraph::client
