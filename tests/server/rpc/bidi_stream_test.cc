#include "server/rpc/bidi_stream.h"

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "proto/cc/status.h"
#include "storage/base/status.h"
#include "tests/server/rpc/echo_server.h"
#include "tests/server/rpc/raw_client.h"
#include "tests/support/status_matchers.h"

namespace twingraph::rpc {
namespace {

constexpr char kTalk[] = "/twingraph.rpc_test.EchoService/Talk";
constexpr char kName[] = "twingraph.rpc_test.EchoService/Talk";

std::string Bytes(const std::string& text) {
  rpc_test::TalkRequest request;
  request.set_text(text);
  return request.SerializeAsString();
}

TEST(BidiStreamTest, AnswersEachInOrderAndEndsAfterHalfClose) {
  EchoServer server;
  grpc::ClientContext context;
  auto stream = server.NewStub()->Talk(&context);
  std::thread writer([&] {
    for (int i = 0; i < 5000; ++i) {
      rpc_test::TalkRequest request;
      request.set_text(absl::StrCat(i));
      ASSERT_TRUE(stream->Write(request));
    }
    stream->WritesDone();
  });
  rpc_test::TalkResponse response;
  int seen = 0;
  while (stream->Read(&response)) {
    EXPECT_EQ(response.text(), absl::StrCat(seen++));
  }
  writer.join();
  EXPECT_EQ(seen, 5000);
  EXPECT_OK(FromGrpcStatus(stream->Finish()));
  EXPECT_TRUE(EchoServer::Eventually(
      [&] { return server.probe().alive_handlers == 0; }));
}

TEST(BidiStreamTest, AnEmptyStreamIsFine) {
  EchoServer server;
  std::vector<std::string> answers;
  EXPECT_OK(StreamRaw(server.channel(), kTalk, {}, answers));
  EXPECT_TRUE(answers.empty());
}

TEST(BidiStreamTest, RefusesTruncatedBytesInMidStreamAndAnswersWhatCameBefore) {
  EchoServer server;
  std::vector<std::string> answers;
  const absl::Status status = StreamRaw(
      server.channel(), kTalk,
      {Bytes("one"), Bytes("two"), "\x0A\x09x", Bytes("three")}, answers);
  EXPECT_THAT(status, IsError(absl::StatusCode::kInvalidArgument,
                              v1::ERROR_REASON_MALFORMED_MESSAGE));
  EXPECT_EQ(MetadataOf(status, "message"), "twingraph.rpc_test.TalkRequest");
  EXPECT_THAT(answers, testing::ElementsAre(Bytes("one"), Bytes("two")));
}

TEST(BidiStreamTest, RefusesInvalidUtf8AndLargeMessagesInMidStream) {
  EchoServer server;
  std::vector<std::string> answers;
  EXPECT_THAT(
      StreamRaw(server.channel(), kTalk,
                {Bytes("one"), std::string("\x0A\x01\xFF", 3)}, answers),
      IsError(absl::StatusCode::kInvalidArgument,
              v1::ERROR_REASON_INVALID_UTF8));
  EXPECT_THAT(StreamRaw(server.channel(), kTalk,
                        {Bytes("one"), Bytes(std::string(3000, 'x'))}, answers),
              IsError(absl::StatusCode::kResourceExhausted,
                      v1::ERROR_REASON_MESSAGE_TOO_LARGE));
  EXPECT_THAT(answers, testing::ElementsAre(Bytes("one"), Bytes("one")));
}

TEST(BidiStreamTest, AnErrorOfTheHandlerEndsTheStreamAfterItsReplies) {
  EchoServer server;
  std::vector<std::string> answers;
  EXPECT_THAT(
      StreamRaw(server.channel(), kTalk,
                {Bytes("one"), Bytes("fail"), Bytes("two")}, answers),
      IsError(absl::StatusCode::kNotFound, v1::ERROR_REASON_TWIN_NOT_FOUND));
  EXPECT_THAT(answers, testing::ElementsAre(Bytes("one")));
}

TEST(BidiStreamTest, ReadsNoFurtherThanTheWindowWhileAMessageIsHandled) {
  EchoServer server({.bidi = {.window_messages = 10}});
  grpc::ClientContext context;
  auto stream = server.NewStub()->Talk(&context);
  rpc_test::TalkRequest request;
  request.set_text("block");
  stream->Write(request);
  EXPECT_TRUE(
      EchoServer::Eventually([&] { return server.probe().blocked == 1; }));
  std::atomic<int> written = 0;
  request.set_text(std::string(900, 'x'));
  std::thread writer([&] {
    while (written < 40'000 && stream->Write(request)) {
      ++written;
    }
    stream->WritesDone();
  });
  int before = -1;
  EXPECT_TRUE(EchoServer::Eventually([&] {
    const int now = written;
    const bool stands_still = now == before;
    before = now;
    absl::SleepFor(absl::Milliseconds(100));
    return stands_still;
  }));
  EXPECT_LT(written, 40'000);
  server.OpenGate();
  rpc_test::TalkResponse response;
  int seen = 0;
  while (stream->Read(&response)) {
    ++seen;
  }
  writer.join();
  EXPECT_EQ(seen, 40'001);
  EXPECT_OK(FromGrpcStatus(stream->Finish()));
}

TEST(BidiStreamTest, HandlesNoFurtherWhileRepliesAreNotRead) {
  EchoServer server({.reply_bytes = 20'000});
  grpc::ClientContext context;
  auto stream = server.NewStub()->Talk(&context);
  std::thread writer([&] {
    rpc_test::TalkRequest request;
    request.set_text("x");
    for (int i = 0; i < 20'000; ++i) {
      if (!stream->Write(request)) {
        return;
      }
    }
  });
  int before = -1;
  EXPECT_TRUE(EchoServer::Eventually([&] {
    const int now = server.probe().handled;
    const bool stands_still = now == before && now > 0;
    before = now;
    absl::SleepFor(absl::Milliseconds(100));
    return stands_still;
  }));
  EXPECT_LT(server.probe().handled, 5'000);
  context.TryCancel();
  writer.join();
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
  EXPECT_TRUE(server.observer().WaitFor(kName, absl::StatusCode::kCancelled));
  EXPECT_TRUE(EchoServer::Eventually(
      [&] { return server.probe().alive_handlers == 0; }));
}

TEST(BidiStreamTest, CancelEndsAHandlerThatWaits) {
  EchoServer server;
  grpc::ClientContext context;
  auto stream = server.NewStub()->Talk(&context);
  rpc_test::TalkRequest request;
  request.set_text("block");
  stream->Write(request);
  EXPECT_TRUE(
      EchoServer::Eventually([&] { return server.probe().blocked == 1; }));
  context.TryCancel();
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
  EXPECT_TRUE(EchoServer::Eventually(
      [&] { return server.probe().alive_handlers == 0; }));
}

TEST(BidiStreamTest, ClosingFromOutsideSendsALastMessage) {
  EchoServer server;
  grpc::ClientContext context;
  auto stream = server.NewStub()->Talk(&context);
  rpc_test::TalkRequest request;
  request.set_text("one");
  stream->Write(request);
  rpc_test::TalkResponse response;
  ASSERT_TRUE(stream->Read(&response));
  server.probe().closer->Close(Bytes("goodbye"), absl::OkStatus());
  server.probe().closer->Close("", absl::InternalError("too late"));
  ASSERT_TRUE(stream->Read(&response));
  EXPECT_EQ(response.text(), "goodbye");
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_OK(FromGrpcStatus(stream->Finish()));
  server.probe().closer->Close("", absl::InternalError("much too late"));
}

TEST(BidiStreamTest, AnIdleStreamEnds) {
  EchoServer server({.bidi = {.idle_limit = absl::Milliseconds(150)}});
  grpc::ClientContext context;
  auto stream = server.NewStub()->Talk(&context);
  rpc_test::TalkResponse response;
  for (int i = 0; i < 4; ++i) {  // Longer than the limit, but not idle.
    absl::SleepFor(absl::Milliseconds(70));
    rpc_test::TalkRequest request;
    stream->Write(request);
    ASSERT_TRUE(stream->Read(&response));
  }
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_THAT(FromGrpcStatus(stream->Finish()),
              IsError(absl::StatusCode::kDeadlineExceeded,
                      v1::ERROR_REASON_CALL_ENDED));
}

TEST(BidiStreamTest, ManyStreamsAtOnce) {
  EchoServer server;
  std::vector<std::thread> clients;
  for (int c = 0; c < 8; ++c) {
    clients.emplace_back([&server] {
      std::vector<std::string> messages(200, Bytes("hello"));
      std::vector<std::string> answers;
      EXPECT_OK(StreamRaw(server.channel(), kTalk, messages, answers));
      EXPECT_EQ(answers.size(), messages.size());
    });
  }
  for (std::thread& client : clients) {
    client.join();
  }
}

}  // namespace
}  // namespace twingraph::rpc
