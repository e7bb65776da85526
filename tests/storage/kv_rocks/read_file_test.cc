#include "storage/kv_rocks/read_file.h"

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

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

// What the system does not even look at.
class BadPathTest : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    fs::create_symlink("loop", dir_.path() + "/loop");
    std::ofstream(dir_.path() + "/file") << "x";
  }

  const TempDir dir_;
  const std::string path_ = dir_.path() + "/" + GetParam();
};

TEST_P(BadPathTest, IsRefusedByNameAndThrowsNothing) {
  const auto refused = IsError(absl::StatusCode::kUnavailable,
                               v1::ERROR_REASON_STORE_UNAVAILABLE);
  for (const absl::Status& status :
       {Exists(path_).status(), ReadFile(path_).status(),
        NamesIn(path_).status(), CheckReadable(path_)}) {
    EXPECT_THAT(status, refused);
    EXPECT_THAT(std::string(status.message()), HasSubstr(path_ + ": "));
  }
}

INSTANTIATE_TEST_SUITE_P(Paths, BadPathTest,
                         ::testing::Values(std::string(300, 'n'), "loop",
                                           "file/below"));

TEST(ReadFileTest, ReadsWhatIsThereAndSaysWhatIsNot) {
  const TempDir dir;
  const std::string content(100'000, 'c');
  std::ofstream(dir.path() + "/file") << content;
  EXPECT_EQ(*ReadFile(dir.path() + "/file"), content);
  EXPECT_EQ(*ReadFile(dir.path() + "/none"), std::nullopt);
  EXPECT_THAT(ReadFile(dir.path()), IsError(absl::StatusCode::kDataLoss,
                                            v1::ERROR_REASON_STORE_CORRUPT));
  EXPECT_TRUE(*Exists(dir.path() + "/file"));
  EXPECT_FALSE(*Exists(dir.path() + "/none"));
  fs::create_directory(dir.path() + "/folder");
  EXPECT_THAT(*NamesIn(dir.path()), UnorderedElementsAre("file", "folder"));
  EXPECT_TRUE(NamesIn(dir.path() + "/none")->empty());
}

TEST(ReadFileTest, SaysThatPermissionIsMissing) {
  const TempDir dir;
  const std::string path = dir.path() + "/file";
  std::ofstream(path) << "x";
  fs::permissions(path, fs::perms::none);
  fs::permissions(dir.path(), fs::perms(0755));
  const Unprivileged user;
  for (const absl::Status& status :
       {ReadFile(path).status(), CheckReadable(path)}) {
    EXPECT_THAT(std::string(status.message()),
                HasSubstr("cannot read " + path + ": permission denied"));
  }
}

}  // namespace
}  // namespace twingraph::kv_rocks
