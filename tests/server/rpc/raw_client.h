#pragma once

// A client that sends bytes as they are, to see what a server makes of them.

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "grpcpp/channel.h"

namespace twingraph::rpc {

// Sends one message to a unary or server-streaming method and gives the status.
absl::Status CallRaw(const std::shared_ptr<grpc::Channel>& channel,
                     const std::string& method, absl::string_view bytes);

// Sends messages on a stream, half-closes, and gives the answers and the
// status.
absl::Status StreamRaw(const std::shared_ptr<grpc::Channel>& channel,
                       const std::string& method,
                       const std::vector<std::string>& messages,
                       std::vector<std::string>& answers);

}  // namespace twingraph::rpc
