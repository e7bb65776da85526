#pragma once

// The system's clock, which while it is closed stops whoever asks it on the
// threads of one executor: for tests of what goes on beside work that takes
// long. Safe from any thread.

#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include <pthread.h>

#include "storage/base/clock.h"
#include "storage/base/mutex.h"

namespace twingraph {

class GateClock final : public Clock {
 public:
  // `executor`: its name, of at most 15 characters.
  explicit GateClock(std::string executor) : executor_(std::move(executor)) {}

  absl::Time Now() const override {
    char name[16] = "";
    pthread_getname_np(pthread_self(), name, sizeof(name));
    if (name == executor_) {
      MutexLock lock(mutex_);
      ++stopped_;
      changed_.NotifyAll();
      while (is_closed_) {
        changed_.Wait(mutex_);
      }
      --stopped_;
    }
    return absl::Now();
  }

  void Close() { Set(/*is_closed=*/true); }

  void Open() { Set(/*is_closed=*/false); }

  // Waits until a thread is stopped; false where none is after a minute.
  bool WaitUntilStopped() const {
    const absl::Time late = absl::Now() + absl::Minutes(1);
    MutexLock lock(mutex_);
    while (stopped_ == 0 && absl::Now() < late) {
      changed_.WaitFor(mutex_, late - absl::Now());
    }
    return stopped_ > 0;
  }

 private:
  void Set(bool is_closed) {
    MutexLock lock(mutex_);
    is_closed_ = is_closed;
    changed_.NotifyAll();
  }

  const std::string executor_;
  mutable Mutex mutex_;
  mutable CondVar changed_;
  bool is_closed_ ABSL_GUARDED_BY(mutex_) = false;
  mutable int stopped_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace twingraph
