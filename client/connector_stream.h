#pragma once

// The stream by which a connector tells the graph of the devices of its hub
// (twingraph/v1/connector.proto). It numbers the frames and keeps to the window
// that the server gave; what the frames say is the caller's.
//
// One thread sends, while a thread of the stream reads the answers and calls
// the handlers; so handlers must not call Send or Finish.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "client/connection.h"
#include "twingraph/v1/connector.pb.h"

namespace twingraph::client {

// What a connector wants to hear. Each may be empty.
struct ConnectorHandlers {
  std::function<void(const v1::Ack&)> on_ack;
  std::function<void(const v1::Nack&)> on_nack;
  std::function<void(const v1::SnapshotRequested&)> on_snapshot_requested;
  std::function<void(const v1::Drain&)> on_drain;
};

class ConnectorStream {
 public:
  // Connects, says hello and waits for the welcome.
  // Errors: those of ConnectorService.Connect.
  static absl::StatusOr<std::unique_ptr<ConnectorStream>> Open(
      const Connection& connection, v1::Hello hello,
      ConnectorHandlers handlers);

  // Ends the stream at once unless Finish did.
  ~ConnectorStream();
  ConnectorStream(const ConnectorStream&) = delete;
  ConnectorStream& operator=(const ConnectorStream&) = delete;

  // What the server said at the start.
  const v1::Welcome& welcome() const { return welcome_; }

  // Numbers a frame and sends it; waits while the window is full. Gives the
  // number back.
  // Errors: how the stream ended, if it did; ABORTED / SHUTTING_DOWN where the
  // server is draining.
  absl::StatusOr<uint64_t> Send(v1::ConnectRequest frame);

  // Sends a heartbeat if nothing was sent for the interval of the welcome.
  absl::Status KeepAlive();

  // Waits until every frame sent so far is answered, or the timeout passes.
  // Errors: how the stream ended, if it did; DEADLINE_EXCEEDED / CALL_ENDED.
  absl::Status WaitAnswered(absl::Duration timeout);

  // Sends nothing more, waits for the open answers and ends the stream.
  absl::Status Finish();

 private:
  struct Call;
  ConnectorStream(std::unique_ptr<Call> call, v1::Welcome welcome,
                  ConnectorHandlers handlers);
  // Reads answers until the stream ends.
  void Read();
  void Handle(const v1::ConnectResponse& answer);

  const std::unique_ptr<Call> call_;
  const v1::Welcome welcome_;
  const ConnectorHandlers handlers_;
};

}  // namespace twingraph::client
