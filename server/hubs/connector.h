#pragma once

// The contract between the graph and a connector, the program that speaks with
// a hub: a snapshot of the hub's devices, then what happens to them. The same
// for connectors in this process and for those that come over gRPC. Plain
// values.
//
// A stream: Hello, answered by Welcome. Then, at any time, a snapshot
// (SnapshotBegin, one DeviceUpserted for each device, SnapshotEnd: attached
// devices that it did not name are treated as removed) and events in order per
// device. Each input gets exactly one Ack, after its commit, or one Nack; an
// Ack may stand for many inputs. A Nack ends nothing.

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"

#include "server/engine/device_ops.h"

namespace twingraph::hubs {

// Version of the contract that this server speaks; frozen once released.
inline constexpr int kConnectorProtocol = 1;

// Who speaks, and for which hub. First on a stream.
struct Hello {
  int protocol = kConnectorProtocol;
  std::string hub;
  // Tells two programs apart: the same one may connect again and replaces its
  // earlier stream, another one is refused while the first is there.
  std::string instance;
  std::string software;  // name and version, for people
};

// The server's answer to Hello.
struct Welcome {
  int protocol = kConnectorProtocol;
  // The last cursor that was committed; go on after it. Empty: none.
  std::string resume_cursor;
  // No complete snapshot of this hub was ever taken, or a gap is open: begin
  // with one.
  bool snapshot_required = false;
  // Inputs that may be on their way without an answer.
  int max_unacknowledged = 0;
};

struct SnapshotBegin {};

struct SnapshotEnd {};

// The connector may have lost events. Until the next complete snapshot the
// hub's connection states count as unknown.
struct Gap {
  std::string reason;
};

// Nothing happened; answered like all, so that both sides know of each other.
struct Heartbeat {};

using InputBody =
    std::variant<SnapshotBegin, engine::DeviceUpserted, SnapshotEnd,
                 engine::DeviceRemoved, engine::ConnectionChanged,
                 engine::DeviceMessage, Gap, Heartbeat>;

struct ConnectorInput {
  // Grows with each input of a stream; answers name it.
  uint64_t sequence = 0;
  // The connector's place in its hub's feed after this input; opaque to the
  // server, given back in Welcome. Empty: it has none.
  std::string cursor;
  InputBody body;
};

// All inputs up to `sequence` that were not refused are committed.
struct Ack {
  uint64_t sequence = 0;
  std::string cursor;  // the newest that is committed
  std::string revision;
};

// One input was refused for good: sending it again gives the same answer.
struct Nack {
  uint64_t sequence = 0;
  std::string cursor;
  absl::Status status;
};

// The server lacks something; a snapshot repairs it.
struct SnapshotRequest {
  std::string reason;
};

using ConnectorOutput = std::variant<Welcome, Ack, Nack, SnapshotRequest>;

}  // namespace twingraph::hubs
