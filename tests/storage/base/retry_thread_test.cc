#include "storage/base/retry_thread.h"

#include <atomic>

#include "absl/time/clock.h"
#include "gtest/gtest.h"

namespace twingraph {
namespace {

void WaitFor(const std::atomic<int>& count, int wanted) {
  const absl::Time deadline = absl::Now() + absl::Seconds(20);
  while (count < wanted && absl::Now() < deadline) {
    absl::SleepFor(absl::Milliseconds(1));
  }
}

TEST(RetryThreadTest, TriesUntilItWorks) {
  std::atomic<int> attempts{0};
  RetryThread thread;
  thread.Start(absl::Milliseconds(1), [&] { return ++attempts == 3; });
  WaitFor(attempts, 3);
  absl::SleepFor(absl::Milliseconds(20));
  EXPECT_EQ(attempts, 3);
}

TEST(RetryThreadTest, RestsLongerThanItTries) {
  std::atomic<int> attempts{0};
  RetryThread thread;
  const absl::Time begin = absl::Now();
  thread.Start(absl::Milliseconds(1), [&] {
    absl::SleepFor(absl::Milliseconds(20));
    return ++attempts == 3;
  });
  WaitFor(attempts, 3);
  EXPECT_GE(absl::Now() - begin, absl::Milliseconds(3 * 20 + 2 * 200));
}

TEST(RetryThreadTest, StopsAtOnceAndForGood) {
  std::atomic<int> attempts{0};
  RetryThread thread;
  thread.Start(absl::Hours(1), [&] { return ++attempts > 1; });
  WaitFor(attempts, 1);
  thread.Stop();
  EXPECT_EQ(attempts, 1);
}

}  // namespace
}  // namespace twingraph
