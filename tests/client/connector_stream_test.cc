#include "client/connector_stream.h"

#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "proto/cc/status.h"
#include "storage/base/mutex.h"
#include "tests/client/fake_server.h"
#include "tests/support/status_matchers.h"
#include "twingraph/v1/connector.grpc.pb.h"

namespace twingraph::client {
namespace {

constexpr int kWindow = 4;

// Ends the stream at a heartbeat, drains at a gap. Answers each other frame:
// one that a device named "bad" sends with Nack, every other with Ack.
class EchoConnector final : public v1::ConnectorService::Service {
 public:
  using Stream =
      grpc::ServerReaderWriter<v1::ConnectResponse, v1::ConnectRequest>;

  grpc::Status Connect(grpc::ServerContext*, Stream* stream) override {
    v1::ConnectRequest frame;
    if (!stream->Read(&frame) || !frame.has_hello()) {
      return ToGrpcStatus(
          InvalidArgument(v1::ERROR_REASON_CONNECTOR_PROTOCOL, "no hello"));
    }
    if (frame.hello().hub_id() == "nowhere") {
      return ToGrpcStatus(NotFound(v1::ERROR_REASON_HUB_NOT_FOUND, "no hub"));
    }
    v1::ConnectResponse welcome;
    welcome.mutable_welcome()->set_frame_window(kWindow);
    stream->Write(welcome);
    uint64_t last = frame.sequence();
    while (stream->Read(&frame) && !frame.has_heartbeat()) {
      if (frame.sequence() != last + 1) {
        return ToGrpcStatus(
            InvalidArgument(v1::ERROR_REASON_CONNECTOR_PROTOCOL, "a gap"));
      }
      last = frame.sequence();
      stream->Write(Answer(frame));
    }
    return ToGrpcStatus(end);
  }

  absl::Status end;

 private:
  static v1::ConnectResponse Answer(const v1::ConnectRequest& frame) {
    v1::ConnectResponse answer;
    if (frame.has_message() && frame.message().path(0) == "bad") {
      answer.mutable_nack()->set_sequence(frame.sequence());
    } else if (frame.has_gap()) {
      answer.mutable_drain();
    } else {
      answer.mutable_ack()->set_sequence(frame.sequence());
    }
    return answer;
  }
};

v1::ConnectRequest Message(const std::string& device) {
  v1::ConnectRequest frame;
  frame.mutable_message()->add_path(device);
  return frame;
}

class ConnectorStreamTest : public testing::Test {
 protected:
  absl::StatusOr<std::unique_ptr<ConnectorStream>> Open(
      const std::string& hub) {
    v1::Hello hello;
    hello.set_hub_id(hub);
    ConnectorHandlers handlers;
    handlers.on_ack = [this](const v1::Ack& ack) {
      MutexLock lock(mutex_);
      acks_.push_back(ack.sequence());
    };
    handlers.on_nack = [this](const v1::Nack& nack) {
      MutexLock lock(mutex_);
      nacks_.push_back(nack.sequence());
    };
    return ConnectorStream::Open(connection_, hello, handlers);
  }

  EchoConnector service_;
  FakeServer server_{service_};
  Connection connection_{server_.options()};
  Mutex mutex_;
  std::vector<uint64_t> acks_ ABSL_GUARDED_BY(mutex_);
  std::vector<uint64_t> nacks_ ABSL_GUARDED_BY(mutex_);
};

TEST_F(ConnectorStreamTest, NumbersFramesAndWaitsForTheirAnswers) {
  ASSERT_OK_AND_ASSIGN(const auto stream, Open("plant"));
  EXPECT_EQ(stream->welcome().frame_window(), kWindow);
  for (int i = 0; i < 50; ++i) {
    ASSERT_OK_AND_ASSIGN(const uint64_t sequence, stream->Send(Message("d")));
    EXPECT_EQ(sequence, static_cast<uint64_t>(i) + 2);
  }
  EXPECT_OK(stream->WaitAnswered(absl::Seconds(20)));
  EXPECT_OK(stream->Finish());
  MutexLock lock(mutex_);
  EXPECT_EQ(acks_.size(), 50U);
}

TEST_F(ConnectorStreamTest, ARefusedFrameIsAnswered) {
  ASSERT_OK_AND_ASSIGN(const auto stream, Open("plant"));
  for (int i = 0; i < 20; ++i) {
    ASSERT_OK(stream->Send(Message(i % 3 == 0 ? "bad" : "d")));
  }
  ASSERT_OK(stream->Send(Message("bad")));
  EXPECT_OK(stream->WaitAnswered(absl::Seconds(20)));
  EXPECT_OK(stream->Finish());
  MutexLock lock(mutex_);
  EXPECT_EQ(nacks_.size(), 8U);
}

TEST_F(ConnectorStreamTest, SaysWhyItWasNotOpened) {
  EXPECT_THAT(Open("nowhere"), IsError(absl::StatusCode::kNotFound,
                                       v1::ERROR_REASON_HUB_NOT_FOUND));
}

TEST_F(ConnectorStreamTest, SendsNothingToAServerThatStops) {
  ASSERT_OK_AND_ASSIGN(const auto stream, Open("plant"));
  v1::ConnectRequest frame;
  frame.mutable_gap();
  ASSERT_OK(stream->Send(frame));
  EXPECT_THAT(stream->WaitAnswered(absl::Milliseconds(50)),
              IsError(absl::StatusCode::kDeadlineExceeded,
                      v1::ERROR_REASON_CALL_ENDED));
  EXPECT_THAT(
      stream->Send(Message("d")),
      IsError(absl::StatusCode::kAborted, v1::ERROR_REASON_SHUTTING_DOWN));
}

TEST_F(ConnectorStreamTest, SaysHowItEnded) {
  service_.end = MakeError(absl::StatusCode::kUnavailable,
                           v1::ERROR_REASON_SHUTTING_DOWN, "stopping");
  ASSERT_OK_AND_ASSIGN(const auto stream, Open("plant"));
  EXPECT_THAT(stream->Finish(), IsError(absl::StatusCode::kUnavailable,
                                        v1::ERROR_REASON_SHUTTING_DOWN));
}

TEST_F(ConnectorStreamTest, AnEndInOrderIsAnErrorForWhoHasMoreToSay) {
  ASSERT_OK_AND_ASSIGN(const auto stream, Open("plant"));
  v1::ConnectRequest frame;
  frame.mutable_heartbeat();
  ASSERT_OK(stream->Send(frame));
  absl::Status status;
  for (int i = 0; i < 100'000 && status.ok(); ++i) {
    status = stream->Send(Message("d")).status();
  }
  EXPECT_THAT(status, IsError(absl::StatusCode::kUnavailable,
                              v1::ERROR_REASON_SHUTTING_DOWN));
  EXPECT_THAT(
      stream->WaitAnswered(absl::Seconds(20)),
      IsError(absl::StatusCode::kUnavailable, v1::ERROR_REASON_SHUTTING_DOWN));
}

TEST_F(ConnectorStreamTest, MayBeDropped) {
  ASSERT_OK_AND_ASSIGN(const auto stream, Open("plant"));
  EXPECT_OK(stream->Send(Message("d")));
}

}  // namespace
}  // namespace twingraph::client
