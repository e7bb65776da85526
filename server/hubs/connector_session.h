#pragma once

// One connector's stream, without its transport: inputs go in, answers come
// out. Made by SessionRegistry. Used from one thread at a time.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "server/engine/device_ops.h"
#include "server/hubs/connector.h"
#include "storage/base/context.h"

namespace twingraph::hubs {

// What a session and its registry share: whether the session goes on.
class SessionLife {
 public:
  virtual ~SessionLife() = default;
  // OK, or why the session was ended from outside.
  virtual absl::Status Check() const = 0;
};

class ConnectorSession {
 public:
  // `devices` outlives the session.
  ConnectorSession(engine::DeviceOps& devices, std::string hub,
                   std::shared_ptr<const SessionLife> life, Welcome welcome);
  ~ConnectorSession();
  ConnectorSession(const ConnectorSession&) = delete;
  ConnectorSession& operator=(const ConnectorSession&) = delete;

  // What to send first.
  const Welcome& welcome() const { return welcome_; }

  // Carries out `inputs` in order and gives the answers. The more inputs are
  // given at once, the fewer commits they need: give all that have arrived.
  // Errors end the stream: CONNECTOR_PROTOCOL; HUB_NOT_FOUND;
  // HUB_CONNECTED_ELSEWHERE; SHUTTING_DOWN; store errors, after which the
  // connector resumes from the cursors of its next Welcome.
  absl::StatusOr<std::vector<ConnectorOutput>> Handle(
      const Context& ctx, std::vector<ConnectorInput> inputs);

 private:
  // A list of all devices that is being told.
  struct Snapshot {
    std::string id;
    absl::flat_hash_set<std::string> listed;  // joined paths
    // Of events since it began: newer than the list.
    absl::flat_hash_set<std::string> named;
  };

  // Events that wait for their commit, and the input that each came with.
  struct Pending {
    std::vector<engine::DeviceInput> events;
    std::vector<uint64_t> sequences;
  };

  absl::Status Take(const Context& ctx, ConnectorInput input);
  absl::Status Take(const Context& ctx, ConnectorInput& input,
                    engine::DeviceEvent event);
  absl::Status Take(const Context& ctx, ConnectorInput& input,
                    SnapshotBegin begin);
  absl::Status Take(const Context& ctx, ConnectorInput& input,
                    SnapshotItems items);
  absl::Status Take(const Context& ctx, ConnectorInput& input,
                    const SnapshotEnd& end);
  absl::Status Take(const Context& ctx, ConnectorInput& input, const Gap& gap);
  absl::Status Take(const Context& ctx, ConnectorInput& input,
                    Heartbeat heartbeat);
  absl::Status Add(const Context& ctx, uint64_t sequence,
                   engine::DeviceInput event);
  absl::Status Flush(const Context& ctx);
  absl::Status Commit(const Context& ctx, Pending pending);
  absl::Status CommitHalves(const Context& ctx, Pending pending);
  void Refuse(uint64_t sequence, const absl::Status& status);
  void RequestSnapshot(absl::string_view reason);
  absl::Status ProtocolError(absl::string_view message) const;

  engine::DeviceOps& devices_;
  const std::string hub_;
  const std::shared_ptr<const SessionLife> life_;
  const Welcome welcome_;
  std::optional<Snapshot> snapshot_;
  bool is_snapshot_requested_ = false;
  uint64_t last_sequence_ = 0;
  std::string revision_;
  Pending pending_;
  std::vector<ConnectorOutput> outputs_;
};

}  // namespace twingraph::hubs
