#include "client/cli/output/count.h"

#include "gtest/gtest.h"

namespace twingraph::cli {
namespace {

TEST(CountTest, SaysOneOrMany) {
  EXPECT_EQ(Count(0, "model"), "0 models");
  EXPECT_EQ(Count(1, "model"), "1 model");
  EXPECT_EQ(Count(2, "model"), "2 models");
}

}  // namespace
}  // namespace twingraph::cli
