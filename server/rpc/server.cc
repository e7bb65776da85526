#include "server/rpc/server.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "grpc/health/v1/health.pb.h"
#include "grpcpp/channel.h"
#include "grpcpp/ext/proto_server_reflection_plugin.h"
#include "grpcpp/health_check_service_interface.h"
#include "grpcpp/impl/server_builder_option.h"
#include "grpcpp/server_builder.h"

#include "storage/base/status.h"

namespace twingraph::rpc {
namespace {

constexpr int kTransportFactor = 4;
// Dead peers are noticed within about a minute and a half.
constexpr int kKeepaliveTimeMs = 60'000;
constexpr int kKeepaliveTimeoutMs = 20'000;
// Clients may ping as often as this, also between calls.
constexpr int kShortestPingMs = 10'000;

// The reflection plugin adds itself to every builder; this takes it out.
class WithoutReflection final : public grpc::ServerBuilderOption {
 public:
  void UpdateArguments(grpc::ChannelArguments* /*arguments*/) override {}

  void UpdatePlugins(std::vector<std::unique_ptr<grpc::ServerBuilderPlugin>>*
                         plugins) override {
    std::erase_if(*plugins, [](const auto& plugin) {
      return plugin->name() == "proto_server_reflection";
    });
  }
};

void AddTransportOptions(const ServerOptions& options,
                         grpc::ServerBuilder& builder) {
  builder.SetMaxReceiveMessageSize(
      static_cast<int>(options.message_limit_bytes) * kTransportFactor);
  builder.SetMaxSendMessageSize(-1);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveTimeMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS,
                             kKeepaliveTimeoutMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(
      GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, kShortestPingMs);
  if (!options.reflection) {
    builder.SetOption(std::make_unique<WithoutReflection>());
  }
}

absl::Status CannotListen(const std::string& address) {
  return FailedPrecondition(
      v1::ERROR_REASON_INVALID_FIELD,
      absl::StrCat("cannot listen on ", address,
                   ": the address is not of this machine, or in use"),
      {{"address", address}});
}

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Start(
    const ServerOptions& options, const std::vector<RawService*>& services) {
  // Makes sure that the descriptor of Health is linked and found by reflection:
  // gRPC's own implementation has none.
  (void)grpc::health::v1::HealthCheckRequest::descriptor();
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();

  auto server = std::unique_ptr<Server>(new Server());
  grpc::ServerBuilder builder;
  AddTransportOptions(options, builder);
  builder.AddListeningPort(options.address, grpc::InsecureServerCredentials(),
                           &server->port_);
  for (RawService* service : services) {
    service->CheckAllBound();
    builder.RegisterService(service);
    server->names_.push_back(service->name());
  }
  server->server_ = builder.BuildAndStart();
  if (server->server_ == nullptr || server->port_ == 0) {
    server->is_drained_ = server->server_ == nullptr;
    return CannotListen(options.address);
  }
  auto* health = server->server_->GetHealthCheckService();
  health->SetServingStatus(/*serving=*/false);
  for (const std::string& name : server->names_) {
    health->SetServingStatus(name, /*serving=*/false);
  }
  return server;
}

Server::~Server() {
  Drain({});
}

void Server::SetServing() {
  auto* health = server_->GetHealthCheckService();
  for (const std::string& name : names_) {
    health->SetServingStatus(name, /*serving=*/true);
  }
  health->SetServingStatus(/*serving=*/true);
}

void Server::Drain(const DrainOptions& options) {
  if (std::exchange(is_drained_, true)) {
    return;
  }
  server_->GetHealthCheckService()->Shutdown();
  absl::SleepFor(options.lame_duck);
  if (options.end_streams) {
    options.end_streams();
  }
  server_->Shutdown(absl::ToChronoTime(absl::Now() + options.grace));
  server_->Wait();
}

std::shared_ptr<grpc::Channel> Server::InProcessChannel() {
  return server_->InProcessChannel(grpc::ChannelArguments());
}

}  // namespace twingraph::rpc
