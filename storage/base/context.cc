#include "storage/base/context.h"

#include <utility>

#include "absl/time/clock.h"

#include "storage/base/status.h"

namespace twingraph {

Context::Context() : Context(absl::InfiniteFuture(), Origin()) {}

Context::Context(absl::Time deadline, Origin origin)
    : deadline_(deadline),
      origin_(std::make_shared<const Origin>(std::move(origin))),
      cancelled_(std::make_shared<std::atomic<bool>>(false)) {}

absl::Status Context::Check() const {
  if (is_cancelled()) {
    return MakeError(absl::StatusCode::kCancelled, v1::ERROR_REASON_CALL_ENDED,
                     "the caller gave up");
  }
  if (deadline_ != absl::InfiniteFuture() && absl::Now() >= deadline_) {
    return MakeError(absl::StatusCode::kDeadlineExceeded,
                     v1::ERROR_REASON_CALL_ENDED,
                     "the deadline passed before the work was done");
  }
  return absl::OkStatus();
}

}  // namespace twingraph
