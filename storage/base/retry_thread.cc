#include "storage/base/retry_thread.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"

namespace twingraph {
namespace {

constexpr int kRestsPerAttempt = 10;
constexpr absl::Duration kLongestRest = absl::Minutes(1);

}  // namespace

void RetryThread::Start(absl::Duration pause, std::function<bool()> attempt) {
  thread_ = std::thread(
      [this, pause, attempt = std::move(attempt)] { Run(pause, attempt); });
}

void RetryThread::Run(absl::Duration pause,
                      const std::function<bool()>& attempt) {
  absl::Time next = absl::InfinitePast();
  MutexLock lock(mutex_);
  while (!is_stopped_) {
    const absl::Time begin = absl::Now();
    if (begin < next) {
      wake_.WaitFor(mutex_, next - begin);
      continue;
    }
    mutex_.Unlock();
    const bool is_done = attempt();
    const absl::Time end = absl::Now();
    next = end + std::max(pause, std::min(kRestsPerAttempt * (end - begin),
                                          kLongestRest));
    mutex_.Lock();
    if (is_done) {
      return;
    }
  }
}

void RetryThread::Stop() {
  {
    MutexLock lock(mutex_);
    is_stopped_ = true;
  }
  wake_.NotifyAll();
  if (thread_.joinable()) {
    thread_.join();
  }
}

}  // namespace twingraph
