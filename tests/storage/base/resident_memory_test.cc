#include "storage/base/resident_memory.h"

#include <memory>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace twingraph {
namespace {

constexpr size_t kMegabyte = size_t{1} << 20;

// Takes 64 MB in small blocks and frees all but some between them; gives those.
std::vector<std::unique_ptr<char[]>> MakeHoles() {
  std::vector<std::unique_ptr<char[]>> all;
  for (size_t i = 0; i < 64 * kMegabyte / 8192; ++i) {
    all.push_back(std::make_unique<char[]>(8192 - 16));
  }
  std::vector<std::unique_ptr<char[]>> kept;
  for (size_t i = 0; i < all.size(); i += 16) {
    kept.push_back(std::move(all[i]));
  }
  return kept;
}

TEST(MemoryTrimmerTest, GivesBackWhatWasFreed) {
  const size_t before = ResidentBytes();
  ASSERT_GT(before, kMegabyte);
  const auto kept = MakeHoles();
  const MemoryTrimmer trimmer(before);
  const absl::Time end = absl::Now() + absl::Seconds(10);
  while (ResidentBytes() > before + 16 * kMegabyte && absl::Now() < end) {
    absl::SleepFor(absl::Milliseconds(10));
  }
  EXPECT_LT(ResidentBytes(), before + 16 * kMegabyte);
}

TEST(FreeMemoryTest, IsWhatTheProcessMayTake) {
  const size_t has = ResidentBytes();
  EXPECT_LT(FreeMemory(has + 200 * kMegabyte), 260 * kMegabyte);
  EXPECT_GT(FreeMemory(has + 200 * kMegabyte), 140 * kMegabyte);
  EXPECT_EQ(FreeMemory(kMegabyte), 0U);
}

TEST(MemoryTrimmerTest, EndsWithoutWaiting) {
  const absl::Time begin = absl::Now();
  for (int i = 0; i < 100; ++i) {
    const MemoryTrimmer trimmer(SIZE_MAX);
  }
  EXPECT_LT(absl::Now() - begin, absl::Seconds(4));
}

}  // namespace
}  // namespace twingraph
