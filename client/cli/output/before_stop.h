#pragma once

// Cleaning up where a signal ends the process.

#include <functional>
#include <thread>

#include <signal.h>

namespace twingraph::cli {

// While one lives, a signal that asks the process to stop (SIGINT, SIGTERM,
// SIGHUP, unless it is ignored) first runs a function, and then ends the
// process as it would have without. That holds for the thread that made it and
// for threads begun since; make it before the first of them.
class BeforeStop {
 public:
  // `clean_up` runs in a thread of its own, while all others go on.
  explicit BeforeStop(std::function<void()> clean_up);
  ~BeforeStop();
  BeforeStop(const BeforeStop&) = delete;
  BeforeStop& operator=(const BeforeStop&) = delete;

 private:
  void Wait();

  const std::function<void()> clean_up_;
  // What Wait takes, and the mask as it was.
  sigset_t awaited_;
  sigset_t before_;
  std::thread thread_;
};

}  // namespace twingraph::cli
