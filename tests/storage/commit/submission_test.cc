// How transactions wait for their commit: threads that block, tasks that keep
// none, and both at once.

#include "storage/commit/submission.h"

#include <atomic>
#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "storage/base/executor.h"
#include "storage/base/task.h"
#include "storage/commit/store.h"
#include "storage/kv/counter.h"
#include "tests/support/kv_engines.h"
#include "tests/support/read_and_write.h"
#include "tests/support/status_matchers.h"

namespace twingraph::commit {
namespace {

// Lets nobody past while it is shut, and counts who came.
class Gate final : public Follower {
 public:
  absl::Status Load(const Context& /*ctx*/, const Reader& /*reader*/) override {
    return absl::OkStatus();
  }

  void Apply(const GroupView& group) override {
    std::unique_lock<std::mutex> lock(mutex_);
    ++groups_;
    commits_ += group.record.commits.size();
    changed_.notify_all();
    changed_.wait(lock, [&] { return is_open_; });
  }

  void Shut() {
    const std::lock_guard<std::mutex> lock(mutex_);
    is_open_ = false;
    groups_ = 0;
    commits_ = 0;
  }

  void Open() {
    const std::lock_guard<std::mutex> lock(mutex_);
    is_open_ = true;
    changed_.notify_all();
  }

  void AwaitGroup() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [&] { return groups_ > 0; });
  }

  size_t groups() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return groups_;
  }

  size_t commits() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return commits_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_open_ = true;
  size_t groups_ = 0;
  size_t commits_ = 0;
};

class SubmissionTest : public ::testing::Test {
 protected:
  void SetUp() override {
    StoreOptions options;
    options.maintenance_interval = absl::ZeroDuration();
    ASSERT_OK_AND_ASSIGN(
        store_, Store::Open(ctx_, OpenTestEngine(EngineKind::kMemory, ""),
                            options, {&gate_}));
  }

  Task<bool> AddOne(std::string key, Executor* executor) {
    const auto add = [&](Transaction& tx) {
      return ReadAndWrite(ctx_, key, tx);
    };
    const TransactionOptions options;
    const auto info =
        co_await store_->StartTransaction(ctx_, options, add, executor);
    co_return info.ok();
  }

  // Starts `count` tasks on `executor`; each one's key is `key`, or its own.
  std::vector<std::future<bool>> StartMany(int count, absl::string_view key,
                                           Executor& executor) {
    std::vector<std::future<bool>> ended;
    for (int i = 0; i < count; ++i) {
      const std::string own =
          key.empty() ? absl::StrCat("own", i) : std::string(key);
      auto promise = std::make_shared<std::promise<bool>>();
      ended.push_back(promise->get_future());
      EXPECT_OK(executor.TrySubmit([this, own, promise, &executor] {
        Start(AddOne(own, &executor),
              [promise](bool is_ok) { promise->set_value(is_ok); });
      }));
    }
    return ended;
  }

  int64_t Number(absl::string_view key) {
    const auto row = store_->Newest()->Get(ctx_, kFacts, key);
    EXPECT_OK(row);
    return row.ok() && row->has_value() ? *kv::DecodeCounter((*row)->value) : 0;
  }

  Context ctx_;
  Gate gate_;
  std::unique_ptr<Store> store_;
};

TEST_F(SubmissionTest, TasksThatWaitKeepNoThreadAndFormOneGroup) {
  Executor executor("writes", 2, 1000);
  gate_.Shut();
  auto first = StartMany(1, "first", executor);
  gate_.AwaitGroup();
  // One thread commits and is held up; the other takes all of these.
  auto ended = StartMany(100, "", executor);
  while (executor.expected() < ended.size()) {
    std::this_thread::yield();
  }
  gate_.Open();
  EXPECT_TRUE(first[0].get());
  for (std::future<bool>& each : ended) {
    EXPECT_TRUE(each.get());
  }
  EXPECT_EQ(gate_.commits(), 101U);
  EXPECT_EQ(gate_.groups(), 2U);
}

TEST_F(SubmissionTest, TasksThatConflictAllGetThrough) {
  Executor executor("writes", 3, 10'000);
  for (std::future<bool>& each : StartMany(500, "hot", executor)) {
    EXPECT_TRUE(each.get());
  }
  EXPECT_EQ(Number("hot"), 500);
}

// Threads of the executor that block for their own commits may be all there
// are: then a role that waits for one of them would never be taken.
TEST_F(SubmissionTest, ThreadsOfTheExecutorMayBlockMeanwhile) {
  constexpr int kRounds = 200;
  Executor executor("writes", 2, 10'000);
  std::atomic<int> blocked{0};
  std::vector<std::future<bool>> ended;
  for (int round = 0; round < kRounds; ++round) {
    for (std::future<bool>& each : StartMany(2, "mixed", executor)) {
      ended.push_back(std::move(each));
    }
    ASSERT_OK(executor.TrySubmit(
        [&] { blocked += Wait(AddOne("mixed", nullptr)) ? 1 : 0; }));
  }
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < kRounds; ++n) {
        blocked += Wait(AddOne("mixed", nullptr)) ? 1 : 0;
      }
    });
  }
  for (std::future<bool>& each : ended) {
    EXPECT_TRUE(each.get());
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  executor.Shutdown();
  EXPECT_EQ(blocked.load(), 4 * kRounds);
  EXPECT_EQ(Number("mixed"), 6 * kRounds);
}

}  // namespace
}  // namespace twingraph::commit
