#pragma once

// Sealed tokens: bytes that a client carries for the server and cannot change
// unnoticed. Not secret: whoever holds a token can read it, so it never carries
// anything that its holder may not know. Pure; safe from any thread.

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace twingraph {

// Length of a key for sealing, in bytes.
inline constexpr size_t kSealKeyBytes = 32;

// `payload` with a code that proves that the holder of `key` made it for
// `purpose`, as URL-safe base64 without padding. The form is frozen: golden
// test seal_test. REQUIRES: key has kSealKeyBytes bytes.
std::string Seal(absl::string_view key, absl::string_view purpose,
                 absl::string_view payload);

// The payload of a token that Seal made with the same key and purpose; nullopt
// for anything else.
std::optional<std::string> Unseal(absl::string_view key,
                                  absl::string_view purpose,
                                  absl::string_view token);

}  // namespace twingraph
