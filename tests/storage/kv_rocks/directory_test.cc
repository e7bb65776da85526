#include "storage/kv_rocks/directory.h"

#include <filesystem>
#include <fstream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"
#include "tests/support/unprivileged.h"

namespace twingraph::kv_rocks {
namespace {

void Write(const std::string& path, const std::string& text) {
  std::ofstream(path) << text;
}

TEST(StoreDirectoryTest, IsMadeWithItsParentsAndEmpty) {
  const TempDir dir;
  ASSERT_OK_AND_ASSIGN(const auto made,
                       StoreDirectory::Open(dir.path() + "/a/b"));
  EXPECT_EQ(made->opened_as(), kv::OpenedAs::kEmpty);
}

TEST(StoreDirectoryTest, HasOneOwnerAtATime) {
  const TempDir dir;
  {
    ASSERT_OK_AND_ASSIGN(const auto first, StoreDirectory::Open(dir.path()));
    EXPECT_THAT(StoreDirectory::Open(dir.path()),
                IsError(absl::StatusCode::kFailedPrecondition,
                        v1::ERROR_REASON_STORE_UNAVAILABLE));
  }
  EXPECT_OK(StoreDirectory::Open(dir.path()));
}

TEST(StoreDirectoryTest, RefusesANewerFormatAndNamesBoth) {
  const TempDir dir;
  Write(dir.path() + "/FORMAT", "999\n");
  const auto opened = StoreDirectory::Open(dir.path());
  EXPECT_THAT(opened, IsError(absl::StatusCode::kFailedPrecondition,
                              v1::ERROR_REASON_STORE_FORMAT_TOO_NEW));
  EXPECT_EQ(MetadataOf(opened.status(), "format"), "999");
  EXPECT_EQ(MetadataOf(opened.status(), "newest_known"),
            std::to_string(kFormat));
}

TEST(StoreDirectoryTest, RefusesADamagedFormatAndAForeignDatabase) {
  const TempDir damaged;
  Write(damaged.path() + "/FORMAT", "x");
  EXPECT_THAT(
      StoreDirectory::Open(damaged.path()),
      IsError(absl::StatusCode::kDataLoss, v1::ERROR_REASON_STORE_CORRUPT));
  const TempDir foreign;
  Write(foreign.path() + "/CURRENT", "MANIFEST-000001\n");
  EXPECT_THAT(StoreDirectory::Open(foreign.path()),
              IsError(absl::StatusCode::kFailedPrecondition,
                      v1::ERROR_REASON_STORE_UNAVAILABLE));
}

TEST(StoreDirectoryTest, KnowsHowItWasLeft) {
  const TempDir dir;
  const auto opened_as = [&dir] {
    return (*StoreDirectory::Open(dir.path()))->opened_as();
  };
  ASSERT_OK(StoreDirectory::Open(dir.path()));
  Write(dir.path() + "/CURRENT", "MANIFEST-000001\n");
  Write(dir.path() + "/MANIFEST-000001", "x");
  EXPECT_EQ(opened_as(), kv::OpenedAs::kUnclean);
  ASSERT_OK((*StoreDirectory::Open(dir.path()))->MarkClean());
  EXPECT_EQ(opened_as(), kv::OpenedAs::kClean);
  // The mark stays until somebody writes.
  EXPECT_EQ(opened_as(), kv::OpenedAs::kClean);
  ASSERT_OK((*StoreDirectory::Open(dir.path()))->TakeCleanMark());
  EXPECT_EQ(opened_as(), kv::OpenedAs::kUnclean);
  ASSERT_OK(StoreDirectory::MarkCopy(dir.path()));
  EXPECT_EQ(opened_as(), kv::OpenedAs::kCopy);
  ASSERT_OK((*StoreDirectory::Open(dir.path()))->ForgetCopy());
  EXPECT_EQ(opened_as(), kv::OpenedAs::kUnclean);
}

TEST(StoreDirectoryTest, RefusesWhileARestoreIsCutOff) {
  const TempDir dir;
  const std::string path = dir.path() + "/store";
  std::filesystem::create_directory(path + ".restoring");
  const auto opened = StoreDirectory::Open(path);
  EXPECT_THAT(opened, IsError(absl::StatusCode::kFailedPrecondition,
                              v1::ERROR_REASON_STORE_UNAVAILABLE));
  EXPECT_THAT(std::string(opened.status().message()),
              ::testing::HasSubstr(path + ".restoring"));
  EXPECT_FALSE(std::filesystem::exists(path));
  std::filesystem::remove(path + ".restoring");
  EXPECT_OK(StoreDirectory::Open(path));
}

TEST(StoreDirectoryTest, WhatCannotBeReadIsNoDamage) {
  const TempDir dir;
  ASSERT_OK(StoreDirectory::Open(dir.path()));
  Write(dir.path() + "/CURRENT", "MANIFEST-000001\n");
  Write(dir.path() + "/MANIFEST-000001", "x");
  Write(dir.path() + "/000007.sst", "x");
  Write(dir.path() + "/000009.log", "x");
  ASSERT_OK((*StoreDirectory::Open(dir.path()))->MarkClean());
  std::filesystem::permissions(dir.path(), std::filesystem::perms(0777));
  for (const char* name : {"OWNER", "FORMAT"}) {
    std::filesystem::permissions(dir.path() + "/" + name,
                                 std::filesystem::perms(0666));
  }
  for (const char* name : {"FORMAT", "CURRENT", "MANIFEST-000001", "000007.sst",
                           "000009.log", "CLEAN"}) {
    const std::string path = dir.path() + "/" + name;
    const auto before = std::filesystem::status(path).permissions();
    std::filesystem::permissions(path, std::filesystem::perms::none);
    {
      const Unprivileged user;
      const auto opened = StoreDirectory::Open(dir.path());
      EXPECT_THAT(opened, IsError(absl::StatusCode::kUnavailable,
                                  v1::ERROR_REASON_STORE_UNAVAILABLE));
      EXPECT_THAT(
          std::string(opened.status().message()),
          ::testing::HasSubstr("cannot read " + path + ": permission denied"));
    }
    std::filesystem::permissions(path, before);
  }
  // None of them took the mark away.
  EXPECT_EQ((*StoreDirectory::Open(dir.path()))->opened_as(),
            kv::OpenedAs::kClean);
}

}  // namespace
}  // namespace twingraph::kv_rocks
