#include "server/hubs/session_registry.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"

#include "storage/base/id.h"
#include "storage/base/mutex.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"

namespace twingraph::hubs {
namespace {

absl::Status ConnectedElsewhere(absl::string_view hub) {
  return FailedPrecondition(v1::ERROR_REASON_HUB_CONNECTED_ELSEWHERE,
                            "another connector speaks for this hub",
                            {{"hub", hub}});
}

absl::Status CheckHello(const Hello& hello) {
  if (std::find(hello.protocol_versions.begin(), hello.protocol_versions.end(),
                kConnectorProtocol) == hello.protocol_versions.end()) {
    return InvalidArgument(
        v1::ERROR_REASON_CONNECTOR_PROTOCOL,
        "none of the connector's protocol versions is spoken here; this server "
        "speaks version 1",
        {{"hub", hello.hub}});
  }
  if (hello.instance.empty()) {
    return InvalidField("hello.connector.instance_id", "is required");
  }
  if (hello.name.empty()) {
    return InvalidField("hello.connector.name", "is required");
  }
  return absl::OkStatus();
}

// Does a source begin behind the place up to which its events are committed?
bool HasGap(const std::vector<engine::Cursor>& committed,
            const std::vector<engine::Cursor>& offered) {
  for (const engine::Cursor& cursor : offered) {
    const auto found = std::find_if(
        committed.begin(), committed.end(),
        [&](const auto& known) { return known.source == cursor.source; });
    if (found != committed.end() && cursor.offset > found->offset + 1) {
      return true;
    }
  }
  return false;
}

}  // namespace

// One live session, as the registry sees it.
struct LiveSession final : SessionLife {
  explicit LiveSession(ConnectorInfo who) : info(std::move(who)) {}

  absl::Status Check() const override {
    MutexLock lock(mutex);
    return end;
  }

  // Ends the session once; later calls do nothing.
  void End(const absl::Status& status) {
    SessionRegistry::OnClosed listener;
    {
      MutexLock lock(mutex);
      if (!end.ok()) {
        return;
      }
      end = status;
      listener = std::move(on_closed);
    }
    if (listener) {
      listener(status);
    }
  }

  void Forget() {
    MutexLock lock(mutex);
    on_closed = nullptr;
  }

  const ConnectorInfo info;
  mutable Mutex mutex;
  absl::Status end ABSL_GUARDED_BY(mutex);
  SessionRegistry::OnClosed on_closed ABSL_GUARDED_BY(mutex);
};

struct SessionRegistry::State {
  Mutex mutex;
  bool is_stopping ABSL_GUARDED_BY(mutex) = false;
  absl::flat_hash_map<std::string, std::shared_ptr<LiveSession>> live
      ABSL_GUARDED_BY(mutex);
};

// The session's hold on its hub: the last reference gives it up.
class SessionRegistry::Lease final : public SessionLife {
 public:
  Lease(std::shared_ptr<State> state, std::string hub,
        std::shared_ptr<LiveSession> session)
      : state_(std::move(state)),
        hub_(std::move(hub)),
        session_(std::move(session)) {}

  ~Lease() override {
    session_->Forget();
    MutexLock lock(state_->mutex);
    const auto found = state_->live.find(hub_);
    if (found != state_->live.end() && found->second == session_) {
      state_->live.erase(found);
    }
  }

  absl::Status Check() const override { return session_->Check(); }

 private:
  const std::shared_ptr<State> state_;
  const std::string hub_;
  const std::shared_ptr<LiveSession> session_;
};

SessionRegistry::SessionRegistry(engine::Engine& engine)
    : engine_(engine), state_(std::make_shared<State>()) {
  engine_.hubs().SetDetachListener([this](const std::string& hub) {
    Close(hub, NotFound(v1::ERROR_REASON_HUB_NOT_FOUND, "the hub was detached",
                        {{"hub", hub}}));
  });
}

SessionRegistry::~SessionRegistry() {
  engine_.hubs().SetDetachListener(nullptr);
  Shutdown();
}

absl::StatusOr<std::unique_ptr<ConnectorSession>> SessionRegistry::Open(
    const Context& ctx, const Hello& hello, OnClosed on_closed) {
  RETURN_IF_ERROR(CheckHello(hello));
  ASSIGN_OR_RETURN(engine::FeedState feed,
                   engine_.devices().GetFeed(ctx, hello.hub));
  auto session = std::make_shared<LiveSession>(ConnectorInfo{
      hello.name, hello.version, hello.instance, engine_.clock().Now()});
  std::shared_ptr<LiveSession> replaced;
  {
    MutexLock lock(state_->mutex);
    if (state_->is_stopping) {
      return ShuttingDown();
    }
    std::shared_ptr<LiveSession>& slot = state_->live[hello.hub];
    if (slot != nullptr && slot->info.instance != hello.instance) {
      return ConnectedElsewhere(hello.hub);
    }
    replaced = std::exchange(slot, session);
    MutexLock session_lock(session->mutex);
    session->on_closed = std::move(on_closed);
  }
  auto lease = std::make_shared<Lease>(state_, hello.hub, session);
  if (replaced != nullptr) {
    replaced->End(ConnectedElsewhere(hello.hub));
  }
  if (HasGap(feed.cursors, hello.cursors)) {
    RETURN_IF_ERROR(
        engine_.devices()
            .OpenGap(ctx, hello.hub, "the connector begins behind the cursor")
            .status());
    feed.snapshot_required = true;
  }
  Welcome welcome{.protocol_version = kConnectorProtocol,
                  .session = RandomUuid(),
                  .cursors = std::move(feed.cursors),
                  .snapshot_required = feed.snapshot_required,
                  .revision = std::move(feed.revision)};
  return std::make_unique<ConnectorSession>(
      engine_.devices(), hello.hub, std::move(lease), std::move(welcome));
}

std::optional<ConnectorInfo> SessionRegistry::Find(
    absl::string_view hub) const {
  MutexLock lock(state_->mutex);
  const auto found = state_->live.find(hub);
  if (found == state_->live.end()) {
    return std::nullopt;
  }
  return found->second->info;
}

void SessionRegistry::Close(absl::string_view hub, const absl::Status& status) {
  std::shared_ptr<LiveSession> session;
  {
    MutexLock lock(state_->mutex);
    const auto found = state_->live.find(hub);
    if (found == state_->live.end()) {
      return;
    }
    session = std::move(found->second);
    state_->live.erase(found);
  }
  session->End(status);
}

void SessionRegistry::Shutdown() {
  std::vector<std::shared_ptr<LiveSession>> sessions;
  {
    MutexLock lock(state_->mutex);
    state_->is_stopping = true;
    for (auto& [hub, session] : state_->live) {
      sessions.push_back(std::move(session));
    }
    state_->live.clear();
  }
  for (const auto& session : sessions) {
    session->End(ShuttingDown());
  }
}

}  // namespace twingraph::hubs
