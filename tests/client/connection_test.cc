// How calls are made, through a client of one service; the clients of the
// others are the same lines.

#include "client/connection.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "client/outcome.h"
#include "client/pages.h"
#include "client/twin_client.h"
#include "proto/cc/status.h"
#include "tests/client/fake_server.h"
#include "tests/support/status_matchers.h"
#include "twingraph/v1/twin.grpc.pb.h"

namespace twingraph::client {
namespace {

// Fails the first calls and remembers what came.
class FlakyTwins final : public v1::TwinService::Service {
 public:
  grpc::Status CreateTwin(grpc::ServerContext* context,
                          const v1::CreateTwinRequest* request,
                          v1::CreateTwinResponse* response) override {
    request_ids.push_back(request->request_id());
    const auto graph = context->client_metadata().find("twingraph-graph");
    if (graph != context->client_metadata().end()) {
      graphs.emplace_back(graph->second.data(), graph->second.size());
    }
    if (failures-- > 0) {
      return ToGrpcStatus(error);
    }
    if (!later_error.ok()) {
      return ToGrpcStatus(later_error);
    }
    *response->mutable_twin() = request->twin();
    return grpc::Status::OK;
  }

  grpc::Status GetTwin(grpc::ServerContext*, const v1::GetTwinRequest*,
                       v1::GetTwinResponse*) override {
    return ToGrpcStatus(absl::UnknownError("x"));
  }

  grpc::Status ListTwins(grpc::ServerContext*,
                         const v1::ListTwinsRequest* request,
                         v1::ListTwinsResponse* response) override {
    const int page =
        request->page_token().empty() ? 0 : std::stoi(request->page_token());
    response->add_twins()->set_id(absl::StrCat("t", page));
    if (page < 2) {
      response->set_next_page_token(absl::StrCat(page + 1));
    }
    return grpc::Status::OK;
  }

