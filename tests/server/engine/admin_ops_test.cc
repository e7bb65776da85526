#include "server/engine/admin_ops.h"

#include "tests/server/engine/engine_fixture.h"

namespace twingraph::engine {
namespace {

class AdminOpsTest : public EngineTest {};

TEST_F(AdminOpsTest, CountsWhatIsThere) {
  CreateRoom("r1");
  CreateRoom("r2");
  ASSERT_OK(TryRelate("r1", "n", "near", "r2"));
  ASSERT_OK(engine_->hubs().Attach(ctx_, {.id = "site", .kind = "grpc"}, {}));
  clock_.Advance(absl::Seconds(7));
  ASSERT_OK_AND_ASSIGN(const Status status, engine_->admin().GetStatus(ctx_));
  EXPECT_EQ(status.engine, "memory");
  EXPECT_EQ(status.uptime, absl::Seconds(7));
  EXPECT_EQ(status.models, 8);  // With the built-in one.
  EXPECT_EQ(status.twins, 2);
  EXPECT_EQ(status.relationships, 1);
  EXPECT_EQ(status.hubs, 1);
  EXPECT_EQ(status.store_id.size(), 32U);
  EXPECT_NE(status.revision, status.oldest_revision);
}

TEST_F(AdminOpsTest, ASoundStoreHasNoProblems) {
  CreateRoom("r1");
  CreateSensor("s1");
  ASSERT_OK(TryRelate("r1", "d", "hasDevice", "s1"));
  ASSERT_OK_AND_ASSIGN(const CheckReport report,
                       engine_->admin().CheckStore(ctx_));
  EXPECT_EQ(report.twins, 2);
  EXPECT_EQ(report.relationships, 1);
  EXPECT_GT(report.index_entries, 0);
  EXPECT_EQ(report.problem_count, 0);
  EXPECT_TRUE(report.problems.empty());
}

TEST_F(AdminOpsTest, StatisticsCountByModelAndName) {
  CreateRoom("r1");
  CreateRoom("r2");
  CreateSensor("s1");
  ASSERT_OK(TryRelate("r1", "n", "near", "r2"));
  ASSERT_OK_AND_ASSIGN(const Statistics statistics,
                       engine_->admin().GetStatistics(ctx_));
  ASSERT_EQ(statistics.models.size(), 2U);
  EXPECT_EQ(statistics.models[0].count, 2);
  ASSERT_EQ(statistics.relationships.size(), 1U);
  EXPECT_EQ(statistics.relationships[0].name, "near");
  EXPECT_FALSE(statistics.store.parts.empty());
}

TEST_F(AdminOpsTest, UpkeepOfASoundStoreChangesNothing) {
  CreateRoom("r1");
  ASSERT_OK_AND_ASSIGN(const RepairReport repaired,
                       engine_->admin().RepairIndexes(ctx_));
  EXPECT_EQ(
      repaired.rows_written + repaired.rows_deleted + repaired.counters_changed,
      0);
  ASSERT_OK(engine_->admin().CompactStore(ctx_));
  ASSERT_OK_AND_ASSIGN(const Status status, engine_->admin().GetStatus(ctx_));
  EXPECT_EQ(status.read_only_reason, v1::ERROR_REASON_UNSPECIFIED);
}

TEST_F(AdminOpsTest, ThereAreNoBackupsWithoutADirectory) {
  const auto refused = IsError(absl::StatusCode::kFailedPrecondition,
                               v1::ERROR_REASON_BACKUP_UNUSABLE);
  EXPECT_THAT(engine_->admin().CreateBackup(ctx_), refused);
  EXPECT_THAT(engine_->admin().ListBackups(ctx_), refused);
  EXPECT_THAT(engine_->admin().VerifyBackups(ctx_), refused);
  EXPECT_THAT(engine_->admin().DeleteOldBackups(ctx_, 1, false), refused);
  EXPECT_THAT(engine_->admin().DeleteOldBackups(ctx_, 0, false),
              IsError(absl::StatusCode::kInvalidArgument,
                      v1::ERROR_REASON_INVALID_FIELD));
}

}  // namespace
}  // namespace twingraph::engine
