// The stored form of a backup's list of files and of its mark.
#include "storage/kv_rocks/backup_manifest.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace twingraph::kv_rocks {
namespace {

// Golden: stored.
constexpr char kText[] =
    "schema_version 2.0\n1700000000\n4711\n2\n"
    "shared_checksum/000008_sXYZ_1234.sst crc32 99 size 1234\n"
    "private/3/CURRENT crc32 7 size 16\n";
constexpr char kMark[] = "12 5 798a23077241b0c1\n";

BackupManifest Manifest() {
  return {.time = absl::FromUnixSeconds(1700000000),
          .sequence = 4711,
          .files = {{.path = "shared_checksum/000008_sXYZ_1234.sst",
                     .crc32c = 99,
                     .bytes = 1234},
                    {.path = "private/3/CURRENT", .crc32c = 7, .bytes = 16}}};
}

TEST(BackupManifestTest, IsWrittenAsRocksDbReadsIt) {
  EXPECT_EQ(FormatManifest(Manifest()), kText);
}

TEST(BackupManifestTest, IsReadAsItWasWritten) {
  const auto read = ParseManifest(kText, 3);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(FormatManifest(*read), kText);
  EXPECT_TRUE(read->files[0].is_shared());
  EXPECT_EQ(read->files[0].store_name(), "000008.sst");
  EXPECT_FALSE(read->files[1].is_shared());
  EXPECT_EQ(read->files[1].store_name(), "CURRENT");
}

TEST(BackupManifestTest, ListsOfTheFirstBuildsHaveNoSizes) {
  const auto read =
      ParseManifest("1700000000\n4711\n1\nprivate/3/CURRENT crc32 7\n", 3);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->files[0].bytes, std::nullopt);
  EXPECT_EQ(read->files[0].crc32c, 7U);
}

TEST(BackupManifestTest, RefusesWhatNobodyWrites) {
  const std::string head = "1\n2\n1\n";
  for (const std::string& text : {
           std::string(),
           std::string("?"),
           std::string("1\n2\n"),
           head,
           std::string("1\n2\n2\nprivate/3/CURRENT crc32 7\n"),
           head + "private/3/CURRENT crc32 7",         // no end of the line
           head + "private/4/CURRENT crc32 7\n",       // of another backup
           head + "private/3/../4/CURRENT crc32 7\n",  // likewise
           head + "shared_checksum/.. crc32 7\n",
           head + "/etc/passwd crc32 7\n",
           head + "private/3/CURRENT crc32 4294967296\n",
           head + "private/3/CURRENT crc32\n",
           head + "private/3/CURRENT sum 7\n",
           head + "private/3/CURRENT crc32 7 size\n",
           head + "private/3/CURRENT crc32 7 size x\n",
           head + "private/3/CURRENT crc32 7 temp 1\n",
       }) {
    EXPECT_FALSE(ParseManifest(text, 3).has_value()) << text;
  }
}

TEST(BackupManifestTest, AMarkSealsNumbersAndList) {
  const std::string mark = FormatMark({.revision = 12, .epoch = 5}, kText);
  EXPECT_EQ(mark, kMark);
  const auto place = ParseMark(mark, kText);
  ASSERT_TRUE(place.has_value());
  EXPECT_EQ(place->revision, 12U);
  EXPECT_EQ(place->epoch, 5U);
  EXPECT_FALSE(ParseMark(mark, absl::StrCat(kText, " ")).has_value());
  // Every bit of it counts, apart from the end of the line.
  for (size_t at = 0; at + 1 < mark.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string changed = mark;
      changed[at] = static_cast<char>(changed[at] ^ 1 << bit);
      EXPECT_FALSE(ParseMark(changed, kText).has_value()) << changed;
    }
  }
}

TEST(BackupManifestTest, MarksOfTheFirstBuildsAreTaken) {
  const auto place = ParseMark("12 5\n", "whatever");
  ASSERT_TRUE(place.has_value());
  EXPECT_EQ(place->epoch, 5U);
  for (const char* text : {"", "?", "12", "12 x", "12 5 6 7", "x 5"}) {
    EXPECT_FALSE(ParseMark(text, kText).has_value()) << text;
  }
}

}  // namespace
}  // namespace twingraph::kv_rocks
