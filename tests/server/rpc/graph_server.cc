#include "tests/server/rpc/graph_server.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "grpcpp/client_context.h"
#include "grpcpp/create_channel.h"
#include "gtest/gtest.h"

#include "server/rpc/admin_service.h"
#include "server/rpc/connector_service.h"
#include "server/rpc/hub_service.h"
#include "server/rpc/model_service.h"
#include "server/rpc/query_service.h"
#include "server/rpc/twin_service.h"
#include "storage/key/key_space.h"
#include "storage/kv_memory/store.h"
#include "twingraph/v1/model.grpc.pb.h"

namespace twingraph::rpc {

struct GraphServer::Services {
  explicit Services(const ServiceParts& parts)
      : admin(parts),
        connectors(parts),
        hubs(parts),
        models(parts),
        queries(parts),
        twins(parts) {}

  AdminService admin;
  ConnectorService connectors;
  HubService hubs;
  ModelService models;
  QueryService queries;
  TwinService twins;
};

GraphServer::GraphServer(const Options& options)
    : reads_("reads", /*threads=*/2, /*queue_limit=*/100),
      writes_("writes", /*threads=*/2, /*queue_limit=*/100),
      calls_{.reads = reads_,
             .writes = writes_,
             .stream_age = options.stream_age,
             .ends_streams = &ends_streams_} {
  engine::EngineOptions engine_options;
  engine_options.store = kv_memory::OpenEngine(key::GraphSpaces());
  engine_options.executor = &writes_;
  engine_options.clock = options.clock;
  auto engine = engine::Engine::Open(std::move(engine_options));
  EXPECT_TRUE(engine.ok()) << engine.status();
  engine_ = *std::move(engine);
  sessions_ = std::make_unique<hubs::SessionRegistry>(*engine_);
  parts_ = std::make_unique<ServiceParts>(
      ServiceParts{.calls = calls_,
                   .engine = *engine_,
                   .sessions = *sessions_,
                   .pages = {.default_size = 10, .max_size = 50},
                   .connectors = options.connectors,
                   .server_version = "test",
                   .start_time = absl::Now(),
                   .shutdown_grace = absl::Seconds(5)});
  services_ = std::make_unique<Services>(*parts_);
  auto server = Server::Start(
      {}, {&services_->admin, &services_->connectors, &services_->hubs,
           &services_->models, &services_->queries, &services_->twins});
  EXPECT_TRUE(server.ok()) << server.status();
  server_ = *std::move(server);
  server_->SetServing();
  // Not the in-process channel, which breaks its streams when a server stops.
  channel_ = grpc::CreateChannel(absl::StrCat("127.0.0.1:", server_->port()),
                                 grpc::InsecureChannelCredentials());
}

GraphServer::~GraphServer() {
  Stop();
}

void GraphServer::Stop() {
  server_->Drain({.lame_duck = absl::ZeroDuration(),
                  .grace = absl::Seconds(5),
                  .end_streams = [this] {
                    ends_streams_ = true;
                    sessions_->Shutdown();
                  }});
  reads_.Shutdown();
  writes_.Shutdown();
}

void GraphServer::UploadModels() {
  grpc::ClientContext context;
  v1::UploadModelsRequest request;
  request.add_documents(TestModels());
  v1::UploadModelsResponse response;
  const grpc::Status status = v1::ModelService::NewStub(channel_)->UploadModels(
      &context, request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
}

const char* TestModels() {
  return R"json([
  {"@context": "dtmi:dtdl:context;2", "@id": "dtmi:test:Thermostat;1",
   "@type": "Interface", "contents": [
     {"@type": "Property", "name": "target", "schema": "double"}]},
  {"@context": "dtmi:dtdl:context;2", "@id": "dtmi:test:Room;1",
   "@type": "Interface", "displayName": "Room", "contents": [
     {"@type": "Property", "name": "temperature", "schema": "double"},
     {"@type": "Property", "name": "level", "schema": "integer"},
     {"@type": "Property", "name": "serial", "schema": "long"},
     {"@type": "Property", "name": "label", "schema": "string"},
     {"@type": "Property", "name": "tags", "schema": {"@type": "Map",
       "mapKey": {"name": "k", "schema": "string"},
       "mapValue": {"name": "v", "schema": "string"}}},
     {"@type": "Component", "name": "thermostat",
      "schema": "dtmi:test:Thermostat;1"},
     {"@type": "Relationship", "name": "hasDevice"}]},
  {"@context": "dtmi:dtdl:context;2", "@id": "dtmi:test:Floor;1",
   "@type": "Interface", "contents": [
     {"@type": "Property", "name": "level", "schema": "integer"},
     {"@type": "Relationship", "name": "contains",
      "target": "dtmi:test:Room;1", "properties": [
        {"@type": "Property", "name": "since", "schema": "string"}]}]},
  {"@context": "dtmi:dtdl:context;2", "@id": "dtmi:test:Sensor;1",
   "@type": "Interface", "contents": [
     {"@type": "Property", "name": "temperature", "schema": "double"}]}
])json";
}

}  // namespace twingraph::rpc
