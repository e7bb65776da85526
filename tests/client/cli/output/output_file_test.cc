// Also covers output/before_stop.

#include "client/cli/output/output_file.h"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"
#include "tests/support/unprivileged.h"

namespace twingraph::cli {
namespace {

namespace fs = std::filesystem;

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

std::string Read(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

std::vector<std::string> NamesIn(const std::string& path) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(path)) {
    names.push_back(entry.path().filename());
  }
  return names;
}

absl::Status WriteAll(const std::string& path, const std::string& text) {
  auto file = OutputFile::Open(path);
  if (!file.ok()) {
    return file.status();
  }
  (*file)->stream() << text;
  return (*file)->Commit();
}

class OutputFileTest : public testing::Test {
 protected:
  std::string Existing(mode_t mode) {
    std::ofstream(path_) << "old";
    EXPECT_EQ(chmod(path_.c_str(), mode), 0);
    return path_;
  }

  const TempDir dir_;
  const std::string path_ = dir_.path() + "/file";
};

TEST_F(OutputFileTest, IsThereWhenItIsCommitted) {
  ASSERT_OK_AND_ASSIGN(const auto file, OutputFile::Open(path_));
  file->stream() << "new" << std::flush;
  EXPECT_FALSE(fs::exists(path_));
  ASSERT_OK(file->Commit());
  EXPECT_EQ(Read(path_), "new");
  EXPECT_THAT(NamesIn(dir_.path()), ElementsAre("file"));
}

TEST_F(OutputFileTest, LeavesAllAsItWasWithoutCommit) {
  Existing(0644);
  {
    ASSERT_OK_AND_ASSIGN(const auto file, OutputFile::Open(path_));
    file->stream() << "new" << std::flush;
  }
  EXPECT_EQ(Read(path_), "old");
  EXPECT_THAT(NamesIn(dir_.path()), ElementsAre("file"));
}

TEST_F(OutputFileTest, ANewFileHasThePermissionsOfAnyNewOne) {
  const mode_t mask = umask(027);
  ASSERT_OK(WriteAll(path_, "new"));
  umask(mask);
  struct stat found;
  ASSERT_EQ(stat(path_.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 07777, 0640U);
}

TEST_F(OutputFileTest, AReplacedFileKeepsItsPermissions) {
  for (const mode_t mode : {0600, 0666, 0755}) {
    Existing(mode);
    ASSERT_OK(WriteAll(path_, "new"));
    struct stat found;
    ASSERT_EQ(stat(path_.c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 07777, mode);
    EXPECT_EQ(Read(path_), "new");
  }
}

TEST_F(OutputFileTest, WhatMayNotBeWrittenIsNotReplaced) {
  Existing(0444);
  ASSERT_EQ(chmod(dir_.path().c_str(), 0777), 0);
  const Unprivileged unprivileged;
  const absl::Status status = WriteAll(path_, "new");
  EXPECT_THAT(status, IsError(absl::StatusCode::kFailedPrecondition,
                              v1::ERROR_REASON_INVALID_FIELD));
  EXPECT_EQ(status.message(), absl::StrCat("cannot write the file ", path_,
                                           ": Permission denied"));
  EXPECT_EQ(Read(path_), "old");
}

TEST_F(OutputFileTest, NamesWhatCannotBeWritten) {
  EXPECT_THAT(std::string(WriteAll(dir_.path() + "/no/file", "").message()),
              HasSubstr("/no/file: No such file or directory"));
  EXPECT_THAT(std::string(WriteAll(dir_.path(), "").message()),
              HasSubstr(": Is a directory"));
  EXPECT_THAT(NamesIn(dir_.path()), IsEmpty());
}

TEST_F(OutputFileTest, WritesWhereALinkLeads) {
  const std::string target = dir_.path() + "/target";
  fs::create_symlink("target", path_);
  ASSERT_OK(WriteAll(path_, "first"));
  {
    ASSERT_OK_AND_ASSIGN(const auto file, OutputFile::Open(path_));
    file->stream() << "never committed" << std::flush;
  }
  EXPECT_EQ(Read(target), "first");
  ASSERT_OK(WriteAll(path_, "new"));
  EXPECT_TRUE(fs::is_symlink(path_));
  EXPECT_EQ(Read(target), "new");
  EXPECT_THAT(NamesIn(dir_.path()), UnorderedElementsAre("file", "target"));
}

TEST_F(OutputFileTest, WritesIntoAPipe) {
  ASSERT_EQ(mkfifo(path_.c_str(), 0600), 0);
  std::string read;
  std::thread reader([&] { read = Read(path_); });
  EXPECT_OK(WriteAll(path_, "new"));
  reader.join();
  EXPECT_EQ(read, "new");
  EXPECT_TRUE(fs::is_fifo(path_));
}

TEST_F(OutputFileTest, ADiskThatIsFullIsAnError) {
  const absl::Status status = WriteAll("/dev/full", "new");
  EXPECT_THAT(std::string(status.message()), HasSubstr("is the disk full?"));
}

TEST_F(OutputFileTest, NamesMayBeAsLongAsTheyCanBe) {
  const std::string longest = dir_.path() + "/" + std::string(255, 'a');
  ASSERT_OK(WriteAll(longest, "new"));
  EXPECT_EQ(Read(longest), "new");
}

using OutputFileDeathTest = OutputFileTest;

TEST_F(OutputFileDeathTest, ASignalLeavesAllAsItWas) {
  // The process that is killed works on this one's directory.
  GTEST_FLAG_SET(death_test_style, "fast");
  Existing(0644);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    EXPECT_EXIT(
        {
          const auto file = OutputFile::Open(path_);
          (*file)->stream() << "new" << std::flush;
          kill(getpid(), signal);
          pause();
        },
        testing::KilledBySignal(signal), "");
    EXPECT_EQ(Read(path_), "old");
    EXPECT_THAT(NamesIn(dir_.path()), ElementsAre("file"));
  }
}

TEST_F(OutputFileTest, ASignalMayBeIgnored) {
  const auto before = std::signal(SIGHUP, SIG_IGN);
  ASSERT_OK_AND_ASSIGN(const auto file, OutputFile::Open(path_));
  kill(getpid(), SIGHUP);
  file->stream() << "new";
  EXPECT_OK(file->Commit());
  std::signal(SIGHUP, before);
  EXPECT_EQ(Read(path_), "new");
}

}  // namespace
}  // namespace twingraph::cli
