#include "server/engine/lease_set.h"

#include "gtest/gtest.h"

#include "storage/commit/pin_set.h"
#include "tests/support/fake_clock.h"
#include "tests/support/status_matchers.h"

namespace twingraph::engine {
namespace {

class LeaseSetTest : public testing::Test {
 protected:
  void Renew(kv::Revision revision) {
    auto pin = pins_.Hold(revision);
    ASSERT_OK(pin);
    leases_.Renew(revision, *std::move(pin));
  }

  FakeClock clock_;
  commit::PinSet pins_{kv::Incarnation{}};
  LeaseSet leases_{clock_, absl::Seconds(60), /*limit=*/2};
};

TEST_F(LeaseSetTest, KeepsARevisionForItsTime) {
  Renew(5);
  EXPECT_EQ(pins_.MoveFloor(10), 5U);
  clock_.Advance(absl::Seconds(59));
  EXPECT_EQ(leases_.size(), 1U);
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(leases_.size(), 0U);
  EXPECT_EQ(pins_.MoveFloor(10), 10U);
}

TEST_F(LeaseSetTest, EachPageRenewsItsRevision) {
  Renew(5);
  clock_.Advance(absl::Seconds(40));
  Renew(5);
  clock_.Advance(absl::Seconds(40));
  EXPECT_EQ(leases_.size(), 1U);
  EXPECT_EQ(pins_.MoveFloor(10), 5U);
}

TEST_F(LeaseSetTest, TheOneRenewedLongestAgoMakesRoom) {
  Renew(5);
  clock_.Advance(absl::Seconds(1));
  Renew(6);
  clock_.Advance(absl::Seconds(1));
  Renew(5);
  Renew(7);
  EXPECT_EQ(leases_.size(), 2U);
  // 6 is gone, 5 and 7 are kept.
  EXPECT_EQ(pins_.MoveFloor(10), 5U);
}

}  // namespace
}  // namespace twingraph::engine
