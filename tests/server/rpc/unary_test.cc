#include "server/rpc/unary.h"

#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "proto/cc/status.h"
#include "storage/base/status.h"
#include "tests/server/rpc/echo_server.h"
#include "tests/server/rpc/raw_client.h"
#include "tests/support/status_matchers.h"

namespace twingraph::rpc {
namespace {

constexpr char kSay[] = "/twingraph.rpc_test.EchoService/Say";

absl::Status Say(EchoServer& server, const std::string& text,
                 const std::string& command, std::string* answer = nullptr,
                 absl::Duration deadline = absl::Seconds(20)) {
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + deadline));
  rpc_test::SayRequest request;
  request.set_text(text);
  request.set_command(command);
  rpc_test::SayResponse response;
  const absl::Status status =
      FromGrpcStatus(server.NewStub()->Say(&context, request, &response));
  if (answer != nullptr) {
    *answer = response.text();
  }
  return status;
}

TEST(UnaryTest, AnswersOnAWorker) {
  EchoServer server;
  std::string answer;
  EXPECT_OK(Say(server, "hello", "", &answer));
  EXPECT_EQ(answer, "hello");
}

TEST(UnaryTest, AnswersInlineWhereThatIsPossible) {
  EchoServer server;
  std::string answer;
  EXPECT_OK(Say(server, "hello", "inline", &answer));
  EXPECT_EQ(answer, "inline hello");
}

TEST(UnaryTest, CarriesErrorsWhole) {
  EchoServer server;
  const absl::Status status = Say(server, "room-1", "fail");
  EXPECT_THAT(status, IsError(absl::StatusCode::kNotFound,
                              v1::ERROR_REASON_TWIN_NOT_FOUND));
  EXPECT_EQ(MetadataOf(status, "twin"), "room-1");
  EXPECT_TRUE(server.observer().WaitFor("twingraph.rpc_test.EchoService/Say",
                                        absl::StatusCode::kNotFound));
}

TEST(UnaryTest, NamesTheRequestOfADefect) {
  EchoServer server;
  const absl::Status status = Say(server, "", "bug");
  EXPECT_THAT(status,
              IsError(absl::StatusCode::kInternal, v1::ERROR_REASON_INTERNAL));
  EXPECT_NE(MetadataOf(status, "request_id"), "");
}

TEST(UnaryTest, RefusesTruncatedBytes) {
  EchoServer server;
  rpc_test::SayRequest request;
  request.set_text("hello");
  const std::string bytes = request.SerializeAsString();
  const absl::Status status =
      CallRaw(server.channel(), kSay, bytes.substr(0, bytes.size() - 1));
  EXPECT_THAT(status, IsError(absl::StatusCode::kInvalidArgument,
                              v1::ERROR_REASON_MALFORMED_MESSAGE));
  EXPECT_EQ(MetadataOf(status, "message"), "twingraph.rpc_test.SayRequest");
  EXPECT_EQ(MetadataOf(status, "bytes"), "6");
}

TEST(UnaryTest, RefusesInvalidUtf8) {
  EchoServer server;
  const absl::Status status =
      CallRaw(server.channel(), kSay, absl::string_view("\x0A\x02\xC3\x28", 4));
  EXPECT_THAT(status, IsError(absl::StatusCode::kInvalidArgument,
                              v1::ERROR_REASON_INVALID_UTF8));
  EXPECT_EQ(MetadataOf(status, "field"), "text");
}

TEST(UnaryTest, RefusesLargeMessagesProperlyUpToFourTimesTheLimit) {
  EchoServer server;
  EXPECT_OK(Say(server, std::string(990, 'x'), ""));
  const absl::Status status = Say(server, std::string(3900, 'x'), "");
  EXPECT_THAT(status, IsError(absl::StatusCode::kResourceExhausted,
                              v1::ERROR_REASON_MESSAGE_TOO_LARGE));
  EXPECT_EQ(MetadataOf(status, "limit_bytes"), "1000");
  // Beyond, the transport itself refuses.
  EXPECT_EQ(Say(server, std::string(9000, 'x'), "").code(),
            absl::StatusCode::kResourceExhausted);
}

TEST(UnaryTest, CancelEndsTheWork) {
  EchoServer server;
  grpc::ClientContext context;
  rpc_test::SayRequest request;
  request.set_command("block");
  rpc_test::SayResponse response;
  std::thread caller([&] {
    EXPECT_EQ(server.NewStub()->Say(&context, request, &response).error_code(),
              grpc::StatusCode::CANCELLED);
  });
  EXPECT_TRUE(
      EchoServer::Eventually([&] { return server.probe().blocked == 1; }));
  context.TryCancel();
  caller.join();
  EXPECT_TRUE(server.observer().WaitFor("twingraph.rpc_test.EchoService/Say",
                                        absl::StatusCode::kCancelled));
}

TEST(UnaryTest, TheDeadlineOfTheServerBindsCallsWithoutOne) {
  EchoServer server({.call_deadline = absl::Milliseconds(50)});
  const absl::Status status = Say(server, "", "block");
  EXPECT_THAT(status, IsError(absl::StatusCode::kDeadlineExceeded,
                              v1::ERROR_REASON_CALL_ENDED));
}

TEST(UnaryTest, RefusesWorkThatDoesNotFitTheQueue) {
  EchoServer server({.queue_limit = 1});
  std::vector<std::thread> callers;
  for (int i = 1; i <= 2; ++i) {  // Both workers are busy then.
    callers.emplace_back([&server] { EXPECT_OK(Say(server, "", "block")); });
    EXPECT_TRUE(
        EchoServer::Eventually([&] { return server.probe().blocked == i; }));
  }
  absl::Status status;
  EXPECT_TRUE(EchoServer::Eventually([&] {  // The first of these may wait.
    status = Say(server, "", "", nullptr, absl::Milliseconds(100));
    return status.code() == absl::StatusCode::kResourceExhausted;
  }));
  EXPECT_EQ(ReasonOf(status), v1::ERROR_REASON_OVERLOADED);
  EXPECT_TRUE(status.GetPayload(kRetryInfoUrl).has_value());
  server.OpenGate();
  for (std::thread& caller : callers) {
    caller.join();
  }
}

TEST(UnaryTest, RefusesCallsThatDoNotFitTheMemoryOfCalls) {
  EchoServer server({.call_memory_bytes = 1000});
  std::thread caller([&server] { EXPECT_OK(Say(server, "", "block")); });
  EXPECT_TRUE(
      EchoServer::Eventually([&] { return server.probe().blocked == 1; }));
  const std::string large(900, 'x');
  const absl::Status refused = Say(server, large, "");
  EXPECT_THAT(refused, IsError(absl::StatusCode::kResourceExhausted,
                               v1::ERROR_REASON_OVERLOADED));
  EXPECT_OK(Say(server, "hello", ""));
  EXPECT_TRUE(refused.GetPayload(kRetryInfoUrl).has_value());
  server.OpenGate();
  caller.join();
  EXPECT_TRUE(
      EchoServer::Eventually([&] { return Say(server, large, "").ok(); }));
}

}  // namespace
}  // namespace twingraph::rpc