  int failures = 0;
  absl::Status error;
  // Of all calls after those.
  absl::Status later_error;
  std::vector<std::string> request_ids;
  std::vector<std::string> graphs;
};

class ConnectionTest : public testing::Test {
 protected:
  FlakyTwins service_;
  FakeServer server_{service_};
};

v1::CreateTwinRequest MakeRequest() {
  v1::CreateTwinRequest request;
  request.mutable_twin()->set_id("a");
  return request;
}

TEST_F(ConnectionTest, RepeatsAWriteUnderOneRequestId) {
  const Connection connection(server_.options());
  service_.failures = 2;
  service_.error = MakeError(absl::StatusCode::kUnknown,
                             v1::ERROR_REASON_OUTCOME_UNKNOWN, "x");
  const auto response = TwinClient(connection).CreateTwin(MakeRequest());
  ASSERT_OK(response);
  EXPECT_EQ(response->twin().id(), "a");
  ASSERT_EQ(service_.request_ids.size(), 3U);
  EXPECT_FALSE(service_.request_ids[0].empty());
  EXPECT_EQ(service_.request_ids[0], service_.request_ids[2]);
}

TEST_F(ConnectionTest, KeepsTheRequestIdOfTheCaller) {
  const Connection connection(server_.options());
  v1::CreateTwinRequest request = MakeRequest();
  request.set_request_id("mine");
  EXPECT_OK(TwinClient(connection).CreateTwin(request));
  EXPECT_THAT(service_.request_ids, testing::ElementsAre("mine"));
}

TEST_F(ConnectionTest, GivesUpAfterTheLastAttempt) {
  Options options = server_.options();
  options.retry.max_attempts = 3;
  const Connection connection(options);
  service_.failures = 100;
  service_.error = absl::UnavailableError("away");
  EXPECT_EQ(TwinClient(connection).CreateTwin(MakeRequest()).status().code(),
            absl::StatusCode::kUnavailable);
  EXPECT_EQ(service_.request_ids.size(), 3U);
}

TEST_F(ConnectionTest, SaysThatAWriteMayHaveBeenDone) {
  const Connection connection(server_.options());
  service_.failures = 1;
  service_.error = MakeError(absl::StatusCode::kUnknown,
                             v1::ERROR_REASON_OUTCOME_UNKNOWN, "x");
  service_.later_error = MakeError(absl::StatusCode::kResourceExhausted,
                                   v1::ERROR_REASON_STORE_FULL, "full");
  const TwinClient twins(connection);
  const auto response = twins.CreateTwin(MakeRequest());
  EXPECT_THAT(response, IsError(absl::StatusCode::kResourceExhausted,
                                v1::ERROR_REASON_STORE_FULL));
  EXPECT_TRUE(IsOutcomeUnknown(response.status()));
  // Refused at once: nothing was done.
  EXPECT_FALSE(IsOutcomeUnknown(twins.CreateTwin(MakeRequest()).status()));
  service_.later_error = absl::UnavailableError("connection lost");
  EXPECT_TRUE(IsOutcomeUnknown(twins.CreateTwin(MakeRequest()).status()));
}

TEST_F(ConnectionTest, AWriteThatNeverLeftWasNotDone) {
  Options options;
  options.endpoint = "127.0.0.1:1";
  options.retry.max_attempts = 2;
  const Connection connection(options);
  const auto response = TwinClient(connection).CreateTwin(MakeRequest());
  EXPECT_EQ(response.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_FALSE(IsOutcomeUnknown(response.status()));
}

TEST_F(ConnectionTest, AReadHasNoOutcome) {
  const Connection connection(server_.options());
  const auto response = TwinClient(connection).GetTwin(v1::GetTwinRequest());
  EXPECT_FALSE(response.ok());
  EXPECT_FALSE(IsOutcomeUnknown(response.status()));
}

TEST_F(ConnectionTest, PassesErrorsOnWithTheirReason) {
  const Connection connection(server_.options());
  service_.failures = 1;
  service_.error = AlreadyExists(v1::ERROR_REASON_TWIN_ALREADY_EXISTS,
                                 "a twin with this id exists", {{"twin", "a"}});
  const auto response = TwinClient(connection).CreateTwin(MakeRequest());
  ASSERT_THAT(response, IsError(absl::StatusCode::kAlreadyExists,
                                v1::ERROR_REASON_TWIN_ALREADY_EXISTS));
  EXPECT_EQ(MetadataOf(response.status(), "twin"), "a");
  EXPECT_EQ(service_.request_ids.size(), 1U);
}

TEST_F(ConnectionTest, NamesTheGraph) {
  Options options = server_.options();
  options.graph = "staging";
  const Connection connection(options);
  EXPECT_OK(TwinClient(connection).CreateTwin(MakeRequest()));
  EXPECT_THAT(service_.graphs, testing::ElementsAre("staging"));
}

TEST_F(ConnectionTest, ACallEndsAtItsDeadline) {
  Options options;
  options.endpoint = "127.0.0.1:1";
  options.timeout = absl::Milliseconds(300);
  options.retry.max_attempts = 1000;
  const Connection connection(options);
  const auto response = TwinClient(connection).CreateTwin(MakeRequest());
  EXPECT_FALSE(response.ok());
}

TEST_F(ConnectionTest, WalksAllPages) {
  const Connection connection(server_.options());
  const TwinClient twins(connection);
  std::vector<std::string> ids;
  EXPECT_OK(ForEachPage(
      v1::ListTwinsRequest(),
      [&](const v1::ListTwinsRequest& page) { return twins.ListTwins(page); },
      [&](const v1::ListTwinsResponse& page) {
        ids.push_back(page.twins(0).id());
        return true;
      }));
  EXPECT_THAT(ids, testing::ElementsAre("t0", "t1", "t2"));
}

TEST_F(ConnectionTest, StopsPagingWhereTheVisitorSays) {
  const Connection connection(server_.options());
  const TwinClient twins(connection);
  int pages = 0;
  EXPECT_OK(ForEachPage(
      v1::ListTwinsRequest(),
      [&](const v1::ListTwinsRequest& page) { return twins.ListTwins(page); },
      [&](const v1::ListTwinsResponse&) { return ++pages < 2; }));
  EXPECT_EQ(pages, 2);
}

}  // namespace
}  // namespace twingraph::client
