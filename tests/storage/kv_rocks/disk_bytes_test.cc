#include "storage/kv_rocks/disk_bytes.h"

#include <filesystem>
#include <fstream>
#include <string>

#include "gtest/gtest.h"
#include <fcntl.h>
#include <unistd.h>

#include "tests/support/temp_dir.h"

namespace twingraph::kv_rocks {
namespace {

constexpr size_t kMegabyte = size_t{1} << 20;
// Of the file system, for each file.
constexpr size_t kSlack = size_t{16} << 10;

TEST(DiskBytesTest, CountsWhatFilesHoldAtAnyDepth) {
  const TempDir dir;
  EXPECT_EQ(DiskBytesOf(dir.path()), 0U);
  std::filesystem::create_directory(dir.path() + "/below");
  std::ofstream(dir.path() + "/a") << std::string(kMegabyte, 'a');
  std::ofstream(dir.path() + "/below/b") << std::string(2 * kMegabyte, 'b');
  std::filesystem::create_symlink("a", dir.path() + "/link");
  EXPECT_GE(DiskBytesOf(dir.path()), 3 * kMegabyte);
  EXPECT_LE(DiskBytesOf(dir.path()), 3 * kMegabyte + 2 * kSlack);
}

TEST(DiskBytesTest, CountsWhatIsReservedAndNoHoles) {
  const TempDir dir;
  const std::string path = dir.path() + "/a";
  const int file = open(path.c_str(), O_CREAT | O_WRONLY, 0600);
  ASSERT_GE(file, 0);
  ASSERT_EQ(ftruncate(file, 8 * kMegabyte), 0);
  EXPECT_LE(DiskBytesOf(dir.path()), kSlack);
  if (fallocate(file, FALLOC_FL_KEEP_SIZE, 0, kMegabyte) == 0) {
    EXPECT_GE(DiskBytesOf(dir.path()), kMegabyte);
  }
  close(file);
}

TEST(DiskBytesTest, WhatIsNotThereTakesNothing) {
  EXPECT_EQ(DiskBytesOf("/nowhere/at/all"), 0U);
}

}  // namespace
}  // namespace twingraph::kv_rocks
