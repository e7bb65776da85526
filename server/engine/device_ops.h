#pragma once

// What the devices of a hub do to the graph. Connectors reach it through
// server/hubs; a batch of events is one transaction, and an event that does not
// fit is refused alone. Safe from any thread; calls block.

#include <cstddef>
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "server/engine/device.h"
#include "storage/base/context.h"
#include "storage/value/value.h"

namespace twingraph::engine {

struct Parts;

// A device exists, or something about it changed.
struct DeviceUpserted {
  std::vector<std::string> path;  // gateway parts, then the device
  std::string generation;         // empty: the hub has no such notion
  std::string display_name;
  bool enabled = true;
  std::string model;  // DTMI; empty: opaque
  Value tags = Value::MakeMap();
  // What the registry says now; kUnknown leaves the connection as it is.
  Connection connection;
};

// The device is gone from its hub. Of another generation than the known one:
// nothing happens.
struct DeviceRemoved {
  std::vector<std::string> path;
  std::string generation;  // empty: whichever
};

// A device came or went. Older than what is known: nothing happens.
struct ConnectionChanged {
  std::vector<std::string> path;
  std::string generation;
  Connection connection;
};

enum class MessageKind { kTelemetry, kReported };

// A device says something. Members called like properties of the twin's model
// become their values; a reported null removes a value. For an opaque device
// only the last activity is noted.
struct DeviceMessage {
  std::vector<std::string> path;
  std::string generation;  // empty: whichever
  MessageKind kind = MessageKind::kTelemetry;
  std::string component;  // empty: the device itself
  Value body;             // a map
  // RFC 3339; empty: not known. A value that is older than the stored one is
  // left out.
  std::string source_time;
};

using DeviceEvent = std::variant<DeviceUpserted, DeviceRemoved,
                                 ConnectionChanged, DeviceMessage>;

// What became of a batch: one status per event in order. Refused ones:
// DEVICE_NOT_FOUND (never announced, removed, or of another generation),
// DEVICE_MESSAGE_INVALID with violations, INVALID_FIELD.
struct DeviceOutcome {
  std::vector<absl::Status> events;
  std::string revision;  // token of the commit
};

// One slice of a pass over a hub's devices.
struct SweepOutcome {
  size_t removed = 0;
  std::string revision;
};

class DeviceOps {
 public:
  // `parts` outlives this object.
  explicit DeviceOps(Parts& parts) : parts_(parts) {}

  // Carries out the events in order in one commit and notes `cursor` as the
  // hub's resume position in the same commit (empty: leaves it).
  // Errors: HUB_NOT_FOUND; TRANSACTION_CONFLICT; store errors. Then nothing of
  // the batch was done.
  absl::StatusOr<DeviceOutcome> Apply(const Context& ctx, absl::string_view hub,
                                      const std::vector<DeviceEvent>& events,
                                      absl::string_view cursor);

  // Treats every attached device of the hub that `is_present` does not know as
  // removed. Some hundred devices make one commit.
  // Errors: HUB_NOT_FOUND; store errors.
  absl::StatusOr<SweepOutcome> RemoveAbsent(
      const Context& ctx, absl::string_view hub,
      const std::function<bool(const std::vector<std::string>& path)>&
          is_present);

 private:
  Parts& parts_;
};

}  // namespace twingraph::engine
