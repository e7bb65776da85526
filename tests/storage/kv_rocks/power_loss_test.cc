// What an engine makes durable at once takes what it follows from along, also
// where commits need not survive a power loss.
#include <filesystem>
#include <memory>
#include <string>

#include "gtest/gtest.h"

#include "storage/kv_rocks/store.h"
#include "tests/support/kv_engines.h"
#include "tests/support/power_loss_disk.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace twingraph::kv_rocks {
namespace {

namespace fs = std::filesystem;

class PowerLossTest : public ::testing::Test {
 protected:
  void SetUp() override {
    fs::create_directory(disk_);
    WatchDisk(disk_, record_);
    Open();
  }

  void TearDown() override { StopWatchingDisk(); }

  void Open() {
    engine_ = OpenTestEngine(EngineKind::kRocks, disk_ + "/store");
    ASSERT_NE(engine_, nullptr);
  }

  // The process ends with the power: what closing does is not recorded.
  void LosePowerAndOpen() {
    StopWatchingDisk();
    engine_.reset();
    LosePower(disk_, record_, Loss::kAll, /*seed=*/1);
    Open();
  }

  bool HasRow(kv::SpaceId space, absl::string_view key) const {
    const auto row =
        engine_->newest().Get(Context(), space, key, kv::ReadTier::kAll);
    EXPECT_OK(row);
    return row.ok() && row->has_value();
  }

  const TempDir dir_;
  const std::string disk_ = dir_.path() + "/disk";
  const std::string record_ = dir_.path() + "/record";
  std::unique_ptr<kv::Engine> engine_;
};

// Else nobody would know that the rows are to be made again.
TEST_F(PowerLossTest, ClearedRowsAreNotGoneWithoutTheCommitBefore) {
  ApplyCommits(*engine_, {{PutEffect(kIndex, "row", "")}});
  ASSERT_OK(engine_->Flush());
  ApplyCommits(*engine_, {{PutEffect(kFacts, "cleared", "")}});
  ASSERT_OK(engine_->ClearChurning());
  LosePowerAndOpen();
  EXPECT_FALSE(HasRow(kIndex, "row"));
  EXPECT_TRUE(HasRow(kFacts, "cleared"));
}

}  // namespace
}  // namespace twingraph::kv_rocks
