#include "server/rpc/query_stream.h"

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "grpcpp/server_context.h"
#include "gtest/gtest.h"

#include "server/rpc/convert/call_options.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/value/value_codec.h"
#include "tests/support/status_matchers.h"
#include "twingraph/v1/query.pb.h"

namespace twingraph::rpc {
namespace {

const std::string kKey(32, 'k');

// Gives batches of rows of one text column.
class FakeExecution final : public engine::QueryExecution {
 public:
  FakeExecution(size_t batches, size_t rows, size_t bytes)
      : batches_(batches), rows_(rows) {
    EncodeValue(Value::String(std::string(bytes, 'x')), encoded_);
  }

  const std::vector<std::string>& columns() const override { return columns_; }

  const std::string& revision() const override { return revision_; }

  absl::Status NextBatch(const Context& ctx, size_t max_rows,
                         query::RowBatch& batch) override {
    EXPECT_GE(max_rows, rows_);
    batch.Reset(1);
    RETURN_IF_ERROR(ctx.Check());
    for (size_t i = 0; next_ < batches_ && i < rows_; ++i) {
      batch.AddRow()[0].value = ValueView(encoded_);
      ++stats_.rows;
    }
    ++next_;
    return absl::OkStatus();
  }

  std::string Position() const override { return std::to_string(stats_.rows); }

  const query::ExecutionStats& stats() const override { return stats_; }

 private:
  const std::vector<std::string> columns_ = {"text"};
  const std::string revision_ = "r7";
  const size_t batches_;
  const size_t rows_;
  std::string encoded_;
  size_t next_ = 0;
  query::ExecutionStats stats_;
};

class QueryStreamTest : public testing::Test {
 protected:
  // All messages of a stream.
  std::vector<v1::QueryResponse> Read(std::unique_ptr<FakeExecution> execution,
                                      absl::Duration age_limit) {
    QueryStream stream(
        std::move(execution),
        {.token_key = kKey, .scope = "scope", .age_limit = age_limit});
    std::vector<v1::QueryResponse> messages;
    bool more = true;
    while (more) {
      std::string bytes;
      const absl::StatusOr<bool> next = stream.Next(call_, bytes);
      EXPECT_OK(next);
      more = next.value_or(false);
      EXPECT_TRUE(messages.emplace_back().ParseFromString(bytes));
    }
    return messages;
  }

  Executor executor_{"test", 1, 1};
  std::atomic<bool> ends_streams_ = false;
  CallEnvironment environment_{
      .reads = executor_, .writes = executor_, .ends_streams = &ends_streams_};
  grpc::CallbackServerContext transport_;
  Call call_{environment_, "Test/Query", transport_, absl::Minutes(1)};
};

TEST_F(QueryStreamTest, AnEmptyAnswerIsOneMessage) {
  const auto messages =
      Read(std::make_unique<FakeExecution>(0, 1, 1), absl::Minutes(1));
  ASSERT_EQ(messages.size(), 1u);
  EXPECT_THAT(messages[0].columns(), testing::ElementsAre("text"));
  EXPECT_EQ(messages[0].revision(), "r7");
  EXPECT_EQ(messages[0].rows_size(), 0);
  EXPECT_TRUE(messages[0].has_stats());
}

TEST_F(QueryStreamTest, LargeAnswersAreCutIntoMessagesOfModerateSize) {
  const auto messages =
      Read(std::make_unique<FakeExecution>(10, 100, 1000), absl::Minutes(1));
  int rows = 0;
  for (size_t i = 0; i < messages.size(); ++i) {
    EXPECT_LT(messages[i].ByteSizeLong(), 64u * 1024);
    EXPECT_EQ(messages[i].columns_size(), i == 0 ? 1 : 0);
    EXPECT_EQ(messages[i].has_stats(), i + 1 == messages.size());
    EXPECT_EQ(messages[i].next_page_token(), "");
    rows += messages[i].rows_size();
  }
  EXPECT_EQ(rows, 1000);
  EXPECT_GE(messages.size(), 1000u * 1000 / (64 * 1024));
  EXPECT_EQ(messages.back().stats().rows(), 1000);
}

TEST_F(QueryStreamTest, AnOldStreamEndsWithATokenBehindTheLastRow) {
  const auto messages =
      Read(std::make_unique<FakeExecution>(10, 100, 10), absl::ZeroDuration());
  ASSERT_EQ(messages.size(), 1u);
  EXPECT_EQ(messages[0].rows_size(), 100);
  ASSERT_OK_AND_ASSIGN(
      const PagePlan plan,
      ToPagePlan(kKey, "scope", {}, 0, messages[0].next_page_token(), {}));
  EXPECT_EQ(plan.page.position, "100");
  EXPECT_EQ(plan.read.exactly_at, "r7");
}

TEST_F(QueryStreamTest, AStreamOfAServerThatStopsEndsWithAToken) {
  ends_streams_ = true;
  const auto messages =
      Read(std::make_unique<FakeExecution>(10, 100, 10), absl::Minutes(1));
  ASSERT_EQ(messages.size(), 1u);
  EXPECT_EQ(messages[0].rows_size(), 100);
  EXPECT_NE(messages[0].next_page_token(), "");
}

TEST_F(QueryStreamTest, ErrorsEndTheStream) {
  QueryStream stream(
      std::make_unique<FakeExecution>(1, 1, 1),
      {.token_key = kKey, .scope = "scope", .age_limit = absl::Minutes(1)});
  call_.Cancel();
  std::string bytes;
  EXPECT_THAT(stream.Next(call_, bytes), IsError(absl::StatusCode::kCancelled,
                                                 v1::ERROR_REASON_CALL_ENDED));
}

}  // namespace
}  // namespace twingraph::rpc
