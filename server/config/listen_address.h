#pragma once

// The address that a server listens on. Pure.

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace twingraph::config {

struct ListenAddress {
  std::string host;  // name or address, without brackets
  int port = 0;      // 0: the system chooses

  // "HOST:PORT", an IPv6 address in brackets.
  std::string ToString() const;
  // Can only programs of the same machine reach it?
  bool is_loopback() const;
};

// Reads "HOST:PORT", "[IPV6]:PORT".
// Errors: INVALID_ARGUMENT / INVALID_FIELD.
absl::StatusOr<ListenAddress> ParseListenAddress(absl::string_view text);

}  // namespace twingraph::config
