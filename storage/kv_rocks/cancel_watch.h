#pragma once

// Turns the end of a context into a flag, for work of RocksDB that looks at
// nothing else. Covered by tests/storage/kv_rocks/store_test.cc.

#include <atomic>
#include <thread>

#include "absl/time/time.h"

#include "storage/base/context.h"
#include "storage/base/mutex.h"

namespace twingraph::kv_rocks {

class CancelWatch {
 public:
  // Sets `flag` soon after `ctx` has ended, until this object is gone. Both
  // outlive it.
  CancelWatch(const Context& ctx, std::atomic<bool>& flag)
      : thread_([this, &ctx, &flag] { Run(ctx, flag); }) {}

  ~CancelWatch() {
    {
      MutexLock lock(mutex_);
      is_done_ = true;
    }
    wake_.NotifyAll();
    thread_.join();
  }

  CancelWatch(const CancelWatch&) = delete;
  CancelWatch& operator=(const CancelWatch&) = delete;

 private:
  void Run(const Context& ctx, std::atomic<bool>& flag) {
    MutexLock lock(mutex_);
    while (!is_done_ && ctx.Check().ok()) {
      wake_.WaitFor(mutex_, absl::Milliseconds(50));
    }
    flag.store(!is_done_);
  }

  Mutex mutex_;
  CondVar wake_;
  bool is_done_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace twingraph::kv_rocks
