#pragma once

// Whether to repeat a call that failed, and when. Pure; safe from any thread.

#include <optional>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace twingraph::client {

struct RetryPolicy {
  // Calls in all, the first among them; 1: no retries.
  int max_attempts = 6;
  // Waits grow from the first to the second, doubling each time.
  absl::Duration initial_backoff = absl::Milliseconds(50);
  absl::Duration max_backoff = absl::Seconds(2);
};

// May the same call succeed if it is repeated as it is? By code and reason:
//   RESOURCE_EXHAUSTED / OVERLOADED      refused before it did anything
//   ABORTED / TRANSACTION_CONFLICT       changed nothing
//   UNAVAILABLE                          the server or the way to it
//   UNKNOWN / OUTCOME_UNKNOWN            perhaps done
// The last two may have been carried out: the request must be one that can be
// repeated without further effect, as reads are, and writes with a request_id.
bool IsRetriable(const absl::Status& status);

// How long to wait before the next attempt after `attempts` have failed, the
// last with `status`; nullopt: give up. `jitter`, from 0 to 1, spreads callers
// over the upper half of each wait. A wait that the server asked for
// (RetryInfo) is kept; one that would pass `remaining` is not begun.
std::optional<absl::Duration> RetryDelay(const RetryPolicy& policy,
                                         const absl::Status& status,
                                         int attempts, double jitter,
                                         absl::Duration remaining);

}  // namespace twingraph::client
