#pragma once

// Errors on their way over the wire: absl::Status with its payloads to and from
// grpc::Status with the trailer grpc-status-details-bin. Server and client use
// the same code. Pure; safe from any thread.

#include "absl/status/status.h"
#include "grpcpp/support/status.h"

namespace twingraph {

// All details of one error stay under this many bytes: gRPC replaces an error
// whose trailers pass about 8 KB (they travel as base64) by one of its own.
inline constexpr int kDetailBytesLimit = 4096;

// The status with code, message and all payloads as details: ErrorInfo first,
// then the others as far as they fit. Of a BadRequest that does not fit, the
// first violations remain.
grpc::Status ToGrpcStatus(const absl::Status& status);

// The status with the payloads that its details hold. Details that are no
// google.rpc.Status are left out; code and message remain.
absl::Status FromGrpcStatus(const grpc::Status& status);

}  // namespace twingraph
