#pragma once

// Processor time of another process on this machine.

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace twingraph::bench {

// User and system time that process `pid` has used so far.
// Errors: NOT_FOUND where there is no such process.
absl::StatusOr<absl::Duration> CpuTimeOf(int pid);

}  // namespace twingraph::bench
