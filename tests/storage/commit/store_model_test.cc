// A store against a model of it, under random operations: writes, reads at old
// revisions in every way, pins, repeated requests, trims and retention under a
// clock that is set, flushes, compactions and reopening.

#include "tests/support/store_model.h"

#include "gtest/gtest.h"

#include "tests/support/kv_engines.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace twingraph {
namespace {

class StoreModelTest : public ::testing::TestWithParam<EngineKind> {};

INSTANTIATE_TEST_SUITE_P(Engines, StoreModelTest,
                         ::testing::Values(EngineKind::kMemory,
                                           EngineKind::kRocks),
                         EngineName);

TEST_P(StoreModelTest, AgreesWithTheModel) {
  for (const uint64_t seed : {1, 2, 3}) {
    const TempDir dir;
    StoreModel model({.seed = seed,
                      .engine = GetParam(),
                      .directory = dir.path() + "/store"});
    ASSERT_OK(model.Run(2000));
  }
}

}  // namespace
}  // namespace twingraph
