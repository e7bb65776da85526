#pragma once

// Tries something again and again until it works, in a thread of its own. Safe
// from any thread.

#include <functional>
#include <thread>

#include "absl/time/time.h"

#include "storage/base/mutex.h"

namespace twingraph {

class RetryThread {
 public:
  RetryThread() = default;

  ~RetryThread() { Stop(); }

  RetryThread(const RetryThread&) = delete;
  RetryThread& operator=(const RetryThread&) = delete;

  // Calls `attempt` until it returns true, and rests for `pause` between.
  // Where an attempt takes long, it rests longer: ten times as long, but never
  // longer than a minute. Called once.
  void Start(absl::Duration pause, std::function<bool()> attempt);

  // No attempt begins any more; waits for one that is under way.
  void Stop();

 private:
  void Run(absl::Duration pause, const std::function<bool()>& attempt);

  Mutex mutex_;
  CondVar wake_;
  bool is_stopped_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace twingraph
