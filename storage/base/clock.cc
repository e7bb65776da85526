#include "storage/base/clock.h"

#include "absl/time/clock.h"

namespace twingraph {

absl::Time SystemClock::Now() const {
  return absl::Now();
}

}  // namespace twingraph
