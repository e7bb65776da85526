#include "server/engine/time_text.h"

#include <cstdint>

namespace twingraph::engine {
namespace {

// What 64 bits of nanoseconds can hold.
constexpr int64_t kLimitSeconds = 9'200'000'000;

}  // namespace

std::optional<absl::Time> ParseTime(absl::string_view text) {
  absl::Time time;
  if (!absl::ParseTime(absl::RFC3339_full, text, &time, nullptr)) {
    return std::nullopt;
  }
  const int64_t seconds = absl::ToUnixSeconds(time);
  if (seconds < -kLimitSeconds || seconds > kLimitSeconds) {
    return std::nullopt;
  }
  return time;
}

}  // namespace twingraph::engine
