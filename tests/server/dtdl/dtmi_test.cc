#include "server/dtdl/dtmi.h"

#include "gtest/gtest.h"

namespace twingraph::dtdl {
namespace {

TEST(DtmiTest, ReadsPathAndVersion) {
  const auto dtmi = ParseDtmi("dtmi:demo:Room_2:a;12.3");
  ASSERT_TRUE(dtmi.has_value());
  EXPECT_EQ(dtmi->path, "dtmi:demo:Room_2:a");
  EXPECT_EQ(dtmi->version, (ModelVersion{12, 3}));
  EXPECT_TRUE(dtmi->has_minor);
  EXPECT_FALSE(dtmi->is_system);
  EXPECT_TRUE(ParseDtmi("dtmi:_a;1")->is_system);
  EXPECT_FALSE(ParseDtmi("dtmi:a")->has_version());
}

TEST(DtmiTest, VersionsAreOrdered) {
  EXPECT_LT(ModelVersion(), (ModelVersion{1, 0}));
  EXPECT_LT((ModelVersion{1, 9}), (ModelVersion{2, 0}));
  EXPECT_LT((ModelVersion{2, 0}), (ModelVersion{2, 1}));
  EXPECT_EQ(ParseDtmi("dtmi:a;2")->version, (ModelVersion{2, 0}));
}

class BadDtmiTest : public testing::TestWithParam<const char*> {};

TEST_P(BadDtmiTest, IsRefused) {
  EXPECT_FALSE(ParseDtmi(GetParam()).has_value());
}

INSTANTIATE_TEST_SUITE_P(Cases, BadDtmiTest,
                         testing::Values("", "dtmi", "dtmi:", "dtmi:a:;1",
                                         "dtmi::a;1", "dtmi:1a;1", "dtmi:a_;1",
                                         "dtmi:a;0", "dtmi:a;01", "dtmi:a;1.0",
                                         "dtmi:a;", "dtmi:a;1.", "dtmi:a b;1",
                                         "dtmi:a;1234567890", "DTMI:a;1",
                                         "dtmi:a;1#f", "dtmi:a;1.1234567"));

}  // namespace
}  // namespace twingraph::dtdl
