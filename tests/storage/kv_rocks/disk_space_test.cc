#include "storage/kv_rocks/disk_space.h"

#include "absl/time/clock.h"
#include "gtest/gtest.h"

#include "tests/support/faulty_disk.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace twingraph::kv_rocks {
namespace {

// What is known of the disk is at most this old.
constexpr absl::Duration kOld = absl::Milliseconds(120);

TEST(DiskSpaceTest, RefusesBelowTheReserveUntilThereIsAQuarterMore) {
  const TempDir dir;
  FaultyDisk disk;
  const DiskSpace space(*disk.env(), dir.path(), /*reserve_bytes=*/1000);

  struct Step {
    uint64_t free_bytes;
    bool is_writable;
  };

  for (const Step& step :
       {Step{1000, true}, Step{999, false}, Step{1249, false}, Step{1250, true},
        Step{1000, true}, Step{0, false}}) {
    disk.SetFreeBytes(step.free_bytes);
    absl::SleepFor(kOld);
    EXPECT_EQ(space.Check().ok(), step.is_writable) << step.free_bytes;
  }
  const absl::Status full = space.Check();
  EXPECT_THAT(full, IsError(absl::StatusCode::kResourceExhausted,
                            v1::ERROR_REASON_STORE_FULL));
  EXPECT_EQ(full.message(),
            "the disk of the store is full: 0 bytes are free, and writes come "
            "back with 1250 (--disk-reserve and a quarter more); make room");
  EXPECT_EQ(MetadataOf(full, "free_bytes"), "0");
  EXPECT_EQ(MetadataOf(full, "needed_bytes"), "1250");
}

TEST(DiskSpaceTest, AsksTheDiskAFewTimesASecond) {
  const TempDir dir;
  FaultyDisk disk;
  const DiskSpace space(*disk.env(), dir.path(), /*reserve_bytes=*/1000);
  EXPECT_OK(space.Check());
  disk.SetFreeBytes(0);
  EXPECT_OK(space.Check());
}

TEST(DiskSpaceTest, RefusesNothingWithoutAReserve) {
  const TempDir dir;
  FaultyDisk disk;
  disk.SetFreeBytes(0);
  EXPECT_OK(DiskSpace(*disk.env(), dir.path(), 0).Check());
}

}  // namespace
}  // namespace twingraph::kv_rocks
