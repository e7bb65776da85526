#pragma once

// What a proxy twin knows of its device: the `$device` block. Plain values.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "storage/value/value.h"

namespace twingraph::engine {

// How a proxy twin and its device belong together. Existence is another thing:
// a proxy may be made before its device and outlives it.
enum class BindingState {
  kUnbound,   // made ahead: no such device was announced yet
  kAttached,  // the hub knows the device
  kDetached,  // the device was removed, or the hub was detached
  kConflict,  // the id belongs to another twin; the device waits
};

enum class ConnectionState { kUnknown, kOnline, kOffline };

// How far a connection state may be trusted.
enum class Confidence {
  kReported,  // the hub said so
  kInferred,  // from a will, a heartbeat or a timeout
};

struct Connection {
  ConnectionState state = ConnectionState::kUnknown;
  Confidence confidence = Confidence::kInferred;
  // When the state began; nothing is known: InfinitePast.
  absl::Time since = absl::InfinitePast();
  std::string reason = {};
};

// Names in answers, in `$device` of queries and in stored blocks: "Attached",
// "online", "reported". Frozen: stored.
absl::string_view FormatBindingState(BindingState state);
absl::string_view FormatConnectionState(ConnectionState state);
absl::string_view FormatConfidence(Confidence confidence);
std::optional<BindingState> ParseBindingState(absl::string_view name);
std::optional<ConnectionState> ParseConnectionState(absl::string_view name);
std::optional<Confidence> ParseConfidence(absl::string_view name);

// The system block of a proxy twin.
struct DeviceBlock {
  std::string hub = {};
  std::vector<std::string> path = {};  // outermost part first
  // Tells a device from one that was removed and made again under its id.
  std::string generation = {};
  BindingState state = BindingState::kUnbound;
  bool disabled = false;  // the hub refuses the device
  std::string display_name = {};
  // What the device announced as its model, also where nobody uploaded it;
  // empty: opaque.
  std::string announced_model = {};
  std::vector<std::string> gateway_path = {};
  Value tags = Value::MakeMap();  // strings by name, as the hub keeps them
  Connection connection = {};
  // When the last message of the device was committed; never: InfinitePast.
  absl::Time last_activity = absl::InfinitePast();
};

}  // namespace twingraph::engine
