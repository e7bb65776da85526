#include "storage/base/executor.h"

#include <utility>

#include <pthread.h>

#include "storage/base/status.h"

namespace twingraph {

Executor::Executor(absl::string_view name, size_t threads, size_t queue_limit)
    : name_(name), queue_limit_(queue_limit) {
  workers_.reserve(threads);
  for (size_t i = 0; i < threads; ++i) {
    workers_.emplace_back([this] { Run(); });
    // Linux shows at most 15 characters of a thread's name.
    pthread_setname_np(workers_.back().native_handle(),
                       name_.substr(0, 15).c_str());
  }
}

Executor::~Executor() {
  Shutdown();
}

absl::Status Executor::TrySubmit(Work work) {
  {
    MutexLock lock(mutex_);
    if (stopping_) {
      return MakeError(absl::StatusCode::kUnavailable,
                       v1::ERROR_REASON_SHUTTING_DOWN,
                       "the server is stopping");
    }
    if (queue_.size() + expected_ >= queue_limit_) {
      return Overloaded(name_, absl::Milliseconds(100));
    }
    queue_.push_back(std::move(work));
  }
  wake_.NotifyOne();
  return absl::OkStatus();
}

void Executor::Continue(Work work) {
  {
    MutexLock lock(mutex_);
    queue_.push_back(std::move(work));
  }
  wake_.NotifyOne();
}

void Executor::Expect() {
  MutexLock lock(mutex_);
  ++expected_;
}

void Executor::Resume(Work work) {
  {
    MutexLock lock(mutex_);
    --expected_;
    resumed_.push_back(std::move(work));
  }
  wake_.NotifyOne();
}

void Executor::Shutdown() {
  {
    MutexLock lock(mutex_);
    stopping_ = true;
  }
  wake_.NotifyAll();
  for (std::thread& worker : workers_) {
    if (worker.joinable()) {
      worker.join();
    }
  }
}

size_t Executor::queued() const {
  MutexLock lock(mutex_);
  return queue_.size();
}

size_t Executor::expected() const {
  MutexLock lock(mutex_);
  return expected_;
}

void Executor::Run() {
  while (Work work = Next()) {
    work();
  }
}

Executor::Work Executor::Next() {
  MutexLock lock(mutex_);
  while (queue_.empty() && resumed_.empty() && !stopping_) {
    wake_.Wait(mutex_);
  }
  std::deque<Work>& queue = resumed_.empty() ? queue_ : resumed_;
  if (queue.empty()) {
    return {};
  }
  Work work = std::move(queue.front());
  queue.pop_front();
  return work;
}

}  // namespace twingraph
