#include "server/rpc/convert/admin.h"

#include "gtest/gtest.h"

namespace twingraph::rpc {
namespace {

TEST(AdminTest, SetsTheStatus) {
  engine::Status status;
  status.engine = "memory";
  status.store_id = "id";
  status.revision = "r";
  status.oldest_revision = "o";
  status.twins = 5;
  v1::GetStatusResponse response;
  SetStatus(status, response);
  EXPECT_EQ(response.engine(), "memory");
  EXPECT_EQ(response.store_id(), "id");
  EXPECT_EQ(response.oldest_revision(), "o");
  EXPECT_EQ(response.twin_count(), 5);
  EXPECT_FALSE(response.has_last_commit_time());
  status.last_commit_time = absl::FromUnixMillis(1500);
  SetStatus(status, response);
  EXPECT_EQ(response.last_commit_time().seconds(), 1);
  EXPECT_EQ(response.last_commit_time().nanos(), 500'000'000);
}

TEST(AdminTest, SetsPartsOfAReport) {
  v1::CheckStoreResponse response;
  SetProblem({"twins", "room-1", "is not in the index"}, response);
  EXPECT_EQ(response.problem().subject(), "room-1");

  engine::CheckReport report;
  report.revision = "r";
  report.twins = 2;
  report.relationships = 3;
  report.index_entries = 4;
  report.problem_count = 1;
  report.rows_to_build = 7;
  SetSummary(report, absl::Milliseconds(1500), response);
  EXPECT_FALSE(response.has_problem());
  EXPECT_EQ(response.summary().entries_checked(), 9);
  EXPECT_EQ(response.summary().problem_count(), 1);
  EXPECT_EQ(response.summary().rows_to_build(), 7);
  EXPECT_EQ(response.summary().elapsed().seconds(), 1);
}

}  // namespace
}  // namespace twingraph::rpc
