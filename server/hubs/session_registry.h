#pragma once

// The live connectors of a graph: one for each hub. Safe from any thread;
// outlives its sessions.

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "server/engine/engine.h"
#include "server/hubs/connector.h"
#include "server/hubs/connector_session.h"
#include "storage/base/context.h"

namespace twingraph::hubs {

// A connector that is there.
struct ConnectorInfo {
  std::string name;
  std::string version;
  std::string instance;
  absl::Time connect_time;
};

class SessionRegistry {
 public:
  // Called once, from any thread, when a session is ended from outside: the hub
  // was detached (HUB_NOT_FOUND), its connector came back on another stream
  // (HUB_CONNECTED_ELSEWHERE), or the server stops (SHUTTING_DOWN). Not called
  // for a session that was destroyed before. Must not call back.
  using OnClosed = std::function<void(const absl::Status&)>;

  // Listens to the engine's detached hubs. `engine` outlives this object.
  explicit SessionRegistry(engine::Engine& engine);
  // Shutdown.
  ~SessionRegistry();
  SessionRegistry(const SessionRegistry&) = delete;
  SessionRegistry& operator=(const SessionRegistry&) = delete;

  // Begins a session. Destroying it frees the hub for others.
  // Errors: HUB_NOT_FOUND; HUB_CONNECTED_ELSEWHERE; SHUTTING_DOWN;
  // CONNECTOR_PROTOCOL for protocol versions that are not spoken here or a
  // hello without instance; INVALID_FIELD.
  absl::StatusOr<std::unique_ptr<ConnectorSession>> Open(const Context& ctx,
                                                         const Hello& hello,
                                                         OnClosed on_closed);

  // Who speaks for the hub now; nullopt: nobody.
  std::optional<ConnectorInfo> Find(absl::string_view hub) const;

  // Ends the hub's session, if there is one, with `status`.
  void Close(absl::string_view hub, const absl::Status& status);

  // Ends all sessions, and refuses new ones, with SHUTTING_DOWN.
  void Shutdown();

 private:
  class Lease;
  struct State;

  engine::Engine& engine_;
  std::shared_ptr<State> state_;
};

}  // namespace twingraph::hubs
