// Damaged directories of backups: what is not as it was written is named, never
// counted, never relied on, and takes no other backup with it.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rocksdb/utilities/backup_engine.h"

#include "storage/kv_rocks/backup.h"
#include "storage/kv_rocks/backup_directory.h"
#include "storage/kv_rocks/store.h"
#include "tests/support/backup_fixture.h"
#include "tests/support/status_matchers.h"

namespace twingraph::kv_rocks {
namespace {

namespace fs = std::filesystem;

using Names = std::vector<std::string>;

enum class Damage { kFirstByte, kMiddle, kLastByte, kHalf, kEmpty, kMissing };

constexpr Damage kDamages[] = {Damage::kFirstByte, Damage::kMiddle,
                               Damage::kLastByte,  Damage::kHalf,
                               Damage::kEmpty,     Damage::kMissing};

bool IsSeenWithoutReading(Damage damage) {
  return damage == Damage::kHalf || damage == Damage::kEmpty ||
         damage == Damage::kMissing;
}

std::string Read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void Flip(const std::string& path, size_t at, char bits = '\x41') {
  std::string bytes = Read(path);
  bytes.at(at) = static_cast<char>(bytes.at(at) ^ bits);
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

void Inflict(Damage damage, const std::string& path) {
  const size_t bytes = fs::file_size(path);
  switch (damage) {
    case Damage::kFirstByte:
      return Flip(path, 0);
    case Damage::kMiddle:
      return Flip(path, bytes / 2);
    case Damage::kLastByte:
      return Flip(path, bytes - 1);
    case Damage::kHalf:
      return fs::resize_file(path, bytes / 2);
    case Damage::kEmpty:
      return fs::resize_file(path, 0);
    case Damage::kMissing:
      fs::remove(path);
  }
}

Names TablesIn(const std::string& directory) {
  Names tables;
  for (const auto& file : fs::directory_iterator(directory)) {
    tables.push_back(file.path());
  }
  std::sort(tables.begin(), tables.end());
  return tables;
}

class BackupDamageTest : public BackupTest {
 protected:
  // Backups that share tables, and have one of their own each.
  void Make(int count) {
    for (int i = 0; i < count; ++i) {
      const Names before = i == 0 ? Names() : TablesIn(shared_);
      Put(*store_, absl::StrCat("k", i), std::string(2000, 'v'));
      ASSERT_OK(store_->engine().CreateBackup(ctx_, backups_));
      const Names after = TablesIn(shared_);
      newest_.clear();
      std::set_difference(after.begin(), after.end(), before.begin(),
                          before.end(), std::back_inserter(newest_));
      if (i == 0) {
        oldest_ = newest_;
      }
    }
    ASSERT_FALSE(newest_.empty());
    fs::copy(backups_, kept_, fs::copy_options::recursive);
  }

  // The directory as Make left it.
  void Reset() {
    fs::remove_all(backups_);
    fs::copy(kept_, backups_, fs::copy_options::recursive);
  }

  static Names Named(const absl::StatusOr<std::vector<kv::Backup>>& backups) {
    EXPECT_OK(backups);
    Names names;
    for (const kv::Backup& each : *backups) {
      names.push_back(absl::StrCat(each.id, each.is_damaged ? " bad" : ""));
    }
    return names;
  }

  Names Listed() { return Named(store_->engine().ListBackups(backups_)); }

  Names Verified() {
    return Named(store_->engine().VerifyBackups(ctx_, backups_));
  }

  Names Pruned(const kv::Pruning& pruning) {
    EXPECT_OK(store_->engine().DeleteOldBackups(ctx_, backups_, pruning));
    return Listed();
  }

  bool CanBeRestored(uint32_t id) {
    const std::string target = absl::StrCat(restored_, "-", ++restores_);
    const bool is_restored = RestoreBackup(backups_, id, target).ok();
    EXPECT_EQ(is_restored, fs::exists(target));
    fs::remove_all(target);
    return is_restored;
  }

  // The files that the newest of three backups has alone.
  Names FilesOfNewest() {
    Names files = newest_;
    for (const auto& file : fs::directory_iterator(backups_ + "/private/3")) {
      files.push_back(file.path());
    }
    files.push_back(backups_ + "/meta/3");
    files.push_back(backups_ + "/revisions/3");
    return files;
  }

  const std::string shared_ = backups_ + "/shared_checksum";
  const std::string kept_ = dir_.path() + "/kept";
  const std::unique_ptr<commit::Store> store_ = OpenStore(data_);
  // Paths of tables that one backup brought.
  Names oldest_;
  Names newest_;
  int restores_ = 0;
};

TEST_F(BackupDamageTest, IsNamedAndNeverCounted) {
  Make(3);
  int cases = 0;
  for (const std::string& file : FilesOfNewest()) {
    for (const Damage damage : kDamages) {
      const bool is_mark = absl::StrContains(file, "/revisions/");
      if ((is_mark && damage == Damage::kMissing) ||
          (is_mark && damage == Damage::kLastByte)) {
        continue;  // as of no backup; the end of a line
      }
      const std::string where =
          absl::StrCat(file, " damage ", static_cast<int>(damage));
      ++cases;
      Reset();
      Inflict(damage, file);
      const bool is_list = is_mark || absl::StrContains(file, "/meta/");
      if (is_list || IsSeenWithoutReading(damage)) {
        EXPECT_EQ(Listed(), (Names{"1", "2", "3 bad"})) << where;
      }
      EXPECT_EQ(Verified(), (Names{"1", "2", "3 bad"})) << where;
      EXPECT_FALSE(CanBeRestored(3)) << where;
      EXPECT_EQ(Pruned({.keep = 1}).size(), 2U) << where;
      EXPECT_EQ(Verified(), (Names{"2", "3 bad"})) << where;
      EXPECT_EQ(Pruned({.keep = 1, .damaged = true}), (Names{"2"})) << where;
      EXPECT_TRUE(CanBeRestored(2)) << where;
    }
  }
  EXPECT_GE(cases, 6 * 6);
}

TEST_F(BackupDamageTest, PruneDeletesNothingWhereNoneIsWhole) {
  Make(3);
  for (const std::string& table : TablesIn(shared_)) {
    Inflict(Damage::kMiddle, table);
  }
  const auto before = FilesBelow(backups_);
  EXPECT_EQ(Pruned({.keep = 1, .damaged = true}).size(), 3U);
  EXPECT_EQ(FilesBelow(backups_), before);
  EXPECT_EQ(Verified(), (Names{"1 bad", "2 bad", "3 bad"}));
}

TEST_F(BackupDamageTest, ANewBackupReplacesWhatItShares) {
  Make(3);
  for (const Damage damage : kDamages) {
    Reset();
    for (const std::string& table : TablesIn(shared_)) {
      Inflict(damage, table);
    }
    ASSERT_OK_AND_ASSIGN(const kv::Backup made,
                         store_->engine().CreateBackup(ctx_, backups_));
    EXPECT_EQ(made.id, 4U);
    EXPECT_TRUE(CanBeRestored(4));
    // What the store still has is whole again in the older ones too.
    EXPECT_EQ(Verified().back(), "4");
    EXPECT_EQ(Verified()[2], "3");
    EXPECT_TRUE(CanBeRestored(3));
  }
}

TEST_F(BackupDamageTest, ANewBackupComesAfterAnyDamageOfTheLast) {
  Make(3);
  for (const std::string& file : FilesOfNewest()) {
    for (const Damage damage :
         {Damage::kMiddle, Damage::kHalf, Damage::kMissing}) {
      Reset();
      Inflict(damage, file);
      const auto made = store_->engine().CreateBackup(ctx_, backups_);
      ASSERT_OK(made) << file;
      EXPECT_TRUE(CanBeRestored(made->id)) << file;
      EXPECT_TRUE(CanBeRestored(2)) << file;
      EXPECT_TRUE(CanBeRestored(1)) << file;
      EXPECT_THAT(Verified(), testing::Contains(absl::StrCat(made->id)));
    }
  }
}

// Somebody may still save it.
TEST_F(BackupDamageTest, WhatADamagedBackupHasStays) {
  Make(1);
  // The store has none of it any more.
  Put(*store_, "k0", "other");
  ASSERT_OK(store_->engine().Compact(ctx_));
  for (const std::string& file :
       {oldest_.front(), backups_ + "/meta/1", backups_ + "/revisions/1"}) {
    Reset();
    const std::string good = Read(file);
    Inflict(Damage::kHalf, file);
    ASSERT_OK(store_->engine().CreateBackup(ctx_, backups_));
    EXPECT_EQ(Verified(), (Names{"1 bad", "2"})) << file;
    ASSERT_OK(store_->engine().CreateBackup(ctx_, backups_));
    std::ofstream(file, std::ios::binary | std::ios::trunc) << good;
    EXPECT_EQ(Verified(), (Names{"1", "2", "3"})) << file;
    EXPECT_TRUE(CanBeRestored(1)) << file;
  }
}

TEST_F(BackupDamageTest, ADirectoryWithoutItsMarksIsLeftAlone) {
  Make(2);
  fs::rename(backups_ + "/revisions", backups_ + "/moved");
  const auto before = FilesBelow(backups_);
  const auto refused = IsError(absl::StatusCode::kFailedPrecondition,
                               v1::ERROR_REASON_BACKUP_UNUSABLE);
  EXPECT_THAT(store_->engine().CreateBackup(ctx_, backups_), refused);
  EXPECT_THAT(store_->engine().DeleteOldBackups(ctx_, backups_, {.keep = 1}),
              refused);
  EXPECT_EQ(FilesBelow(backups_), before);
}

TEST_F(BackupDamageTest, WhatCannotBeReplacedIsTheDirectorysFault) {
  Make(2);
  // No file can take the place of a directory that is not empty.
  fs::remove(newest_.front());
  fs::create_directories(newest_.front() + "/full");
  // And one that has to be copied first, which is not left behind.
  Put(*store_, "more", "x");
  const auto before = FilesBelow(backups_);
  const auto made = store_->engine().CreateBackup(ctx_, backups_);
  EXPECT_THAT(made, IsError(absl::StatusCode::kFailedPrecondition,
                            v1::ERROR_REASON_BACKUP_UNUSABLE));
  EXPECT_TRUE(absl::StrContains(made.status().message(), backups_));
  EXPECT_EQ(FilesBelow(backups_), before);
  EXPECT_EQ(Listed(), (Names{"1", "2 bad"}));
}

TEST_F(BackupDamageTest, ADamagedTableOfTheStoreIsTheStoresFault) {
  Make(1);
  Put(*store_, "more", std::string(3000, 'm'));
  // From here on the store makes no new tables.
  ASSERT_OK(store_->engine().Compact(ctx_));
  ASSERT_OK(store_->engine().CreateBackup(ctx_, backups_));
  const auto before = FilesBelow(kept_);
  for (const auto& file : fs::directory_iterator(data_)) {
    if (file.path().extension() == ".sst") {
      Flip(file.path(), 40);
    }
  }
  // What is whole in the directory needs none of them.
  ASSERT_OK(store_->engine().CreateBackup(ctx_, backups_));
  EXPECT_EQ(Verified(), (Names{"1", "2", "3"}));
  Reset();
  const auto made = store_->engine().CreateBackup(ctx_, backups_);
  EXPECT_THAT(made, IsError(absl::StatusCode::kDataLoss,
                            v1::ERROR_REASON_STORE_CORRUPT));
  EXPECT_THAT(std::string(made.status().message()),
              testing::ContainsRegex("[0-9]+\\.sst"));
  std::set<std::string> after;
  for (const std::string& path : FilesBelow(backups_)) {
    after.insert(kept_ + path.substr(backups_.size()));
  }
  EXPECT_EQ(after, before);
  EXPECT_EQ(Verified(), (Names{"1"}));
}

TEST_F(BackupDamageTest, WhatIsNotKnownHasNoTime) {
  Make(2);
  Inflict(Damage::kHalf, newest_.front());
  Inflict(Damage::kMiddle, backups_ + "/meta/1");
  ASSERT_OK_AND_ASSIGN(const auto backups,
                       store_->engine().ListBackups(backups_));
  ASSERT_EQ(backups.size(), 2U);
  EXPECT_TRUE(backups[0].is_damaged);
  EXPECT_EQ(backups[0].time, absl::InfinitePast());
  EXPECT_EQ(backups[0].bytes, 0U);
  // Its list of files is whole.
  EXPECT_TRUE(backups[1].is_damaged);
  EXPECT_GT(backups[1].time, absl::Now() - absl::Hours(1));
  EXPECT_GT(backups[1].bytes, 0U);
}

TEST_F(BackupDamageTest, BackupsOfTheFirstBuildsAreRead) {
  Make(2);
  const std::string meta = backups_ + "/meta/1";
  std::string list;
  for (absl::string_view line : absl::StrSplit(Read(meta), '\n')) {
    if (!absl::StartsWith(line, "schema_version")) {
      absl::StrAppend(&list, line.substr(0, line.find(" size ")), "\n");
    }
  }
  list.pop_back();
  std::ofstream(meta, std::ios::trunc) << list;
  const std::string mark = backups_ + "/revisions/1";
  const std::string text = Read(mark);
  std::ofstream(mark, std::ios::trunc)
      << text.substr(0, text.rfind(' ')) << "\n";
  EXPECT_EQ(Verified(), (Names{"1", "2"}));
  EXPECT_GT((*store_->engine().ListBackups(backups_))[0].bytes, 0U);
  ASSERT_OK(store_->engine().CreateBackup(ctx_, backups_));
  EXPECT_TRUE(CanBeRestored(1));
  Inflict(Damage::kMiddle, oldest_.front());
  EXPECT_EQ(Verified().front(), "1 bad");
}

TEST_F(BackupDamageTest, ACallThatEndsChangesNothing) {
  Make(3);
  const auto before = FilesBelow(backups_);
  Context cancelled;
  cancelled.Cancel();
  const auto ended =
      IsError(absl::StatusCode::kCancelled, v1::ERROR_REASON_CALL_ENDED);
  EXPECT_THAT(store_->engine().VerifyBackups(cancelled, backups_), ended);
  EXPECT_THAT(
      store_->engine().DeleteOldBackups(cancelled, backups_, {.keep = 1}),
      ended);
  int late = 0;
  for (int i = 0; i < 200; ++i) {
    const Context short_one(absl::Now() + absl::Microseconds(i * 25), {});
    const auto made = store_->engine().CreateBackup(short_one, backups_);
    if (made.ok()) {
      break;
    }
    EXPECT_THAT(made, IsError(absl::StatusCode::kDeadlineExceeded,
                              v1::ERROR_REASON_CALL_ENDED));
    EXPECT_EQ(FilesBelow(backups_), before) << i;
    ++late;
  }
  EXPECT_GT(late, 1);
}

TEST_F(BackupDamageTest, RocksDbReadsWhatIsWritten) {
  Make(3);
  rocksdb::BackupEngineReadOnly* opened = nullptr;
  ASSERT_TRUE(rocksdb::BackupEngineReadOnly::Open(
                  rocksdb::Env::Default(),
                  rocksdb::BackupEngineOptions(backups_), &opened)
                  .ok());
  const std::unique_ptr<rocksdb::BackupEngineReadOnly> engine(opened);
  for (const uint32_t id : {1U, 2U, 3U}) {
    EXPECT_TRUE(engine->VerifyBackup(id, /*verify_with_checksum=*/true).ok());
    const std::string target = absl::StrCat(dir_.path(), "/by-engine-", id);
    EXPECT_TRUE(engine->RestoreDBFromBackup(id, target, target).ok());
  }
}

// Bytes that this process has read.
uint64_t BytesRead() {
  uint64_t bytes = 0;
  std::string name;
  std::ifstream("/proc/self/io") >> name >> bytes;
  return bytes;
}

TEST_F(BackupDamageTest, SharedFilesAreReadOnceForAllBackups) {
  std::string noise;
  for (uint32_t i = 0; i < 300'000; ++i) {
    noise.push_back(static_cast<char>((i * 2654435761U) >> 24));
  }
  for (int i = 0; i < 10; ++i) {
    Put(*store_, absl::StrCat("big", i), noise);
  }
  ASSERT_OK(store_->engine().Compact(ctx_));
  Make(6);
  const uint64_t before = BytesRead();
  EXPECT_EQ(Verified().size(), 6U);
  const uint64_t read = BytesRead() - before;
  EXPECT_GT(read, BytesBelow(backups_) / 2);
  EXPECT_LT(read, BytesBelow(backups_) * 5 / 4);
}

TEST_F(BackupDamageTest, TwoServersDoNotDisturbEachOther) {
  Make(2);
  {
    const auto other = LockBackups(backups_);
    ASSERT_OK(other);
    kv::Engine& engine = store_->engine();
    for (const absl::Status& status :
         {engine.CreateBackup(ctx_, backups_).status(),
          engine.DeleteOldBackups(ctx_, backups_, {.keep = 1}).status()}) {
      EXPECT_THAT(status, IsError(absl::StatusCode::kFailedPrecondition,
                                  v1::ERROR_REASON_BACKUP_UNUSABLE));
      EXPECT_THAT(std::string(status.message()),
                  testing::HasSubstr("another server"));
    }
    EXPECT_EQ(Verified(), (Names{"1", "2"}));
  }
  EXPECT_OK(store_->engine().CreateBackup(ctx_, backups_));
}

// Nobody knows whose the backups are: none is listed, made or deleted until the
// operator says so, and all can be restored.
TEST_F(BackupDamageTest, AnOwnerThatIsNotKnownIsAskedFor) {
  Make(2);
  const std::string owner = Read(backups_ + "/STORE");
  for (const char* text : {"missing", "", "garbage\n", "0123456789abcdef\n"}) {
    SCOPED_TRACE(text);
    Reset();
    std::ofstream(backups_ + "/STORE") << text;
    if (text == std::string("missing")) {
      fs::remove(backups_ + "/STORE");
    }
    kv::Engine& engine = store_->engine();
    for (const absl::Status& status :
         {engine.CreateBackup(ctx_, backups_).status(),
          engine.ListBackups(backups_).status(),
          engine.VerifyBackups(ctx_, backups_).status(),
          engine.DeleteOldBackups(ctx_, backups_, {.keep = 1}).status()}) {
      EXPECT_THAT(status, IsError(absl::StatusCode::kFailedPrecondition,
                                  v1::ERROR_REASON_BACKUP_UNUSABLE));
      EXPECT_THAT(std::string(status.message()),
                  testing::HasSubstr(owner.substr(0, owner.size() - 1)));
    }
    EXPECT_TRUE(CanBeRestored(0));
    std::ofstream(backups_ + "/STORE", std::ios::trunc) << owner;
    EXPECT_EQ(Verified(), (Names{"1", "2"}));
  }
}

// A byte of any file.
TEST_F(BackupDamageTest, AnyByteLeavesWhatCanBeRestored) {
  Make(2);
  Names files;
  for (const std::string& path : FilesBelow(backups_)) {
    if (!fs::is_directory(path) && fs::file_size(path) > 0 &&
        fs::path(path).filename() != "STORE") {
      files.push_back(path);
    }
  }
  std::mt19937 random(4);
  for (int round = 0; round < 80; ++round) {
    Reset();
    const std::string& file = files[random() % files.size()];
    const size_t at = random() % fs::file_size(file);
    const char bits = static_cast<char>(1 + random() % 255);
    const std::string where =
        absl::StrCat(file, " at ", at, " bits ", static_cast<int>(bits));
    Flip(file, at, bits);
    std::set<std::string> good;
    for (const uint32_t id : {1U, 2U}) {
      if (CanBeRestored(id)) {
        good.insert(absl::StrCat(id));
      }
    }
    const Names verified = Verified();
    for (const char* name : {"1", "2"}) {
      EXPECT_EQ(absl::c_linear_search(verified, name), good.count(name) > 0)
          << where;
    }
    if (round % 2 == 0) {
      const auto made = store_->engine().CreateBackup(ctx_, backups_);
      ASSERT_OK(made) << where;
      EXPECT_TRUE(CanBeRestored(made->id)) << where;
      good.insert(absl::StrCat(made->id));
    }
    const Names left = Pruned({.keep = 1, .damaged = true});
    if (good.empty()) {
      EXPECT_EQ(left.size(), 2U) << where;
    } else {
      ASSERT_EQ(left, (Names{*good.rbegin()})) << where;
      EXPECT_TRUE(CanBeRestored(0)) << where;
    }
  }
}

}  // namespace
}  // namespace twingraph::kv_rocks
