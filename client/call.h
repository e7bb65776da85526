#pragma once

// One unary call over a connection; for the sources of the clients, which are
// the only ones that see gRPC's headers.

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/status.h"

#include "client/connection.h"
#include "proto/cc/status.h"
#include "storage/base/id.h"

namespace twingraph::client {

// Calls `method` of `stub`. A write gets a request_id unless the caller gave it
// one, which makes it safe to repeat.
// Errors: those of the method, and UNAVAILABLE, DEADLINE_EXCEEDED.
template <typename Stub, typename Request, typename Response>
absl::StatusOr<Response> Call(const Connection& connection, Stub& stub,
                              grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                           const Request&,
                                                           Response*),
                              Request request) {
  if constexpr (requires { request.set_request_id(std::string()); }) {
    if (request.request_id().empty()) {
      request.set_request_id(RandomUuid());
    }
  }
  Response response;
  absl::Status status = connection.Run([&](grpc::ClientContext& context) {
    response.Clear();
    return FromGrpcStatus((stub.*method)(&context, request, &response));
  });
  if (!status.ok()) {
    return status;
  }
  return response;
}

}  // namespace twingraph::client
