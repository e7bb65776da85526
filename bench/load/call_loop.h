#pragma once

// Keeps a number of unary calls in flight on one thread for a while and counts
// them: the load of a benchmark. Requests are bytes made before the clock
// starts, so the driver measures the server and not its own serialisation. Not
// thread-safe.

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/grpcpp.h"

namespace twingraph::bench {

// What is called: one method with requests that are sent in turn, for ever.
struct CallPlan {
  std::string method;  // "/twingraph.v1.TwinService/GetTwin"
  std::vector<grpc::ByteBuffer> requests;
};

struct LoopResult {
  uint64_t calls = 0;
  absl::Duration elapsed;
  std::vector<absl::Duration> latencies;  // of every call, in no order

  double rate() const {
    return static_cast<double>(calls) / absl::ToDoubleSeconds(elapsed);
  }
};

// Runs `in_flight` calls at a time for about `length`, then lets the last ones
// finish.
// Errors: the first call that does not end with OK, whatever its code.
absl::StatusOr<LoopResult> RunCalls(grpc::GenericStub& stub,
                                    const CallPlan& plan, int in_flight,
                                    absl::Duration length);

}  // namespace twingraph::bench
