#pragma once

// A server with one small service, for the tests of the transport.

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "echo.grpc.pb.h"

#include "server/rpc/bidi_stream.h"
#include "server/rpc/call.h"
#include "server/rpc/server.h"
#include "storage/base/executor.h"
#include "storage/base/mutex.h"

namespace twingraph::rpc {

// Counts calls by method and code.
class RecordingObserver final : public CallObserver {
 public:
  void OnCallEnd(absl::string_view method, absl::StatusCode code,
                 absl::Duration elapsed) override;
  // Waits until a call of `method` has ended with `code`, at most 10 s.
  bool WaitFor(absl::string_view method, absl::StatusCode code);

 private:
  Mutex mutex_;
  CondVar changed_;
  std::vector<std::pair<std::string, absl::StatusCode>> ended_
      ABSL_GUARDED_BY(mutex_);
};

// A gate that blocked work waits at, and what it saw.
struct EchoProbe {
  Mutex mutex;
  CondVar changed;
  bool is_open ABSL_GUARDED_BY(mutex) = false;
  std::atomic<int> blocked = 0;
  std::atomic<int> produced = 0;
  std::atomic<int> handled = 0;
  std::atomic<int> alive_sources = 0;
  std::atomic<int> alive_handlers = 0;
  std::shared_ptr<StreamCloser> closer;
};

class EchoServer {
 public:
  struct Options {
    size_t message_limit_bytes = 1000;
    absl::Duration call_deadline = absl::Seconds(30);
    size_t queue_limit = 100;
    size_t call_memory_bytes = size_t{1} << 30;
    size_t reply_bytes = 0;  // of each message of Repeat and Talk, at least
    bool reflection = true;
    BidiOptions bidi = {};
  };

  EchoServer() : EchoServer(Options()) {}

  explicit EchoServer(Options options);
  ~EchoServer();

  Server& server() { return *server_; }

  EchoProbe& probe() { return probe_; }

  RecordingObserver& observer() { return observer_; }

  // Streams of answers end from now on.
  void EndStreams() { ends_streams_ = true; }

  // Lets blocked work go on.
  void OpenGate();
  // Polls until `is_true`, at most 10 s; returns whether it became true.
  static bool Eventually(const std::function<bool()>& is_true);

  std::shared_ptr<grpc::Channel> channel() { return channel_; }

  std::unique_ptr<rpc_test::EchoService::Stub> NewStub() {
    return rpc_test::EchoService::NewStub(channel_);
  }

 private:
  EchoProbe probe_;
  RecordingObserver observer_;
  Executor reads_;
  Executor writes_;
  std::atomic<bool> ends_streams_ = false;
  CallMemory memory_;
  CallEnvironment environment_;
  RawService service_;
  std::unique_ptr<Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
};

}  // namespace twingraph::rpc
