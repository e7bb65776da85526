#pragma once

// One unary call over a connection; for the sources of the clients, which are
// the only ones that see gRPC's headers.

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/status.h"

#include "client/connection.h"
#include "client/outcome.h"
#include "proto/cc/status.h"
#include "storage/base/id.h"

namespace twingraph::client {

// Has the request left? Until then the context does not know whom it goes to,
// and names the channel's target.
inline bool WasSent(const grpc::ClientContext& context) {
  const std::string peer = context.peer();
  return absl::StartsWith(peer, "ipv4:") || absl::StartsWith(peer, "ipv6:");
}

// Calls `method` of `stub`. A write gets a request_id unless the caller gave it
// one, which makes it safe to repeat.
// Errors: those of the method, and UNAVAILABLE, DEADLINE_EXCEEDED; of a write
// with metadata "outcome" where it may have been carried out (outcome.h).
template <typename Stub, typename Request, typename Response>
absl::StatusOr<Response> Call(const Connection& connection, Stub& stub,
                              grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                           const Request&,
                                                           Response*),
                              Request request) {
  constexpr bool kIsWrite = requires { request.set_request_id(std::string()); };
  if constexpr (kIsWrite) {
    if (request.request_id().empty()) {
      request.set_request_id(RandomUuid());
    }
  }
  Response response;
  Outcome outcome;
  absl::Status status = connection.Run([&](grpc::ClientContext& context) {
    response.Clear();
    absl::Status attempt =
        FromGrpcStatus((stub.*method)(&context, request, &response));
    if constexpr (kIsWrite) {
      outcome.Add(attempt, WasSent(context));
    }
    return attempt;
  });
  if (!status.ok()) {
    return kIsWrite ? outcome.Mark(std::move(status)) : status;
  }
  return response;
}

}  // namespace twingraph::client
