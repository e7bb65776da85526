#pragma once

// Where the time comes from, so that tests can set it. Safe from any thread.

#include "absl/time/time.h"

namespace twingraph {

// A source of wall-clock time.
class Clock {
 public:
  virtual ~Clock() = default;
  // The time now.
  virtual absl::Time Now() const = 0;
};

// The system's clock.
class SystemClock final : public Clock {
 public:
  absl::Time Now() const override;
};

}  // namespace twingraph
