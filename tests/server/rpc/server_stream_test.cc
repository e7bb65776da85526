#include "server/rpc/server_stream.h"

#include <string>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "proto/cc/status.h"
#include "tests/server/rpc/echo_server.h"
#include "tests/server/rpc/raw_client.h"
#include "tests/support/status_matchers.h"

namespace twingraph::rpc {
namespace {

constexpr char kRepeat[] = "/twingraph.rpc_test.EchoService/Repeat";
constexpr char kName[] = "twingraph.rpc_test.EchoService/Repeat";

rpc_test::RepeatRequest Request(const std::string& text, int count) {
  rpc_test::RepeatRequest request;
  request.set_text(text);
  request.set_count(count);
  return request;
}

TEST(ServerStreamTest, SendsAllInOrder) {
  EchoServer server;
  for (const int count : {1, 2, 500}) {
    grpc::ClientContext context;
    auto reader = server.NewStub()->Repeat(&context, Request("n", count));
    rpc_test::RepeatResponse response;
    int seen = 0;
    while (reader->Read(&response)) {
      EXPECT_EQ(response.text(), "n" + std::to_string(seen++));
    }
    EXPECT_EQ(seen, count);
    EXPECT_TRUE(reader->Finish().ok());
  }
  EXPECT_EQ(server.probe().alive_sources, 0);
}

TEST(ServerStreamTest, ErrorsComeWholeAtTheStartAndInTheMiddle) {
  EchoServer server;
  grpc::ClientContext context;
  auto reader = server.NewStub()->Repeat(&context, Request("n", 0));
  rpc_test::RepeatResponse response;
  EXPECT_FALSE(reader->Read(&response));
  EXPECT_THAT(FromGrpcStatus(reader->Finish()),
              IsError(absl::StatusCode::kInvalidArgument,
                      v1::ERROR_REASON_INVALID_FIELD));

  grpc::ClientContext second;
  reader = server.NewStub()->Repeat(&second, Request("fail", 9));
  EXPECT_TRUE(reader->Read(&response));
  EXPECT_TRUE(reader->Read(&response));
  EXPECT_FALSE(reader->Read(&response));
  EXPECT_THAT(
      FromGrpcStatus(reader->Finish()),
      IsError(absl::StatusCode::kNotFound, v1::ERROR_REASON_TWIN_NOT_FOUND));
}

TEST(ServerStreamTest, RefusesBytesThatAreNoRequest) {
  EchoServer server;
  EXPECT_THAT(CallRaw(server.channel(), kRepeat, "\x0A\x09x"),
              IsError(absl::StatusCode::kInvalidArgument,
                      v1::ERROR_REASON_MALFORMED_MESSAGE));
}

TEST(ServerStreamTest, IsPulledByTheClient) {
  EchoServer server({.reply_bytes = 100'000});
  grpc::ClientContext context;
  auto reader = server.NewStub()->Repeat(&context, Request("n", 10'000));
  rpc_test::RepeatResponse response;
  EXPECT_TRUE(reader->Read(&response));
  int before = -1;
  EXPECT_TRUE(EchoServer::Eventually([&] {
    const int now = server.probe().produced;
    const bool stands_still = now == before;
    before = now;
    absl::SleepFor(absl::Milliseconds(100));
    return stands_still;
  }));
  EXPECT_LT(server.probe().produced, 200);
  context.TryCancel();
  EXPECT_TRUE(server.observer().WaitFor(kName, absl::StatusCode::kCancelled));
  EXPECT_TRUE(EchoServer::Eventually(
      [&] { return server.probe().alive_sources == 0; }));
}

TEST(ServerStreamTest, NewOnesAreRefusedWhileTheServerStops) {
  EchoServer server;
  server.EndStreams();
  grpc::ClientContext context;
  auto reader = server.NewStub()->Repeat(&context, Request("n", 2));
  rpc_test::RepeatResponse response;
  EXPECT_FALSE(reader->Read(&response));
  EXPECT_THAT(
      FromGrpcStatus(reader->Finish()),
      IsError(absl::StatusCode::kUnavailable, v1::ERROR_REASON_SHUTTING_DOWN));
}

TEST(ServerStreamTest, CancelEndsASourceThatWaits) {
  EchoServer server;
  grpc::ClientContext context;
  auto reader = server.NewStub()->Repeat(&context, Request("block", 2));
  EXPECT_TRUE(
      EchoServer::Eventually([&] { return server.probe().blocked == 1; }));
  context.TryCancel();
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
  EXPECT_TRUE(EchoServer::Eventually(
      [&] { return server.probe().alive_sources == 0; }));
}

TEST(ServerStreamTest, AStreamHoldsMemoryUntilItEnds) {
  EchoServer server({.call_memory_bytes = 1000});
  const auto second = [&] {
    grpc::ClientContext context;
    const auto reader = server.NewStub()->Repeat(&context, Request("n", 1));
    rpc_test::RepeatResponse response;
    while (reader->Read(&response)) {
    }
    return FromGrpcStatus(reader->Finish());
  };
  {
    grpc::ClientContext context;
    const auto first = server.NewStub()->Repeat(&context, Request("block", 2));
    EXPECT_TRUE(
        EchoServer::Eventually([&] { return server.probe().blocked == 1; }));
    EXPECT_THAT(second(), IsError(absl::StatusCode::kResourceExhausted,
                                  v1::ERROR_REASON_OVERLOADED));
    context.TryCancel();
    first->Finish();
  }
  EXPECT_TRUE(EchoServer::Eventually([&] { return second().ok(); }));
}

}  // namespace
}  // namespace twingraph::rpc
