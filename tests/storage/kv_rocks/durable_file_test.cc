// Whatever a call of this file made is there after a power loss, and would not
// be without its sync of the directory.
#include "storage/kv_rocks/durable_file.h"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "storage/kv_rocks/read_file.h"
#include "tests/support/power_loss_disk.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace twingraph::kv_rocks {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

void Write(const std::string& path, const std::string& text) {
  std::ofstream(path) << text;
}

std::string Read(const std::string& path) {
  std::string text;
  std::ifstream(path) >> text;
  return text;
}

class DurableFileTest : public ::testing::TestWithParam<Loss> {
 protected:
  void SetUp() override { fs::create_directory(disk_); }

  void TearDown() override { StopWatchingDisk(); }

  // Runs `work` on the disk and then loses its power.
  void Lose(Syncs syncs, const std::function<void()>& work) {
    WatchDisk(disk_, dir_.path() + "/record", syncs);
    work();
    StopWatchingDisk();
    LosePower(disk_, dir_.path() + "/record", GetParam(), /*seed=*/7);
  }

  const TempDir dir_;
  const std::string disk_ = dir_.path() + "/disk";
};

TEST_P(DurableFileTest, KeepsWhatWasWrittenRenamedRemovedAndMade) {
  Write(disk_ + "/old", "old");
  Write(disk_ + "/dropped", "x");
  Lose(Syncs::kAll, [this] {
    ASSERT_OK(MakeDirectories(disk_ + "/a/b/c"));
    ASSERT_OK(WriteDurably(disk_ + "/a/b", "file", "text"));
    ASSERT_OK(RenameDurably(disk_ + "/old", disk_ + "/new"));
    ASSERT_OK(RemoveDurably(disk_, "dropped"));
  });
  EXPECT_EQ(Read(disk_ + "/a/b/file"), "text");
  EXPECT_TRUE(fs::is_directory(disk_ + "/a/b/c"));
  EXPECT_EQ(Read(disk_ + "/new"), "old");
  EXPECT_FALSE(fs::exists(disk_ + "/old"));
  EXPECT_FALSE(fs::exists(disk_ + "/dropped"));
}

TEST_P(DurableFileTest, ReplacesAFileAsAWhole) {
  Write(disk_ + "/file", "before");
  Lose(Syncs::kFilesOnly,
       [this] { ASSERT_OK(WriteDurably(disk_, "file", "behind")); });
  const std::string text = Read(disk_ + "/file");
  EXPECT_TRUE(text == "before" || text == "behind") << text;
}

INSTANTIATE_TEST_SUITE_P(Losses, DurableFileTest,
                         ::testing::Values(Loss::kAll, Loss::kNames,
                                           Loss::kBytes));

// The disk itself: what was not synced is not there.
class PowerLossDiskTest : public DurableFileTest {};

TEST_P(PowerLossDiskTest, LosesNamesWithoutASyncOfTheirDirectory) {
  Write(disk_ + "/old", "old");
  Write(disk_ + "/dropped", "x");
  Lose(Syncs::kFilesOnly, [this] {
    ASSERT_OK(MakeDirectories(disk_ + "/a"));
    ASSERT_OK(WriteDurably(disk_, "file", "text"));
    ASSERT_OK(RenameDurably(disk_ + "/old", disk_ + "/new"));
    ASSERT_OK(RemoveDurably(disk_, "dropped"));
    fs::create_hard_link(disk_ + "/file", disk_ + "/link");
  });
  EXPECT_FALSE(fs::exists(disk_ + "/a"));
  EXPECT_FALSE(fs::exists(disk_ + "/file"));
  EXPECT_FALSE(fs::exists(disk_ + "/link"));
  EXPECT_FALSE(fs::exists(disk_ + "/new"));
  EXPECT_EQ(Read(disk_ + "/old"), "old");
  EXPECT_EQ(Read(disk_ + "/dropped"), "x");
}

TEST_P(PowerLossDiskTest, LosesBytesWithoutASyncOfTheirFile) {
  Write(disk_ + "/file", "first");
  Lose(Syncs::kAll, [this] {
    std::ofstream(disk_ + "/file", std::ios::app) << "second";
    Write(disk_ + "/empty", "text");
    ASSERT_OK(SyncDirectory(disk_));
  });
  EXPECT_EQ(Read(disk_ + "/file"), "first");
  EXPECT_TRUE(fs::exists(disk_ + "/empty"));
  EXPECT_EQ(Read(disk_ + "/empty"), "");
}

INSTANTIATE_TEST_SUITE_P(Losses, PowerLossDiskTest,
                         ::testing::Values(Loss::kAll));

TEST(DiskErrorTest, NamesTheCauseAndWhatToDo) {
  const auto message_of = [](int error) {
    errno = error;
    return std::string(DiskError("write", "/data").message());
  };
  EXPECT_THAT(message_of(EACCES), HasSubstr("permission denied; let the user"));
  EXPECT_THAT(message_of(EROFS), HasSubstr("read-only; mount"));
  EXPECT_THAT(message_of(ENOTDIR), HasSubstr("no directory; use another"));
  EXPECT_THAT(message_of(ENOSPC), HasSubstr("disk is full; make room"));
  EXPECT_THAT(message_of(EIO), HasSubstr("the log says how"));
  errno = ENOSPC;
  EXPECT_THAT(DiskError("write", "/data"),
              IsError(absl::StatusCode::kResourceExhausted,
                      v1::ERROR_REASON_STORE_FULL));
}

TEST(MakeDirectoriesTest, RefusesAFileInTheWay) {
  const TempDir dir;
  Write(dir.path() + "/file", "x");
  for (const char* path : {"/file", "/file/below"}) {
    EXPECT_THAT(MakeDirectories(dir.path() + path),
                IsError(absl::StatusCode::kUnavailable,
                        v1::ERROR_REASON_STORE_UNAVAILABLE));
  }
}

}  // namespace
}  // namespace twingraph::kv_rocks
