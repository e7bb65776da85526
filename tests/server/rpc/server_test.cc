#include "server/rpc/server.h"

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "grpc/health/v1/health.pb.h"
#include "grpcpp/client_context.h"
#include "gtest/gtest.h"

#include "proto/cc/status.h"
#include "server/rpc/message_bytes.h"
#include "tests/server/rpc/echo_server.h"
#include "tests/server/rpc/raw_client.h"
#include "tests/support/status_matchers.h"

namespace twingraph::rpc {
namespace {

using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;

// The status of a service, or UNKNOWN where there is none.
HealthCheckResponse::ServingStatus Health(EchoServer& server,
                                          const std::string& service) {
  HealthCheckRequest request;
  request.set_service(service);
  std::vector<std::string> answers;
  HealthCheckResponse response;
  if (StreamRaw(server.channel(), "/grpc.health.v1.Health/Check",
                {request.SerializeAsString()}, answers)
          .ok()) {
    response.ParseFromString(answers.at(0));
  }
  return response.status();
}

TEST(ServerTest, ReportsHealthPerService) {
  EchoServer server;
  EXPECT_EQ(Health(server, ""), HealthCheckResponse::SERVING);
  EXPECT_EQ(Health(server, "twingraph.rpc_test.EchoService"),
            HealthCheckResponse::SERVING);
  EXPECT_EQ(Health(server, "no.such.Service"), HealthCheckResponse::UNKNOWN);
}

TEST(ServerTest, ReflectionFindsOurServicesAndHealth) {
  EchoServer server;
  std::vector<std::string> answers;
  // ServerReflectionRequest with list_services (field 7) set.
  EXPECT_OK(StreamRaw(
      server.channel(),
      "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
      {std::string("\x3A\x01*", 3)}, answers));
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_THAT(answers[0], testing::HasSubstr("twingraph.rpc_test.EchoService"));
  EXPECT_THAT(answers[0], testing::HasSubstr("grpc.health.v1.Health"));
  // file_containing_symbol (field 4).
  answers.clear();
  const std::string symbol = "grpc.health.v1.Health";
  EXPECT_OK(StreamRaw(
      server.channel(),
      "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
      {absl::StrCat("\x22", std::string(1, static_cast<char>(symbol.size())),
                    symbol)},
      answers));
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_THAT(answers[0], testing::HasSubstr("HealthCheckRequest"));
}

TEST(ServerTest, ReflectionCanBeLeftOut) {
  EchoServer server({.reflection = false});
  std::vector<std::string> answers;
  const absl::Status status = StreamRaw(
      server.channel(),
      "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
      {std::string("\x3A\x01*", 3)}, answers);
  EXPECT_EQ(status.code(), absl::StatusCode::kUnimplemented);
}

TEST(ServerTest, RefusesAnAddressInUse) {
  EchoServer server;
  RawService service(
      *rpc_test::SayRequest::descriptor()->file()->FindServiceByName(
          "EchoService"));
  service.Bind("Say",
               UnaryHandler([](auto*, auto*, auto*) { return nullptr; }));
  service.Bind("Repeat",
               ServerStreamHandler([](auto*, auto*) { return nullptr; }));
  service.Bind("Talk", BidiHandler([](auto*) { return nullptr; }));
  EXPECT_THAT(Server::Start({.address = absl::StrCat("127.0.0.1:",
                                                     server.server().port())},
                            {&service}),
              IsError(absl::StatusCode::kFailedPrecondition,
                      v1::ERROR_REASON_INVALID_FIELD));
}

TEST(ServerTest, IsNotServingWhileItIsALameDuck) {
  EchoServer server;
  std::thread drain([&] {
    server.server().Drain({.lame_duck = absl::Milliseconds(400),
                           .grace = absl::Seconds(5),
                           .end_streams = {}});
  });
  EXPECT_TRUE(EchoServer::Eventually([&] {
    return Health(server, "twingraph.rpc_test.EchoService") ==
           HealthCheckResponse::NOT_SERVING;
  }));
  drain.join();
}

TEST(ServerTest, DrainLetsCallsEnd) {
  EchoServer server;
  std::thread caller([&] {
    grpc::ClientContext context;
    rpc_test::SayRequest request;
    request.set_command("block");
    rpc_test::SayResponse response;
    EXPECT_OK(
        FromGrpcStatus(server.NewStub()->Say(&context, request, &response)));
  });
  EXPECT_TRUE(
      EchoServer::Eventually([&] { return server.probe().blocked == 1; }));
  bool has_ended_streams = false;
  server.server().Drain({.lame_duck = absl::ZeroDuration(),
                         .grace = absl::Seconds(10),
                         .end_streams = [&] {
                           has_ended_streams = true;
                           server.OpenGate();
                         }});
  EXPECT_TRUE(has_ended_streams);
  caller.join();
}

TEST(ServerTest, DrainCancelsWhatOutlivesTheGrace) {
  EchoServer server;
  std::thread caller([&] {
    grpc::ClientContext context;
    rpc_test::SayRequest request;
    request.set_command("block");
    rpc_test::SayResponse response;
    EXPECT_FALSE(server.NewStub()->Say(&context, request, &response).ok());
  });
  EXPECT_TRUE(
      EchoServer::Eventually([&] { return server.probe().blocked == 1; }));
  const absl::Time start = absl::Now();
  server.server().Drain({.lame_duck = absl::ZeroDuration(),
                         .grace = absl::Milliseconds(100),
                         .end_streams = {}});
  EXPECT_LT(absl::Now() - start, absl::Seconds(8));
  EXPECT_TRUE(server.observer().WaitFor("twingraph.rpc_test.EchoService/Say",
                                        absl::StatusCode::kCancelled));
  caller.join();
}

}  // namespace
}  // namespace twingraph::rpc
