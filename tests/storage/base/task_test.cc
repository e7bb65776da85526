#include "storage/base/task.h"

#include <coroutine>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "gtest/gtest.h"

#include "storage/base/executor.h"
#include "storage/base/status.h"
#include "storage/base/task_macros.h"
#include "tests/support/status_matchers.h"

namespace twingraph {
namespace {

// Goes on on a thread of `executor`.
struct MoveTo {
  Executor& executor;

  bool await_ready() const { return false; }

  void await_suspend(std::coroutine_handle<> coroutine) const {
    executor.Expect();
    executor.Resume([coroutine] { coroutine.resume(); });
  }

  void await_resume() const {}
};

Task<int> Number(int value) {
  co_return value;
}

Task<int> Sum(int count) {
  int sum = 0;
  for (int i = 1; i <= count; ++i) {
    sum += co_await Number(i);
  }
  co_return sum;
}

Task<std::unique_ptr<int>> Owned(int value) {
  co_return std::make_unique<int>(value);
}

TEST(TaskTest, GivesTheValueOfTheTasksItAwaits) {
  EXPECT_EQ(Wait(Sum(100)), 5050);
  EXPECT_EQ(*Wait(Owned(7)), 7);
}

TEST(TaskTest, DoesNothingUntilItIsAwaited) {
  bool ran = false;
  const auto work = [](bool& flag) -> Task<int> {
    flag = true;
    co_return 1;
  };
  {
    const Task<int> dropped = work(ran);
  }
  EXPECT_FALSE(ran);
  EXPECT_EQ(Wait(work(ran)), 1);
  EXPECT_TRUE(ran);
}

TEST(TaskTest, GoesOnWhereItWasResumed) {
  Executor executor("work", 1, 10);
  const auto threads =
      [](Executor& target) -> Task<std::vector<std::thread::id>> {
    std::vector<std::thread::id> seen = {std::this_thread::get_id()};
    co_await MoveTo{target};
    seen.push_back(std::this_thread::get_id());
    co_return seen;
  };
  const auto seen = Wait(threads(executor));
  EXPECT_EQ(seen[0], std::this_thread::get_id());
  EXPECT_NE(seen[1], std::this_thread::get_id());
}

TEST(TaskTest, ReleasesWhatItHeldBeforeWhoAwaitsGoesOn) {
  auto held = std::make_shared<int>(1);
  const auto hold = [](std::shared_ptr<int> given) -> Task<long> {
    const std::shared_ptr<int> local = std::move(given);
    co_return local.use_count();
  };
  EXPECT_EQ(Wait(hold(held)), 2);
  EXPECT_EQ(held.use_count(), 1);
}

absl::StatusOr<int> Positive(int value) {
  if (value <= 0) {
    return InvalidField("value", "not positive");
  }
  return value;
}

Task<absl::StatusOr<std::string>> Describe(int first, int second) {
  CO_RETURN_IF_ERROR(Positive(first).status());
  CO_ASSIGN_OR_RETURN(const int checked, Positive(second));
  co_return std::to_string(first + checked);
}

TEST(TaskTest, ErrorsEndIt) {
  EXPECT_EQ(*Wait(Describe(1, 2)), "3");
  EXPECT_THAT(Wait(Describe(0, 2)).status(),
              IsError(absl::StatusCode::kInvalidArgument,
                      v1::ERROR_REASON_INVALID_FIELD));
  EXPECT_THAT(Wait(Describe(1, -2)).status(),
              IsError(absl::StatusCode::kInvalidArgument,
                      v1::ERROR_REASON_INVALID_FIELD));
}

TEST(TaskTest, ManyThatWaitNeedNoThreadsOfTheirOwn) {
  Executor executor("work", 2, 10);
  std::vector<std::future<int>> values;
  for (int i = 0; i < 1000; ++i) {
    auto promise = std::make_shared<std::promise<int>>();
    values.push_back(promise->get_future());
    const auto hop = [](Executor& target, int value) -> Task<int> {
      co_await MoveTo{target};
      co_await MoveTo{target};
      co_return value;
    };
    Start(hop(executor, i),
          [promise](int value) { promise->set_value(value); });
  }
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(values[i].get(), i);
  }
}

}  // namespace
}  // namespace twingraph
