#include "storage/kv_rocks/directory.h"

#include <filesystem>
#include <fstream>
#include <string>

#include "gtest/gtest.h"

#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

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
  EXPECT_EQ(opened_as(), kv::OpenedAs::kUnclean);
  ASSERT_OK((*StoreDirectory::Open(dir.path()))->MarkClean());
  EXPECT_EQ(opened_as(), kv::OpenedAs::kClean);
  // The mark was taken away when it was read.
  EXPECT_EQ(opened_as(), kv::OpenedAs::kUnclean);
  ASSERT_OK(StoreDirectory::MarkCopy(dir.path()));
  EXPECT_EQ(opened_as(), kv::OpenedAs::kCopy);
  ASSERT_OK((*StoreDirectory::Open(dir.path()))->ForgetCopy());
  EXPECT_EQ(opened_as(), kv::OpenedAs::kUnclean);
}

}  // namespace
}  // namespace twingraph::kv_rocks
