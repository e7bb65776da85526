#pragma once

// The request of a call with one request, as every kind of call begins.

// Covered by tests/e2e/bad_input_test.py.

#include "absl/status/status.h"
#include "google/protobuf/message.h"
#include "grpcpp/support/byte_buffer.h"

#include "server/rpc/call.h"
#include "server/rpc/message_bytes.h"
#include "storage/base/status_macros.h"

namespace twingraph::rpc {

// A call that asks for nothing and gets nothing.
inline constexpr size_t kCallBytes = 4096;

// A small call is let in whatever others hold: a question after the server's
// health must not fail while a large message is on its way. How many there are
// is bounded by the queue.
inline constexpr size_t kSmallCallBytes = 8192;

// Reads the bytes of an admitted call into a message like `type` on the call's
// arena, which `request` then names. They count `factor` times as its memory.
// Errors: why the call is not admitted; OVERLOADED; as ReadMessage.
inline absl::Status ReadRequest(const grpc::ByteBuffer& bytes,
                                const google::protobuf::Message& type,
                                size_t factor, Call& call,
                                google::protobuf::Message*& request) {
  RETURN_IF_ERROR(call.admission());
  const size_t held = kCallBytes + factor * bytes.Length();
  // What is beyond the limit is not read.
  if (held > kSmallCallBytes &&
      bytes.Length() <= call.environment().message_limit_bytes) {
    RETURN_IF_ERROR(call.memory().Add(held));
  } else {
    call.memory().Take(kCallBytes);
  }
  request = type.New(&call.arena());
  return ReadMessage(bytes, call.environment().message_limit_bytes, *request);
}

}  // namespace twingraph::rpc
