#pragma once

// How the client library reaches a server. Plain data.

#include <string>

#include "absl/time/time.h"

#include "client/retry.h"

namespace twingraph::client {

struct Options {
  // HOST:PORT of the server.
  std::string endpoint = "127.0.0.1:50051";
  // Which graph of the server; empty: the default one.
  std::string graph;
  // How long one call may take, its retries included. Streams have no limit.
  absl::Duration timeout = absl::Seconds(30);
  // When and how often a call is repeated.
  RetryPolicy retry;
  // Larger answers are refused on arrival.
  int max_message_bytes = 64 << 20;
};

}  // namespace twingraph::client
