#include "server/rpc/call.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "proto/cc/status.h"
#include "tests/server/rpc/echo_server.h"
#include "tests/support/status_matchers.h"

namespace twingraph::rpc {
namespace {

absl::Status Ask(EchoServer& server, grpc::ClientContext& context,
                 std::string& answer) {
  rpc_test::SayRequest request;
  request.set_command("who");
  rpc_test::SayResponse response;
  const absl::Status status =
      FromGrpcStatus(server.NewStub()->Say(&context, request, &response));
  answer = response.text();
  return status;
}

std::string AnsweredId(const grpc::ClientContext& context) {
  const auto& metadata = context.GetServerInitialMetadata();
  const auto found = metadata.find(kRequestIdKey);
  return found == metadata.end()
             ? ""
             : std::string(found->second.data(), found->second.size());
}

TEST(CallTest, KnowsWhoAsksUnderWhichName) {
  EchoServer server;
  grpc::ClientContext context;
  context.AddMetadata(kRequestIdKey, "my-call");
  context.AddMetadata(kTraceParentKey, "00-abc-def-01");
  std::string answer;
  EXPECT_OK(Ask(server, context, answer));
  EXPECT_EQ(answer, "anonymous my-call 00-abc-def-01");
  EXPECT_EQ(AnsweredId(context), "my-call");
}

TEST(CallTest, NamesCallsThatHaveNoName) {
  EchoServer server;
  std::string ids[2];
  for (std::string& id : ids) {
    grpc::ClientContext context;
    std::string answer;
    EXPECT_OK(Ask(server, context, answer));
    id = AnsweredId(context);
    EXPECT_THAT(answer, testing::HasSubstr(id));
  }
  EXPECT_NE(ids[0], "");
  EXPECT_NE(ids[0], ids[1]);
}

TEST(CallTest, RefusesLongNamesAndStillAnswersWithOne) {
  EchoServer server;
  grpc::ClientContext context;
  context.AddMetadata(kRequestIdKey, std::string(129, 'x'));
  std::string answer;
  EXPECT_THAT(Ask(server, context, answer),
              IsError(absl::StatusCode::kInvalidArgument,
                      v1::ERROR_REASON_INVALID_FIELD));
}

TEST(CallTest, KnowsTheDefaultGraphOnly) {
  EchoServer server;
  std::string answer;
  grpc::ClientContext known;
  known.AddMetadata(kGraphKey, "default");
  EXPECT_OK(Ask(server, known, answer));

  grpc::ClientContext unknown;
  unknown.AddMetadata(kGraphKey, "staging");
  const absl::Status status = Ask(server, unknown, answer);
  EXPECT_THAT(status, IsError(absl::StatusCode::kNotFound,
                              v1::ERROR_REASON_GRAPH_NOT_FOUND));
  EXPECT_EQ(MetadataOf(status, "graph"), "staging");
}

}  // namespace
}  // namespace twingraph::rpc
