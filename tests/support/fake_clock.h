#pragma once

// A clock that stands still until a test moves it. Safe from any thread.

#include <atomic>

#include "absl/time/time.h"

#include "storage/base/clock.h"

namespace twingraph {

class FakeClock final : public Clock {
 public:
  explicit FakeClock(absl::Time start = absl::FromUnixSeconds(1'700'000'000))
      : nanos_(absl::ToUnixNanos(start)) {}

  absl::Time Now() const override { return absl::FromUnixNanos(nanos_.load()); }

  void Advance(absl::Duration step) {
    nanos_ += absl::ToInt64Nanoseconds(step);
  }

 private:
  std::atomic<int64_t> nanos_;
};

}  // namespace twingraph
