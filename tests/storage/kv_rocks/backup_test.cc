// Backups and restores: a restore is the store as it was at one revision, in a
// new epoch; whatever ends a backup early, the earlier ones stay.
#include "storage/kv_rocks/backup.h"

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/backup_fixture.h"
#include "tests/support/status_matchers.h"
#include "tests/support/unprivileged.h"

namespace twingraph::kv_rocks {
namespace {

namespace fs = std::filesystem;

TEST_F(BackupTest, ARestoreIsTheStateOfItsRevisionInANewEpoch) {
  const auto store = OpenStore(data_);
  for (int i = 0; i < 50; ++i) {
    Put(*store, absl::StrCat(i % 20), absl::StrCat("value", i));
  }
  ASSERT_OK_AND_ASSIGN(const kv::Backup backup,
                       store->engine().CreateBackup(ctx_, backups_));
  EXPECT_EQ(backup.revision, store->head()->revision);
  EXPECT_GT(backup.bytes, 0U);
  Put(*store, "later", "x");
  ASSERT_OK_AND_ASSIGN(const kv::Backup restored,
                       RestoreBackup(backups_, 0, restored_));
  EXPECT_EQ(restored.id, backup.id);
  const auto copy = OpenStore(restored_);
  EXPECT_GT(copy->head()->revision, backup.revision);
  EXPECT_EQ(StateAt(*copy, copy->head()->revision),
            StateAt(*store, backup.revision));
  // Old revisions are in it too.
  EXPECT_EQ(StateAt(*copy, 20), StateAt(*store, 20));
  // The same store, another epoch: what was given out before is refused.
  EXPECT_EQ(copy->head()->incarnation.store_id,
            store->head()->incarnation.store_id);
  EXPECT_NE(copy->head()->incarnation.epoch, store->head()->incarnation.epoch);
  // And it stays its own from then on.
  EXPECT_GT(Put(*copy, "new", "y"), backup.revision);
}

TEST_F(BackupTest, ABackupUnderWritesHasOneState) {
  const auto store = OpenStore(data_);
  std::atomic<bool> is_done{false};
  std::thread writer([&] {
    for (int i = 0; !is_done; ++i) {
      Put(*store, absl::StrCat(i % 50),
          std::string(3000, static_cast<char>('a' + i % 26)));
    }
  });
  std::vector<kv::Backup> made;
  for (int i = 0; i < 3; ++i) {
    const auto backup = store->engine().CreateBackup(ctx_, backups_);
    ASSERT_OK(backup);
    made.push_back(*backup);
  }
  is_done = true;
  writer.join();
  for (const kv::Backup& backup : made) {
    const std::string target = absl::StrCat(restored_, backup.id);
    ASSERT_OK(RestoreBackup(backups_, backup.id, target));
    const auto copy = OpenStore(target);
    EXPECT_EQ(StateAt(*copy, copy->head()->revision),
              StateAt(*store, backup.revision))
        << backup.revision;
  }
}

TEST_F(BackupTest, ASecondBackupCopiesWhatIsNew) {
  const auto store = OpenStore(data_);
  for (int i = 0; i < 20; ++i) {
    std::string noise(100'000, '\0');
    for (size_t at = 0; at < noise.size(); ++at) {
      noise[at] = static_cast<char>((at * 2654435761U + i * 40503U) >> 13);
    }
    Put(*store, absl::StrCat(i), noise);
  }
  // No compaction makes new files of old ones between the backups.
  ASSERT_OK(store->engine().Compact(ctx_));
  ASSERT_OK(store->engine().CreateBackup(ctx_, backups_));
  const uintmax_t first = BytesBelow(backups_);
  Put(*store, "one", "more");
  ASSERT_OK(store->engine().CreateBackup(ctx_, backups_));
  EXPECT_LT(BytesBelow(backups_) - first, first / 4);
}

TEST_F(BackupTest, OldBackupsCanBeDeleted) {
  const auto store = OpenStore(data_);
  std::vector<uint32_t> ids;
  for (int i = 0; i < 4; ++i) {
    Put(*store, "k", absl::StrCat(i));
    ASSERT_OK_AND_ASSIGN(const kv::Backup backup,
                         store->engine().CreateBackup(ctx_, backups_));
    ids.push_back(backup.id);
  }
  ASSERT_OK(store->engine().DeleteOldBackups(ctx_, backups_, {.keep = 2}));
  ASSERT_OK_AND_ASSIGN(const auto left, store->engine().ListBackups(backups_));
  ASSERT_EQ(left.size(), 2U);
  EXPECT_EQ(left[0].id, ids[2]);
  EXPECT_THAT(
      RestoreBackup(backups_, ids[0], restored_),
      IsError(absl::StatusCode::kNotFound, v1::ERROR_REASON_BACKUP_NOT_FOUND));
  EXPECT_OK(RestoreBackup(backups_, ids[2], restored_));
}

TEST_F(BackupTest, ADamagedEntryIsNamedAndTheOthersGoOn) {
  const auto store = OpenStore(data_);
  for (int i = 0; i < 5; ++i) {
    Put(*store, "k", absl::StrCat(i));
    ASSERT_OK(store->engine().CreateBackup(ctx_, backups_));
  }
  std::ofstream(backups_ + "/revisions/2", std::ios::trunc) << "?";
  fs::remove(backups_ + "/revisions/3");
  fs::create_directory(backups_ + "/revisions/3");
  std::ofstream(backups_ + "/meta/4", std::ios::trunc) << "?";
  const auto listed = [&] {
    std::vector<std::string> entries;
    const auto backups = store->engine().ListBackups(backups_);
    EXPECT_OK(backups);
    for (const kv::Backup& each : *backups) {
      entries.push_back(absl::StrCat(each.id, each.is_damaged ? " bad" : ""));
    }
    return entries;
  };
  EXPECT_EQ(listed(),
            (std::vector<std::string>{"1", "2 bad", "3 bad", "4 bad", "5"}));
  EXPECT_OK(store->engine().CreateBackup(ctx_, backups_));
  EXPECT_EQ(listed(), (std::vector<std::string>{"1", "2 bad", "3 bad", "4 bad",
                                                "5", "6"}));
}

// Damages of every kind, by number of the backup.
class PruneTest : public BackupTest {
 protected:
  void Damage(int id) {
    const std::string name = absl::StrCat(id);
    switch (id % 3) {
      case 0:
        std::ofstream(backups_ + "/revisions/" + name, std::ios::trunc) << "?";
        break;
      case 1:
        std::ofstream(backups_ + "/meta/" + name, std::ios::trunc) << "?";
        break;
      default:
        fs::remove(backups_ + "/meta/" + name);
    }
  }

  // Makes backups, damages those in `damaged`, prunes; what is left then.
  std::vector<std::string> Left(const std::vector<int>& damaged,
                                const kv::Pruning& pruning) {
    fs::remove_all(backups_);
    for (int i = 0; i < 5; ++i) {
      Put(*store_, absl::StrCat("k", i), std::string(1000, 'v'));
      EXPECT_OK(store_->engine().CreateBackup(ctx_, backups_));
    }
    for (const int id : damaged) {
      Damage(id);
    }
    const auto before = Listed();
    const auto deleted =
        store_->engine().DeleteOldBackups(ctx_, backups_, pruning);
    EXPECT_OK(deleted);
    const auto left = Listed();
    EXPECT_EQ(deleted->size() + left.size(), before.size());
    for (const kv::Backup& each : *deleted) {
      EXPECT_THAT(left, testing::Not(testing::Contains(
                            testing::StartsWith(absl::StrCat(each.id)))));
    }
    return left;
  }

  std::vector<std::string> Listed() {
    std::vector<std::string> entries;
    const auto backups = store_->engine().ListBackups(backups_);
    EXPECT_OK(backups);
    for (const kv::Backup& each : *backups) {
      entries.push_back(absl::StrCat(each.id, each.is_damaged ? " bad" : ""));
    }
    return entries;
  }

  const std::unique_ptr<commit::Store> store_ = OpenStore(data_);
};

using Names = std::vector<std::string>;

TEST_F(PruneTest, DamagedOnesDoNotCountAndGoWithTheOld) {
  EXPECT_EQ(Left({1, 2, 3}, {.keep = 1}), (Names{"5"}));
  EXPECT_EQ(Left({2, 4}, {.keep = 2}), (Names{"3", "4 bad", "5"}));
  EXPECT_EQ(Left({3}, {.keep = 4}), (Names{"1", "2", "3 bad", "4", "5"}));
  EXPECT_EQ(Left({1}, {.keep = 4}), (Names{"2", "3", "4", "5"}));
}

TEST_F(PruneTest, DamagedOnesThatAreNewerStayUnlessAskedFor) {
  EXPECT_EQ(Left({4, 5}, {.keep = 1}), (Names{"3", "4 bad", "5 bad"}));
  EXPECT_EQ(Left({4, 5}, {.keep = 1, .damaged = true}), (Names{"3"}));
  EXPECT_EQ(Left({2, 4}, {.keep = 9, .damaged = true}), (Names{"1", "3", "5"}));
}

TEST_F(PruneTest, WhereNoneIsWholeNoneGoes) {
  const Names all = {"1 bad", "2 bad", "3 bad", "4 bad", "5 bad"};
  EXPECT_EQ(Left({1, 2, 3, 4, 5}, {.keep = 1, .damaged = true}), all);
  // A new one makes them of no use.
  EXPECT_OK(store_->engine().CreateBackup(ctx_, backups_));
  EXPECT_OK(store_->engine().DeleteOldBackups(ctx_, backups_,
                                              {.keep = 1, .damaged = true}));
  EXPECT_EQ(Listed().size(), 1U);
}

TEST_F(PruneTest, WhatADamagedOneHadAloneGoesWithIt) {
  Left({}, {.keep = 9});
  const auto whole = BytesBelow(backups_);
  Left({2, 4}, {.keep = 9, .damaged = true});
  EXPECT_LT(BytesBelow(backups_), whole);
  for (const char* directory : {"meta", "private", "revisions"}) {
    int entries = 0;
    for (const auto& entry :
         fs::directory_iterator(backups_ + "/" + directory)) {
      EXPECT_THAT(entry.path().filename().string(),
                  testing::AnyOf("1", "3", "5"));
      ++entries;
    }
    EXPECT_EQ(entries, 3) << directory;
  }
  EXPECT_OK(RestoreBackup(backups_, 1, restored_));
}

TEST_F(BackupTest, ADirectoryThatLacksAPartIsRefusedByName) {
  const auto store = OpenStore(data_);
  Put(*store, "k", "v");
  ASSERT_OK(store->engine().CreateBackup(ctx_, backups_));
  const auto refused = IsError(absl::StatusCode::kFailedPrecondition,
                               v1::ERROR_REASON_BACKUP_UNUSABLE);
  fs::rename(backups_ + "/meta", backups_ + "/moved");
  const auto list = store->engine().ListBackups(backups_);
  EXPECT_THAT(list, refused);
  EXPECT_THAT(std::string(list.status().message()),
              testing::AllOf(testing::HasSubstr(backups_),
                             testing::HasSubstr("meta is missing")));
  EXPECT_THAT(store->engine().DeleteOldBackups(ctx_, backups_, {.keep = 1}),
              refused);
  EXPECT_THAT(RestoreBackup(backups_, 0, restored_), refused);
  fs::rename(backups_ + "/moved", backups_ + "/meta");
  EXPECT_OK(RestoreBackup(backups_, 0, restored_));
}

TEST_F(BackupTest, RefusesWhatWouldMixStores) {
  const auto store = OpenStore(data_);
  Put(*store, "k", "v");
  ASSERT_OK(store->engine().CreateBackup(ctx_, backups_));
  const auto other = OpenStore(dir_.path() + "/other");
  EXPECT_THAT(other->engine().CreateBackup(ctx_, backups_),
              IsError(absl::StatusCode::kFailedPrecondition,
                      v1::ERROR_REASON_BACKUP_UNUSABLE));
  EXPECT_THAT(RestoreBackup(backups_, 0, data_),
              IsError(absl::StatusCode::kFailedPrecondition,
                      v1::ERROR_REASON_BACKUP_UNUSABLE));
  EXPECT_THAT(
      RestoreBackup(dir_.path() + "/none", 0, restored_),
      IsError(absl::StatusCode::kNotFound, v1::ERROR_REASON_BACKUP_NOT_FOUND));
}

TEST_F(BackupTest, ADamagedBackupIsNotRestored) {
  {
    const auto store = OpenStore(data_);
    Put(*store, "k", std::string(5000, 'k'));
    ASSERT_OK(store->engine().CreateBackup(ctx_, backups_));
  }
  for (const auto& file : fs::recursive_directory_iterator(backups_)) {
    if (file.path().extension() == ".sst") {
      std::fstream table(file.path(),
                         std::ios::in | std::ios::out | std::ios::binary);
      table.seekp(30);
      table.put('\x55');
    }
  }
  EXPECT_THAT(
      RestoreBackup(backups_, 0, restored_),
      IsError(absl::StatusCode::kDataLoss, v1::ERROR_REASON_STORE_CORRUPT));
  EXPECT_FALSE(fs::exists(restored_));
}

TEST_F(BackupTest, BackupsOfAnotherStoreAreLeftAlone) {
  const auto store = OpenStore(data_);
  for (int i = 0; i < 2; ++i) {
    Put(*store, "k", absl::StrCat(i));
    ASSERT_OK(store->engine().CreateBackup(ctx_, backups_));
  }
  const auto other = OpenStore(dir_.path() + "/other");
  const auto refused = IsError(absl::StatusCode::kFailedPrecondition,
                               v1::ERROR_REASON_BACKUP_UNUSABLE);
  EXPECT_THAT(other->engine().ListBackups(backups_), refused);
  EXPECT_THAT(other->engine().DeleteOldBackups(ctx_, backups_, {.keep = 1}),
              refused);
  EXPECT_EQ(store->engine().ListBackups(backups_)->size(), 2U);
}

TEST_F(BackupTest, DirectoriesThatCannotBeUsedAreRefusedByName) {
  const auto store = OpenStore(data_);
  Put(*store, "k", "v");
  fs::create_symlink("loop", dir_.path() + "/loop");
  std::ofstream(dir_.path() + "/file") << "x";
  fs::create_directory(dir_.path() + "/closed");
  fs::permissions(dir_.path(), fs::perms(0755));
  fs::permissions(dir_.path() + "/closed", fs::perms::none);
  const auto refused = IsError(absl::StatusCode::kFailedPrecondition,
                               v1::ERROR_REASON_BACKUP_UNUSABLE);
  const Unprivileged user;
  for (const std::string& name :
       {std::string(300, 'n'), std::string("loop/x"), std::string("file"),
        std::string("file/x"), std::string("closed/x")}) {
    const std::string path = dir_.path() + "/" + name;
    const auto made = store->engine().CreateBackup(ctx_, path);
    EXPECT_THAT(made, refused) << name;
    EXPECT_TRUE(absl::StrContains(made.status().message(), path)) << name;
    EXPECT_THAT(store->engine().ListBackups(path), refused) << name;
    EXPECT_THAT(store->engine().DeleteOldBackups(ctx_, path, {.keep = 1}),
                refused)
        << name;
    EXPECT_THAT(RestoreBackup(path, 0, restored_), refused) << name;
  }
}

TEST_F(BackupTest, ARestoreIntoWhatCannotBeUsedIsRefusedByName) {
  {
    const auto store = OpenStore(data_);
    ASSERT_OK(store->engine().CreateBackup(ctx_, backups_));
  }
  fs::create_symlink("loop", dir_.path() + "/loop");
  for (const std::string& name :
       {std::string(300, 'n'), std::string("loop/x")}) {
    const std::string path = dir_.path() + "/" + name;
    const auto restored = RestoreBackup(backups_, 0, path);
    EXPECT_THAT(restored, IsError(absl::StatusCode::kUnavailable,
                                  v1::ERROR_REASON_STORE_UNAVAILABLE));
    EXPECT_TRUE(absl::StrContains(restored.status().message(), path));
  }
}

TEST_F(BackupTest, ARestoreThatWasCutOffIsRunAgain) {
  {
    const auto store = OpenStore(data_);
    Put(*store, "k", "v");
    ASSERT_OK(store->engine().CreateBackup(ctx_, backups_));
  }
  fs::create_directories(restored_ + ".restoring/below");
  std::ofstream(restored_ + ".restoring/000008.sst") << "half a table";
  EXPECT_THAT(OpenEngine(TestSpaces(), {.directory = restored_}),
              IsError(absl::StatusCode::kFailedPrecondition,
                      v1::ERROR_REASON_STORE_UNAVAILABLE));
  ASSERT_OK(RestoreBackup(backups_, 0, restored_));
  EXPECT_FALSE(fs::exists(restored_ + ".restoring"));
  const auto copy = OpenStore(restored_);
  EXPECT_FALSE(StateAt(*copy, copy->head()->revision).empty());
}

TEST_F(BackupTest, DirectoriesMayBeRelative) {
  const fs::path before = fs::current_path();
  const auto store = OpenStore(data_);
  Put(*store, "k", "v");
  fs::current_path(dir_.path());
  EXPECT_OK(store->engine().CreateBackup(ctx_, "some/backups"));
  EXPECT_OK(store->engine().CreateBackup(ctx_, "some/backups"));
  EXPECT_EQ(store->engine().ListBackups("some/backups")->size(), 2U);
  EXPECT_OK(
      store->engine().DeleteOldBackups(ctx_, "some/backups", {.keep = 1}));
  EXPECT_OK(RestoreBackup("some/backups", 0, "restored"));
  fs::current_path(before);
  EXPECT_TRUE(fs::exists(dir_.path() + "/restored/CURRENT"));
}

TEST_F(BackupTest, ADamagedNewestBackupIsNamedAndNotPassedOver) {
  std::set<std::string> first;
  {
    const auto store = OpenStore(data_);
    Put(*store, "k", "v");
    ASSERT_OK(store->engine().CreateBackup(ctx_, backups_));
    first = FilesBelow(backups_);
    Put(*store, "k", "w");
    ASSERT_OK(store->engine().CreateBackup(ctx_, backups_));
  }
  const std::string kept = dir_.path() + "/kept";
  fs::copy(backups_, kept, fs::copy_options::recursive);
  int damaged = 0;
  for (const std::string& file : FilesBelow(backups_)) {
    if (first.count(file) > 0 || fs::is_directory(file)) {
      continue;
    }
    for (const bool is_missing : {true, false}) {
      fs::remove_all(backups_);
      fs::copy(kept, backups_, fs::copy_options::recursive);
      if (is_missing) {
        fs::remove(file);
      } else {
        std::ofstream(file, std::ios::trunc) << "x";
      }
      const bool is_mark = absl::StrContains(file, "/revisions/");
      if (is_missing && is_mark) {
        continue;  // as a backup that never came to its end
      }
      ++damaged;
      for (const uint32_t id : {0U, 2U}) {
        const auto restored = RestoreBackup(backups_, id, restored_);
        EXPECT_THAT(restored, IsError(absl::StatusCode::kDataLoss,
                                      v1::ERROR_REASON_STORE_CORRUPT))
            << file;
        EXPECT_TRUE(absl::StrContains(restored.status().message(), "backup 2"));
        EXPECT_TRUE(
            absl::StrContains(restored.status().message(), "--restore-backup"));
        EXPECT_FALSE(fs::exists(restored_ + ".restoring"));
      }
      const std::string older = absl::StrCat(restored_, "-older-", damaged);
      EXPECT_OK(RestoreBackup(backups_, 1, older)) << file;
    }
  }
  EXPECT_GE(damaged, 5);
}

TEST_F(BackupTest, WhatIsMissingForARestoreIsSaid) {
  {
    const auto store = OpenStore(data_);
    Put(*store, "k", "v");
    ASSERT_OK(store->engine().CreateBackup(ctx_, backups_));
  }
  fs::create_directory(dir_.path() + "/empty");

  const struct {
    std::string directory;
    uint32_t id;
    std::string sentence;
  } cases[] = {
      {"none", 0, "there is no directory "},
      {"empty", 0, "holds no backups"},
      {"backups/meta", 0, "holds no backups"},
      {"backups/default", 0, "there is no directory "},
      {"backups", 9, "there is no backup 9 "},
  };

  for (const auto& each : cases) {
    const auto restored =
        RestoreBackup(dir_.path() + "/" + each.directory, each.id, restored_);
    EXPECT_THAT(restored, IsError(absl::StatusCode::kNotFound,
                                  v1::ERROR_REASON_BACKUP_NOT_FOUND));
    EXPECT_TRUE(absl::StrContains(restored.status().message(), each.sentence))
        << restored.status();
  }
}

// What a killed child tells of its progress: a byte for each backup, here.
constexpr int kProgress = 3;

// The child of the next test, in a process of its own: backs up again and again
// until it is killed.
TEST_F(BackupTest, DISABLED_BacksUpUntilItIsKilled) {
  const char* directory = std::getenv("TWINGRAPH_BACKUP_CHILD");
  ASSERT_NE(directory, nullptr);
  const auto store = OpenStore(std::string(directory) + "/data");
  for (int i = 0;; ++i) {
    Put(*store, absl::StrCat(i % 30),
        std::string(50'000, static_cast<char>('a' + i % 26)));
    ASSERT_OK(store->engine().CreateBackup(
        ctx_, std::string(directory) + "/backups"));
    ASSERT_EQ(write(kProgress, "+", 1), 1);
  }
}

// Runs that child until some time after its first backup.
void BackUpAndKill(const std::string& directory, int milliseconds) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t child = fork();
  if (child == 0) {
    setenv("TWINGRAPH_BACKUP_CHILD", directory.c_str(), 1);
    dup2(ends[1], kProgress);
    execl("/proc/self/exe", "backup_child", "--gtest_also_run_disabled_tests",
          "--gtest_filter=*BacksUpUntilItIsKilled", nullptr);
    _exit(127);
  }
  close(ends[1]);
  char byte = 0;
  EXPECT_EQ(read(ends[0], &byte, 1), 1);
  std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
  kill(child, SIGKILL);
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status)) << "it ended by itself";
  close(ends[0]);
}

TEST_F(BackupTest, KillingABackupLeavesTheEarlierOnes) {
  kv::Revision first = 0;
  {
    const auto store = OpenStore(data_);
    for (int i = 0; i < 30; ++i) {
      first = Put(*store, absl::StrCat(i), std::string(50'000, 'v'));
    }
    ASSERT_OK(store->engine().CreateBackup(ctx_, backups_));
  }
  size_t count = 1;
  for (int round = 0; round < 4; ++round) {
    BackUpAndKill(dir_.path(), 13 + 31 * round);
    ASSERT_OK_AND_ASSIGN(const auto backups, ListBackups(backups_));
    EXPECT_GT(backups.size(), count);
    count = backups.size();
    EXPECT_EQ(backups[0].revision, first);
    for (const kv::Backup& backup : {backups.front(), backups.back()}) {
      const std::string target = absl::StrCat(restored_, round, "-", backup.id);
      ASSERT_OK(RestoreBackup(backups_, backup.id, target));
      EXPECT_EQ(OpenStore(target)->engine().opened_as(), kv::OpenedAs::kCopy);
    }
  }
  const auto store = OpenStore(data_);
  EXPECT_OK(store->engine().CreateBackup(ctx_, backups_));
}

TEST_F(BackupTest, ACallThatEndsMakesNoBackup) {
  const auto store = OpenStore(data_);
  Put(*store, "k", "v");
  Context ended;
  ended.Cancel();
  EXPECT_THAT(
      store->engine().CreateBackup(ended, backups_),
      IsError(absl::StatusCode::kCancelled, v1::ERROR_REASON_CALL_ENDED));
  ASSERT_OK_AND_ASSIGN(const auto backups, ListBackups(backups_));
  EXPECT_TRUE(backups.empty());
}

}  // namespace
}  // namespace twingraph::kv_rocks
