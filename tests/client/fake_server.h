#pragma once

// A server of one service in this process, to test how the client library
// behaves when a server misbehaves.

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"

#include "client/options.h"

namespace twingraph::client {

class FakeServer {
 public:
  // Serves on a free port. `service` must outlive the server.
  explicit FakeServer(grpc::Service& service) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                             &port_);
    builder.RegisterService(&service);
    server_ = builder.BuildAndStart();
  }

  ~FakeServer() { server_->Shutdown(std::chrono::system_clock::now()); }

  FakeServer(const FakeServer&) = delete;
  FakeServer& operator=(const FakeServer&) = delete;

  Options options() const {
    Options options;
    options.endpoint = absl::StrCat("127.0.0.1:", port_);
    options.timeout = absl::Seconds(20);
    options.retry.initial_backoff = absl::Milliseconds(1);
    return options;
  }

 private:
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace twingraph::client
