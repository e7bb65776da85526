#include "client/row_stream.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "proto/cc/status.h"
#include "tests/client/fake_server.h"
#include "tests/support/status_matchers.h"
#include "twingraph/v1/query.grpc.pb.h"

namespace twingraph::client {
namespace {

v1::QueryResponse Head() {
  v1::QueryResponse head;
  head.add_columns("n");
  head.set_revision("r7");
  return head;
}

v1::QueryResponse Rows(int from, int to) {
  v1::QueryResponse rows;
  for (int n = from; n < to; ++n) {
    rows.add_rows()->add_values()->set_number_value(n);
  }
  return rows;
}

// Streams ten rows: in one go, or five and then a token.
class TenRows final : public v1::QueryService::Service {
 public:
  grpc::Status Query(grpc::ServerContext*, const v1::QueryRequest* request,
                     grpc::ServerWriter<v1::QueryResponse>* writer) override {
    tokens.push_back(request->page_token());
    if (failures-- > 0) {
      return ToGrpcStatus(Overloaded("reads", absl::Milliseconds(1)));
    }
    const bool is_resumed = request->page_token() == "five";
    writer->Write(Head());
    const int from = is_resumed ? 5 : 0;
    const int to = is_cut && !is_resumed ? 5 : 10;
    writer->Write(Rows(from, from + 2));
    if (is_broken) {
      return ToGrpcStatus(MakeError(absl::StatusCode::kDeadlineExceeded,
                                    v1::ERROR_REASON_QUERY_TIMEOUT, "slow"));
    }
    v1::QueryResponse last = Rows(from + 2, to);
    last.mutable_stats()->set_rows(to - from);
    if (to < 10) {
      last.set_next_page_token("five");
    }
    writer->Write(last);
    return grpc::Status::OK;
  }

  int failures = 0;
  bool is_cut = false;
  bool is_broken = false;
  std::vector<std::string> tokens;
};

class RowStreamTest : public testing::Test {
 protected:
  std::vector<int> Read(RowStream& stream) {
    std::vector<int> numbers;
    for (const v1::QueryRow& row : stream) {
      numbers.push_back(static_cast<int>(row.values(0).number_value()));
    }
    return numbers;
  }

  TenRows service_;
  FakeServer server_{service_};
  Connection connection_{server_.options()};
};

TEST_F(RowStreamTest, GivesEachRowOnce) {
  RowStream stream(connection_, v1::QueryRequest());
  EXPECT_THAT(Read(stream), testing::ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
  EXPECT_OK(stream.status());
  EXPECT_THAT(stream.columns(), testing::ElementsAre("n"));
  EXPECT_EQ(stream.revision(), "r7");
  EXPECT_EQ(stream.stats().rows(), 10);
  EXPECT_FALSE(stream.Next());
}

TEST_F(RowStreamTest, GoesOnWhereTheServerCutIt) {
  service_.is_cut = true;
  RowStream stream(connection_, v1::QueryRequest());
  EXPECT_THAT(Read(stream), testing::ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
  EXPECT_OK(stream.status());
  EXPECT_THAT(service_.tokens, testing::ElementsAre("", "five"));
}

TEST_F(RowStreamTest, BeginsAgainWhatFailedBeforeItsFirstRow) {
  service_.failures = 2;
  RowStream stream(connection_, v1::QueryRequest());
  EXPECT_EQ(Read(stream).size(), 10U);
  EXPECT_OK(stream.status());
  EXPECT_EQ(service_.tokens.size(), 3U);
}

TEST_F(RowStreamTest, SaysHowItBroke) {
  service_.is_broken = true;
  RowStream stream(connection_, v1::QueryRequest());
  EXPECT_THAT(Read(stream), testing::ElementsAre(0, 1));
  EXPECT_THAT(stream.status(), IsError(absl::StatusCode::kDeadlineExceeded,
                                       v1::ERROR_REASON_QUERY_TIMEOUT));
  EXPECT_EQ(service_.tokens.size(), 1U);
}

TEST_F(RowStreamTest, MayBeDroppedHalfRead) {
  RowStream stream(connection_, v1::QueryRequest());
  EXPECT_TRUE(stream.Next());
  EXPECT_EQ(stream.row().values(0).number_value(), 0);
}

}  // namespace
}  // namespace twingraph::client
