#pragma once

// Sees each call end: where metrics are counted. Called from any thread, often;
// must not block.

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace twingraph::rpc {

class CallObserver {
 public:
  virtual ~CallObserver() = default;
  // `method` is the full name, "twingraph.v1.TwinService/GetTwin".
  virtual void OnCallEnd(absl::string_view method, absl::StatusCode code,
                         absl::Duration elapsed) = 0;
};

}  // namespace twingraph::rpc
