#include "storage/kv_rocks/family.h"

#include <string>

#include "absl/strings/escaping.h"
#include "gtest/gtest.h"

namespace twingraph::kv_rocks {
namespace {

TEST(FamilyTest, StoredFormIsFrozen) {
  EXPECT_EQ(absl::BytesToHexString(FamilyKey(5, "b1")), "056231");
  EXPECT_EQ(absl::BytesToHexString(StoredRow("v", 258)), "760201000000000000");
  EXPECT_STREQ(kFamilyNames[static_cast<size_t>(Family::kLog)], "log");
}

TEST(FamilyTest, ReadsBackWhatItStores) {
  const std::string stored = StoredRow("", 77);
  EXPECT_EQ(ValueIn(stored), "");
  EXPECT_EQ(RevisionIn(stored), 77U);
}

TEST(FamilyTest, KindOfDataDecides) {
  EXPECT_EQ(FamilyOf({.id = 1, .name = "a"}), Family::kPoints);
  EXPECT_EQ(FamilyOf({.id = 2, .name = "b", .prefix_length = 5}),
            Family::kPrefixed);
  EXPECT_EQ(FamilyOf({.id = 3, .name = "c", .churning = true}),
            Family::kChurning);
  EXPECT_EQ(FamilyOf({.id = kv::kHistorySpace, .name = "history"}),
            Family::kHistory);
}

TEST(FamilyTest, SpacesDoNotOverlap) {
  EXPECT_LT(FamilyKey(5, std::string(1024, '\xFF')), SpaceEnd(5));
  EXPECT_LE(SpaceEnd(5), FamilyKey(6, ""));
}

}  // namespace
}  // namespace twingraph::kv_rocks
