#pragma once

// One connector's stream, without its transport: inputs go in, answers come
// out. The sessions of one hub exclude each other.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "server/engine/engine.h"
#include "server/hubs/connector.h"
#include "storage/base/context.h"

namespace twingraph::hubs {

class SessionRegistry;

// Used from one thread at a time; Close from any.
class ConnectorSession {
 public:
  // Called once, from any thread, when the session is ended from outside: the
  // hub was detached (HUB_NOT_FOUND), its connector came back on another stream
  // (HUB_CONNECTED_ELSEWHERE), or the server stops. Must not call back.
  using OnClosed = std::function<void(const absl::Status&)>;

  virtual ~ConnectorSession() = default;

  // What to send first.
  virtual const Welcome& welcome() const = 0;

  // Carries out `inputs` in order and gives the answers. The more inputs are
  // given at once, the fewer commits they need: give all that have arrived.
  // Errors end the stream: CONNECTOR_PROTOCOL; HUB_NOT_FOUND;
  // HUB_CONNECTED_ELSEWHERE; store errors, after which the connector resumes
  // from its last acknowledged cursor.
  virtual absl::StatusOr<std::vector<ConnectorOutput>> Handle(
      const Context& ctx, std::vector<ConnectorInput> inputs) = 0;
};

// A connector that is there.
struct ConnectorInfo {
  std::string name;
  std::string version;
  std::string instance;
  absl::Time connect_time;
};

// The live sessions of a graph. Safe from any thread; outlives its sessions.
class SessionRegistry {
 public:
  // `engine` outlives this object.
  explicit SessionRegistry(engine::Engine& engine);
  ~SessionRegistry();
  SessionRegistry(const SessionRegistry&) = delete;
  SessionRegistry& operator=(const SessionRegistry&) = delete;

  // Begins a session. Destroying it frees the hub for others.
  // Errors: HUB_NOT_FOUND; HUB_CONNECTED_ELSEWHERE; CONNECTOR_PROTOCOL for a
  // protocol version that is not spoken here.
  absl::StatusOr<std::unique_ptr<ConnectorSession>> Open(
      const Context& ctx, const Hello& hello,
      ConnectorSession::OnClosed on_closed);

  // Who speaks for the hub now; nullopt: nobody.
  std::optional<ConnectorInfo> Find(absl::string_view hub) const;

  // Ends the hub's session, if there is one, with `status`.
  void Close(absl::string_view hub, const absl::Status& status);

  // Ends all sessions, and refuses new ones, with SHUTTING_DOWN.
  void Shutdown();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace twingraph::hubs
