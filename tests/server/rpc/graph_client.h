#pragma once

// Calls of a server by generated stubs, as clients in other languages make
// them, for tests.

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/status.h"
#include "gtest/gtest.h"

#include "proto/cc/status.h"

namespace twingraph::rpc {

// Calls a method of a stub and gives the answer.
template <typename Response, typename Stub, typename Request>
absl::StatusOr<Response> Call(const std::unique_ptr<Stub>& stub,
                              grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                           const Request&,
                                                           Response*),
                              const Request& request) {
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(20)));
  Response response;
  const absl::Status status =
      FromGrpcStatus((stub.get()->*method)(&context, request, &response));
  if (!status.ok()) {
    return status;
  }
  return response;
}

inline google::protobuf::Struct Json(const std::string& text) {
  google::protobuf::Struct content;
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(text, &content).ok())
      << text;
  return content;
}

}  // namespace twingraph::rpc
