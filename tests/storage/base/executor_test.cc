#include "storage/base/executor.h"

#include <atomic>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include <pthread.h>

#include "tests/support/status_matchers.h"

namespace twingraph {
namespace {

// Keeps one worker busy from its construction until Open.
class Gate {
 public:
  explicit Gate(Executor& executor) {
    std::promise<void> entered;
    std::future<void> is_entered = entered.get_future();
    EXPECT_OK(executor.TrySubmit(
        [entered = std::move(entered), open = open_.get_future()]() mutable {
          entered.set_value();
          open.wait();
        }));
    is_entered.wait();
  }

  void Open() { open_.set_value(); }

 private:
  std::promise<void> open_;
};

TEST(ExecutorTest, RunsWhatItAdmits) {
  std::atomic<int> done = 0;
  {
    Executor executor("work", 3, 1000);
    for (int i = 0; i < 1000; ++i) {
      ASSERT_OK(executor.TrySubmit([&] { ++done; }));
    }
  }
  EXPECT_EQ(done, 1000);
}

TEST(ExecutorTest, OneWorkerKeepsTheOrder) {
  std::string order;
  Executor executor("work", 1, 10);
  for (const char c : {'a', 'b', 'c'}) {
    ASSERT_OK(executor.TrySubmit([&order, c] { order.push_back(c); }));
  }
  executor.Continue([&order] { order.push_back('d'); });
  executor.Shutdown();
  EXPECT_EQ(order, "abcd");
}

TEST(ExecutorTest, WhatIsResumedGoesBeforeWhatWaits) {
  std::string order;
  Executor executor("work", 1, 10);
  Gate gate(executor);
  ASSERT_OK(executor.TrySubmit([&order] { order.push_back('c'); }));
  executor.Continue([&order] { order.push_back('d'); });
  for (const char c : {'a', 'b'}) {
    executor.Expect();
    executor.Resume([&order, c] { order.push_back(c); });
  }
  gate.Open();
  executor.Shutdown();
  EXPECT_EQ(order, "abcd");
}

TEST(ExecutorTest, WorkThatWaitsElsewhereTakesAPlace) {
  Executor executor("writes", 1, 2);
  executor.Expect();
  executor.Expect();
  EXPECT_EQ(executor.expected(), 2U);
  EXPECT_THAT(executor.TrySubmit([] {}),
              IsError(absl::StatusCode::kResourceExhausted,
                      v1::ERROR_REASON_OVERLOADED));
  std::promise<void> resumed;
  executor.Resume([&] { resumed.set_value(); });
  resumed.get_future().wait();
  EXPECT_EQ(executor.expected(), 1U);
  EXPECT_OK(executor.TrySubmit([] {}));
  executor.Resume([] {});
}

TEST(ExecutorTest, RefusesAtOnceWhatDoesNotFit) {
  std::atomic<int> ran = 0;
  Executor executor("reads", 1, 2);
  Gate gate(executor);
  ASSERT_OK(executor.TrySubmit([&] { ++ran; }));
  ASSERT_OK(executor.TrySubmit([&] { ++ran; }));
  EXPECT_EQ(executor.queued(), 2U);

  const auto token = std::make_shared<int>(0);
  const absl::Status refused =
      executor.TrySubmit([token, &ran] { ran = *token + 100; });
  EXPECT_THAT(refused, IsError(absl::StatusCode::kResourceExhausted,
                               v1::ERROR_REASON_OVERLOADED));
  EXPECT_EQ(MetadataOf(refused, "queue"), "reads");
  EXPECT_GT(RetryDelayOf(refused), absl::ZeroDuration());
  EXPECT_EQ(token.use_count(), 1) << "refused work is kept";

  gate.Open();
  executor.Shutdown();
  EXPECT_EQ(ran, 2);
}

TEST(ExecutorTest, WhatWasAdmittedGoesOnPastTheLimit) {
  std::atomic<int> ran = 0;
  Executor executor("reads", 1, 1);
  Gate gate(executor);
  for (int i = 0; i < 5; ++i) {
    executor.Continue([&] { ++ran; });
  }
  EXPECT_EQ(executor.queued(), 5U);
  EXPECT_FALSE(executor.TrySubmit([] {}).ok());
  gate.Open();
  executor.Shutdown();
  EXPECT_EQ(ran, 5);
}

TEST(ExecutorTest, ShutdownRunsTheQueueAndRefusesNewWork) {
  std::atomic<int> ran = 0;
  Executor executor("writes", 2, 100);
  Gate first(executor);
  Gate second(executor);
  for (int i = 0; i < 50; ++i) {
    ASSERT_OK(executor.TrySubmit([&] {
      if (++ran == 1) {
        executor.Continue([&] { ++ran; });
      }
    }));
  }
  std::thread stopper([&] { executor.Shutdown(); });
  first.Open();
  second.Open();
  stopper.join();
  EXPECT_EQ(ran, 51);
  EXPECT_THAT(
      executor.TrySubmit([&] { ++ran; }),
      IsError(absl::StatusCode::kUnavailable, v1::ERROR_REASON_SHUTTING_DOWN));
  executor.Shutdown();
  EXPECT_EQ(ran, 51);
}

TEST(ExecutorTest, WorkersRunAtTheSameTime) {
  Executor executor("reads", 3, 10);
  // Each gate holds a worker, so all three could begin.
  std::vector<std::unique_ptr<Gate>> gates;
  for (int i = 0; i < 3; ++i) {
    gates.push_back(std::make_unique<Gate>(executor));
  }
  EXPECT_EQ(executor.queued(), 0U);
  for (const std::unique_ptr<Gate>& gate : gates) {
    gate->Open();
  }
}

TEST(ExecutorTest, NamesItsThreads) {
  Executor executor("a-name-longer-than-linux-shows", 1, 1);
  // The gate: its worker has begun, but its name may come a moment later.
  Gate gate(executor);
  std::promise<std::string> name;
  executor.Continue([&] {
    char buffer[16] = {};
    pthread_getname_np(pthread_self(), buffer, sizeof(buffer));
    name.set_value(buffer);
  });
  gate.Open();
  EXPECT_EQ(name.get_future().get(), "a-name-longer-t");
}

}  // namespace
}  // namespace twingraph
