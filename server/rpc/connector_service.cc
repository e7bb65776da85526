// Covered by tests/server/rpc/services_test.cc.
#include "server/rpc/connector_service.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "server/rpc/bidi_stream.h"
#include "server/rpc/convert/connector.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "twingraph/v1/connector.pb.h"

namespace twingraph::rpc {
namespace {

// A connector that says nothing for this many heartbeats is gone.
constexpr int kMissedHeartbeats = 3;

absl::Status ProtocolError(absl::string_view message) {
  return InvalidArgument(v1::ERROR_REASON_CONNECTOR_PROTOCOL, message);
}

// One connector's stream: a hello opens the session, all else goes through it.
class ConnectorHandler final : public MessageHandler {
 public:
  ConnectorHandler(const ServiceParts& parts,
                   std::shared_ptr<StreamCloser> closer)
      : parts_(parts), closer_(std::move(closer)) {}

  absl::Status Handle(
      Call& call, const std::vector<const google::protobuf::Message*>& messages,
      std::vector<std::string>& replies) override {
    auto next = messages.begin();
    if (session_ == nullptr) {
      RETURN_IF_ERROR(Open(call, FrameAt(**next++), replies));
    }
    std::vector<hubs::ConnectorInput> inputs;
    for (; next != messages.end(); ++next) {
      inputs.push_back(ToInput(FrameAt(**next), replies));
    }
    if (inputs.empty()) {
      return absl::OkStatus();
    }
    ASSIGN_OR_RETURN(const std::vector<hubs::ConnectorOutput> outputs,
                     session_->Handle(call.context(), std::move(inputs)));
    for (const hubs::ConnectorOutput& output : outputs) {
      replies.push_back(OutputFrame(output));
    }
    return absl::OkStatus();
  }

 private:
  static const v1::ConnectRequest& FrameAt(
      const google::protobuf::Message& message) {
    return static_cast<const v1::ConnectRequest&>(message);
  }

  absl::Status Open(Call& call, const v1::ConnectRequest& frame,
                    std::vector<std::string>& replies) {
    if (!frame.has_hello() || frame.sequence() != 1) {
      return ProtocolError(
          "the first frame must be a hello with the sequence 1");
    }
    ASSIGN_OR_RETURN(
        session_, parts_.sessions.Open(call.context(), ToHello(frame.hello()),
                                       OnClosed()));
    replies.push_back(WelcomeFrame(session_->welcome(), parts_.connectors));
    return absl::OkStatus();
  }

  // A server that stops is no error of the connector's: it learns of it, and
  // everything it sent is answered.
  hubs::SessionRegistry::OnClosed OnClosed() {
    return [closer = closer_,
            grace = parts_.shutdown_grace](const absl::Status& status) {
      if (ReasonOf(status) == v1::ERROR_REASON_SHUTTING_DOWN) {
        closer->Close(DrainFrame(grace), absl::OkStatus());
      } else {
        closer->Close("", status);
      }
    };
  }

  // A frame that cannot be read is refused alone; what remains of it is its
  // number.
  static hubs::ConnectorInput ToInput(const v1::ConnectRequest& frame,
                                      std::vector<std::string>& replies) {
    hubs::ConnectorInput input;
    input.sequence = frame.sequence();
    absl::StatusOr<hubs::InputBody> body = ToInputBody(frame);
    if (!body.ok()) {
      replies.push_back(OutputFrame(
          hubs::Nack{.sequence = frame.sequence(), .status = body.status()}));
      input.body = hubs::Heartbeat{};
      return input;
    }
    input.body = *std::move(body);
    if (frame.has_cursor()) {
      input.cursor = ToCursor(frame.cursor());
    }
    return input;
  }

  const ServiceParts& parts_;
  const std::shared_ptr<StreamCloser> closer_;
  std::unique_ptr<hubs::ConnectorSession> session_;
};

}  // namespace

ConnectorService::ConnectorService(const ServiceParts& parts)
    : RawService(*v1::ConnectRequest::descriptor()->file()->FindServiceByName(
          "ConnectorService")) {
  BindBidi<v1::ConnectRequest>(
      *this, "Connect", parts.calls, parts.calls.writes,
      {.window_messages = static_cast<size_t>(parts.connectors.frame_window),
       .idle_limit = parts.connectors.heartbeat_interval * kMissedHeartbeats},
      [&parts](std::shared_ptr<StreamCloser> closer) {
        return std::make_unique<ConnectorHandler>(parts, std::move(closer));
      });
}

}  // namespace twingraph::rpc
