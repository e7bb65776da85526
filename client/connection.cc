#include "client/connection.h"

#include <optional>
#include <utility>

#include "absl/random/random.h"
#include "absl/time/clock.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"

namespace twingraph::client {
namespace {

constexpr int kReconnectBackoffMs = 50;
constexpr int kReconnectBackoffMaxMs = 1000;

std::shared_ptr<grpc::Channel> MakeChannel(const Options& options) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(options.max_message_bytes);
  arguments.SetMaxSendMessageSize(-1);
  // The least backoff is left alone: it is also how long one attempt to connect
  // may take.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kReconnectBackoffMs);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kReconnectBackoffMaxMs);
  // Retries are ours: the channel does not know which errors allow one.
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  return grpc::CreateCustomChannel(
      options.endpoint, grpc::InsecureChannelCredentials(), arguments);
}

}  // namespace

Connection::Connection(Options options)
    : options_(std::move(options)), channel_(MakeChannel(options_)) {}

Connection::~Connection() = default;

absl::Status Connection::Run(Attempt attempt) const {
  const absl::Time deadline = absl::Now() + options_.timeout;
  absl::BitGen random;
  for (int attempts = 1;; ++attempts) {
    grpc::ClientContext context;
    Prepare(context, deadline);
    absl::Status status = attempt(context);
    if (status.ok()) {
      return status;
    }
    const std::optional<absl::Duration> wait =
        RetryDelay(options_.retry, status, attempts,
                   absl::Uniform(random, 0.0, 1.0), deadline - absl::Now());
    if (!wait.has_value()) {
      return status;
    }
    absl::SleepFor(*wait);
  }
}

void Connection::Prepare(grpc::ClientContext& context) const {
  if (!options_.graph.empty()) {
    context.AddMetadata("twingraph-graph", options_.graph);
  }
}

void Connection::Prepare(grpc::ClientContext& context,
                         absl::Time deadline) const {
  Prepare(context);
  context.set_deadline(absl::ToChronoTime(deadline));
}

}  // namespace twingraph::client
