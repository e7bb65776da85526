#pragma once

// Messages from and to the buffers of the transport. Pure.

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "google/protobuf/message.h"
#include "grpcpp/support/byte_buffer.h"

namespace twingraph::rpc {

// Reads `bytes` into `message`.
// Errors: RESOURCE_EXHAUSTED / MESSAGE_TOO_LARGE above `limit_bytes`;
// INVALID_ARGUMENT / MALFORMED_MESSAGE, also for messages that are nested
// deeper than 400 levels; INVALID_ARGUMENT / INVALID_UTF8.
absl::Status ReadMessage(const grpc::ByteBuffer& bytes, size_t limit_bytes,
                         google::protobuf::Message& message);

// A buffer that holds `bytes`; long ones are not copied.
grpc::ByteBuffer ToByteBuffer(std::string bytes);

// The whole content as one string.
std::string FlatBytes(const grpc::ByteBuffer& buffer);

}  // namespace twingraph::rpc
