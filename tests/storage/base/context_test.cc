#include "storage/base/context.h"

#include "absl/time/clock.h"
#include "gtest/gtest.h"

#include "tests/support/status_matchers.h"

namespace twingraph {
namespace {

constexpr auto kCancelled = absl::StatusCode::kCancelled;
constexpr auto kTooLate = absl::StatusCode::kDeadlineExceeded;

TEST(ContextTest, GoesOnForEverByDefault) {
  const Context ctx;
  EXPECT_OK(ctx.Check());
  EXPECT_EQ(ctx.deadline(), absl::InfiniteFuture());
  EXPECT_EQ(ctx.origin().actor, "anonymous");
  EXPECT_EQ(ctx.origin().kind, "user");
}

TEST(ContextTest, EndsAtItsDeadline) {
  const Context late(absl::Now() - absl::Seconds(1), Origin());
  EXPECT_THAT(late.Check(), IsError(kTooLate, v1::ERROR_REASON_CALL_ENDED));
  EXPECT_FALSE(late.is_cancelled());
  const Context early(absl::Now() + absl::Hours(1), Origin());
  EXPECT_OK(early.Check());
}

TEST(ContextTest, CopiesShareOneCancellation) {
  Context ctx;
  const Context copy = ctx;
  const Context other;
  EXPECT_OK(copy.Check());
  ctx.Cancel();
  EXPECT_THAT(copy.Check(), IsError(kCancelled, v1::ERROR_REASON_CALL_ENDED));
  EXPECT_TRUE(copy.is_cancelled());
  EXPECT_OK(other.Check());
}

TEST(ContextTest, ACallerWhoGaveUpIsNoMatterOfTime) {
  Context late(absl::InfinitePast(), Origin());
  late.Cancel();
  EXPECT_EQ(late.Check().code(), kCancelled);
}

TEST(ContextTest, CarriesWhoAsked) {
  Context ctx(absl::InfiniteFuture(), {.actor = "meter 7",
                                       .kind = "device",
                                       .request_id = "r-1",
                                       .trace_parent = "00-ab-cd-01"});
  const Context copy = ctx;
  EXPECT_EQ(copy.origin().actor, "meter 7");
  EXPECT_EQ(copy.origin().kind, "device");
  EXPECT_EQ(copy.origin().request_id, "r-1");
  EXPECT_EQ(copy.origin().trace_parent, "00-ab-cd-01");
  EXPECT_EQ(&copy.origin(), &ctx.origin());  // cheap to copy
}

}  // namespace
}  // namespace twingraph
