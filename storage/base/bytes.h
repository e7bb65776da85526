#pragma once

// Small helpers for byte strings. Pure; safe from any thread.

#include <string>
#include <string_view>

#include "absl/strings/string_view.h"

namespace twingraph {

// Debian's Abseil has a string_view type of its own that does not convert to
// the standard one. These two are the only bridges.
inline std::string_view ToStd(absl::string_view text) {
  return {text.data(), text.size()};
}

inline absl::string_view ToAbsl(std::string_view text) {
  return {text.data(), text.size()};
}

// The smallest byte string that is greater than every string that begins with
// `prefix`; empty if there is none (all bytes 0xFF), which ranges read as "no
// end".
std::string PrefixSuccessor(absl::string_view prefix);

// Lower-case hexadecimal.
std::string ToHex(absl::string_view bytes);

// Is `text` valid UTF-8 (no surrogates, no overlong forms, at most U+10FFFF)?
bool IsValidUtf8(absl::string_view text);

}  // namespace twingraph
