#pragma once

// The whole server over a store in memory, in this process, for tests.

#include <atomic>
#include <memory>
#include <string>

#include "absl/time/time.h"
#include "grpcpp/channel.h"

#include "server/engine/engine.h"
#include "server/hubs/session_registry.h"
#include "server/rpc/server.h"
#include "server/rpc/service_parts.h"
#include "storage/base/clock.h"
#include "storage/base/executor.h"

namespace twingraph::rpc {

class GraphServer {
 public:
  struct Options {
    absl::Duration stream_age = absl::Minutes(10);
    SessionTerms connectors = {};
    // Null: the system's clock. Outlives the server.
    const Clock* clock = nullptr;
  };

  GraphServer() : GraphServer(Options()) {}

  explicit GraphServer(const Options& options);
  ~GraphServer();
  GraphServer(const GraphServer&) = delete;
  GraphServer& operator=(const GraphServer&) = delete;

  // Stops in good order, as main does. Idempotent.
  void Stop();

  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }

  // Uploads Building, Floor, Room, Thermostat and Sensor.
  void UploadModels();

 private:
  struct Services;

  Executor reads_;
  Executor writes_;
  std::unique_ptr<engine::Engine> engine_;
  std::unique_ptr<hubs::SessionRegistry> sessions_;
  std::atomic<bool> ends_streams_ = false;
  CallEnvironment calls_;
  std::unique_ptr<ServiceParts> parts_;
  std::unique_ptr<Services> services_;
  std::unique_ptr<Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
};

// DTDL of the models that UploadModels stores, as one JSON array.
const char* TestModels();

}  // namespace twingraph::rpc
