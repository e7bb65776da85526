#pragma once

// A graph with a hub, and a connector that speaks to it, for tests.

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "server/hubs/session_registry.h"
#include "tests/server/engine/engine_fixture.h"

namespace twingraph::hubs {

// Collects a session's answers.
struct Answers {
  std::vector<Ack> acks;
  std::vector<Nack> nacks;
  std::vector<SnapshotRequested> requests;
};

// A connector whose hub holds some sensors; numbers its inputs.
class FakeConnector {
 public:
  explicit FakeConnector(std::unique_ptr<ConnectorSession> session)
      : session_(std::move(session)) {}

  const Welcome& welcome() const { return session_->welcome(); }

  static engine::DeviceRecord Sensor(const std::string& name,
                                     const std::string& generation = "g1") {
    engine::DeviceRecord device;
    device.path = {name};
    device.generation = generation;
    device.model = "dtmi:demo:Sensor;1";
    return device;
  }

  static engine::DeviceEvent Telemetry(const std::string& name,
                                       const std::string& json) {
    engine::DeviceMessage message;
    message.path = {name};
    message.body = *ParseJsonValue(json);
    return message;
  }

  ConnectorInput Next(InputBody body,
                      std::optional<engine::Cursor> cursor = std::nullopt) {
    return {.sequence = ++sequence_,
            .cursor = std::move(cursor),
            .body = std::move(body)};
  }

  absl::StatusOr<Answers> Send(std::vector<ConnectorInput> inputs) {
    auto outputs = session_->Handle(Context(), std::move(inputs));
    if (!outputs.ok()) {
      return outputs.status();
    }
    Answers answers;
    for (ConnectorOutput& output : *outputs) {
      if (auto* ack = std::get_if<Ack>(&output)) {
        answers.acks.push_back(std::move(*ack));
      } else if (auto* nack = std::get_if<Nack>(&output)) {
        answers.nacks.push_back(std::move(*nack));
      } else {
        answers.requests.push_back(
            std::move(std::get<SnapshotRequested>(output)));
      }
    }
    return answers;
  }

  absl::StatusOr<Answers> Send(InputBody body) {
    std::vector<ConnectorInput> inputs;
    inputs.push_back(Next(std::move(body)));
    return Send(std::move(inputs));
  }

  // A complete snapshot in one go.
  absl::StatusOr<Answers> Snapshot(const std::string& id,
                                   const std::vector<std::string>& names) {
    SnapshotItems items{.snapshot = id, .devices = {}};
    for (const std::string& name : names) {
      items.devices.push_back(Sensor(name));
    }
    const auto count = static_cast<int64_t>(names.size());
    std::vector<ConnectorInput> inputs;
    inputs.push_back(Next(SnapshotBegin{id}));
    inputs.push_back(Next(std::move(items)));
    inputs.push_back(Next(SnapshotEnd{id, count}));
    return Send(std::move(inputs));
  }

 private:
  std::unique_ptr<ConnectorSession> session_;
  uint64_t sequence_ = 1;  // of the hello
};

class HubTest : public engine::EngineTest {
 protected:
  HubTest() : registry_(std::make_unique<SessionRegistry>(*engine_)) {
    EXPECT_OK(engine_->hubs().Attach(ctx_, {.id = "site", .kind = "grpc"}, {}));
  }

  static Hello MakeHello(const std::string& instance = "gw-1") {
    return {.protocol_versions = {1},
            .hub = "site",
            .name = "fake",
            .version = "1",
            .instance = instance,
            .cursors = {}};
  }

  absl::StatusOr<std::unique_ptr<ConnectorSession>> Open(
      const Hello& hello, SessionRegistry::OnClosed on_closed = nullptr) {
    return registry_->Open(ctx_, hello, std::move(on_closed));
  }

  std::unique_ptr<FakeConnector> Connect() {
    auto session = Open(MakeHello());
    EXPECT_OK(session);
    return std::make_unique<FakeConnector>(*std::move(session));
  }

  engine::BindingState StateOf(const std::string& twin) {
    const auto found = Get(twin);
    EXPECT_OK(found);
    return found.ok() && found->device.has_value()
               ? found->device->state
               : engine::BindingState::kUnbound;
  }

  std::unique_ptr<SessionRegistry> registry_;
};

}  // namespace twingraph::hubs
