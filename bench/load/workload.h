#pragma once

// The calls that the rpc benchmark compares, over a small world that it makes
// itself: `twins` twins of one model with ten properties.

#include <memory>

#include "absl/status/status.h"
#include "grpcpp/grpcpp.h"

#include "bench/load/call_loop.h"

namespace twingraph::bench {

// Uploads the model and makes the twins. Does nothing for those that exist.
absl::Status MakeWorld(const std::shared_ptr<grpc::Channel>& channel,
                       int twins);

// An empty request, an empty response: what a call costs that does nothing.
CallPlan EmptyCalls();

// GetTwin of all twins in a fixed random order.
CallPlan GetCalls(int twins);

// PatchTwin of one property of all twins in a fixed random order.
CallPlan PatchCalls(int twins);

// PatchTwin of one property of one and the same twin.
CallPlan HotPatchCalls();

}  // namespace twingraph::bench
