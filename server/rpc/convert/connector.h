#pragma once

// Frames of a connector's stream between proto and the contract of server/hubs.
// Pure.

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "server/hubs/connector.h"
#include "twingraph/v1/connector.pb.h"

namespace twingraph::rpc {

// What a session tells its connector of itself.
struct SessionTerms {
  int frame_window = 1024;
  absl::Duration heartbeat_interval = absl::Seconds(10);
};

hubs::Hello ToHello(const v1::Hello& hello);

// Reads any frame but a hello.
// Errors: INVALID_ARGUMENT / CONNECTOR_PROTOCOL for a frame that says nothing,
// a second hello, or a device message without body; DEVICE_MESSAGE_INVALID for
// a payload that is no JSON object; INVALID_FIELD for a time or a number that
// is none.
absl::StatusOr<hubs::InputBody> ToInputBody(const v1::ConnectRequest& frame);

engine::Cursor ToCursor(const v1::Cursor& cursor);

// The bytes of v1.ConnectResponse.
std::string WelcomeFrame(const hubs::Welcome& welcome,
                         const SessionTerms& terms);
std::string OutputFrame(const hubs::ConnectorOutput& output);
std::string DrainFrame(absl::Duration grace_period);

}  // namespace twingraph::rpc
