#pragma once

// The contract between the graph and a connector, the program that speaks with
// a hub: a snapshot of the hub's devices, then what happens to them. The same
// for connectors in this process and for those that come over gRPC. Plain
// values.
//
// A stream: Hello, answered by Welcome. Then, at any time, a snapshot
// (SnapshotBegin, SnapshotItems, SnapshotEnd: attached devices that neither it
// nor an event of the stream named are treated as removed) and events, in
// order per device. Each input is answered by an Ack of its number or a later
// one, after its commit, or before that by a Nack. A Nack ends nothing.

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"

#include "server/engine/device_ops.h"

namespace twingraph::hubs {

// Version of the contract that this server speaks; frozen once released.
inline constexpr uint32_t kConnectorProtocol = 1;

// Who speaks, and for which hub. First on a stream.
struct Hello {
  std::vector<uint32_t> protocol_versions = {};
  std::string hub = {};
  std::string name = {};     // of the program
  std::string version = {};  // of the program
  // Tells two programs apart: the same one may connect again and replaces its
  // earlier stream, another one is refused while the first is there.
  std::string instance = {};
  // Where it begins to read its sources.
  std::vector<engine::Cursor> cursors = {};
};

// The server's answer to Hello.
struct Welcome {
  uint32_t protocol_version = kConnectorProtocol;
  std::string session = {};  // the server's name for the session
  // Events up to here are committed, by source; go on behind them.
  std::vector<engine::Cursor> cursors = {};
  // Begin with a snapshot: none was ever completed, or a gap is open.
  bool snapshot_required = false;
  std::string revision = {};  // token of the newest state
};

// A list of all devices begins; an unfinished one is given up.
struct SnapshotBegin {
  std::string snapshot = {};
};

struct SnapshotItems {
  std::string snapshot = {};
  std::vector<engine::DeviceRecord> devices = {};
};

struct SnapshotEnd {
  std::string snapshot = {};
  int64_t device_count = 0;  // a check
};

// The connector may have lost events.
struct Gap {
  std::string source = {};
  std::string reason = {};
};

// Nothing happened; answered like all, so that both sides know of each other.
struct Heartbeat {};

using InputBody = std::variant<SnapshotBegin, SnapshotItems, SnapshotEnd,
                               engine::DeviceEvent, Gap, Heartbeat>;

struct ConnectorInput {
  uint64_t sequence = 0;  // grows with each input of a stream
  std::optional<engine::Cursor> cursor = {};
  InputBody body;
};

// Every input up to `sequence` is committed or was refused before.
struct Ack {
  uint64_t sequence = 0;
  std::string revision = {};
};

// One input was refused and changed nothing.
struct Nack {
  uint64_t sequence = 0;
  absl::Status status;
  bool requeue = false;  // it may succeed later, under a new number
};

// The server lacks something; a snapshot repairs it.
struct SnapshotRequested {
  std::string reason = {};
};

using ConnectorOutput = std::variant<Ack, Nack, SnapshotRequested>;

}  // namespace twingraph::hubs
