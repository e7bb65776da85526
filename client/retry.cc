#include "client/retry.h"

#include <algorithm>

#include "storage/base/status.h"

namespace twingraph::client {
namespace {

absl::Duration Backoff(const RetryPolicy& policy, int attempts, double jitter) {
  absl::Duration wait = policy.initial_backoff;
  for (int i = 1; i < attempts && wait < policy.max_backoff; ++i) {
    wait *= 2;
  }
  wait = std::min(wait, policy.max_backoff);
  return wait / 2 + wait / 2 * jitter;
}

}  // namespace

bool IsRetriable(const absl::Status& status) {
  const v1::ErrorReason reason = ReasonOf(status);
  switch (status.code()) {
    case absl::StatusCode::kResourceExhausted:
      return reason == v1::ERROR_REASON_OVERLOADED;
    case absl::StatusCode::kAborted:
      return reason == v1::ERROR_REASON_TRANSACTION_CONFLICT;
    case absl::StatusCode::kUnavailable:
      return true;
    case absl::StatusCode::kUnknown:
      return reason == v1::ERROR_REASON_OUTCOME_UNKNOWN;
    default:
      return false;
  }
}

std::optional<absl::Duration> RetryDelay(const RetryPolicy& policy,
                                         const absl::Status& status,
                                         int attempts, double jitter,
                                         absl::Duration remaining) {
  if (attempts >= policy.max_attempts || !IsRetriable(status)) {
    return std::nullopt;
  }
  const absl::Duration wait =
      std::max(Backoff(policy, attempts, jitter), RetryDelayOf(status));
  return wait < remaining ? std::optional(wait) : std::nullopt;
}

}  // namespace twingraph::client
