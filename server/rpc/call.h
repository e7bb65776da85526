#pragma once

// One call of any shape: who makes it, until when, under which name, for which
// graph; and how it ends. Belongs to the reactor of the call. The context may
// be used from any thread, the rest by one at a time.

#include <atomic>
#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/arena.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/status.h"

#include "server/auth/principal.h"
#include "server/rpc/call_memory.h"
#include "server/rpc/call_observer.h"
#include "storage/base/context.h"
#include "storage/base/executor.h"

namespace twingraph::rpc {

// Names of call metadata.
inline constexpr char kGraphKey[] = "twingraph-graph";
inline constexpr char kRequestIdKey[] = "twingraph-request-id";
inline constexpr char kTraceParentKey[] = "traceparent";

// What all calls of a server share. Borrowed parts outlive the calls.
struct CallEnvironment {
  Executor& reads;
  Executor& writes;
  CallObserver* observer = nullptr;  // may be null
  CallMemory* memory = nullptr;      // null: without limit
  size_t message_limit_bytes = size_t{4} << 20;
  // The longest that a call may take, and a stream of answers.
  absl::Duration call_deadline = absl::Minutes(1);
  absl::Duration stream_age = absl::Minutes(10);
  // Set when the server stops; may be null.
  const std::atomic<bool>* ends_streams = nullptr;
};

class Call {
 public:
  // `method` is the full name and outlives the call, as does the transport.
  // The call ends after `time_limit` at the latest.
  Call(const CallEnvironment& environment, absl::string_view method,
       grpc::CallbackServerContext& transport, absl::Duration time_limit);
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  // Is the call one that this server can answer? Ask first.
  // Errors: NOT_FOUND / GRAPH_NOT_FOUND; INVALID_ARGUMENT / INVALID_FIELD for a
  // request id that is too long.
  const absl::Status& admission() const { return admission_; }

  const CallEnvironment& environment() const { return environment_; }

  const Context& context() const { return context_; }

  const auth::Principal& principal() const { return principal_; }

  // Shall a stream of answers end soon, with a token to go on with where it has
  // one? New ones are refused with SHUTTING_DOWN.
  bool must_end_stream() const {
    return environment_.ends_streams != nullptr && *environment_.ends_streams;
  }

  // What the call holds of the memory of calls.
  CallMemory::Hold& memory() { return memory_; }

  // Messages of the call live here.
  google::protobuf::Arena& arena() { return arena_; }

  // Ends the work of the call at its next check. Any thread.
  void Cancel() { context_.Cancel(); }

  // What to finish the call with. Counts it, and logs a defect of ours. Call
  // once.
  grpc::Status End(const absl::Status& status);

 private:
  const CallEnvironment& environment_;
  CallMemory::Hold memory_;
  const absl::string_view method_;
  const absl::Time start_;
  const auth::Principal principal_;
  absl::Status admission_;
  Context context_;
  // Most requests fit, and then cost no allocation.
  alignas(8) char first_block_[1024];
  google::protobuf::Arena arena_;
};

}  // namespace twingraph::rpc
