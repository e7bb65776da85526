// Covered by tests/client/cli/output/output_file_test.cc.

#include "client/cli/output/before_stop.h"

#include <csignal>
#include <utility>

#include <pthread.h>

namespace twingraph::cli {
namespace {

// Tells the waiting thread that there is nothing more to wait for.
int WakeSignal() {
  return SIGRTMIN;
}

bool IsIgnored(int signal) {
  struct sigaction action;
  return sigaction(signal, nullptr, &action) == 0 &&
         action.sa_handler == SIG_IGN;
}

sigset_t AwaitedSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, WakeSignal());
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    if (!IsIgnored(signal)) {
      sigaddset(&signals, signal);
    }
  }
  return signals;
}

}  // namespace

BeforeStop::BeforeStop(std::function<void()> clean_up)
    : clean_up_(std::move(clean_up)), awaited_(AwaitedSignals()) {
  pthread_sigmask(SIG_BLOCK, &awaited_, &before_);
  thread_ = std::thread([this] { Wait(); });
}

BeforeStop::~BeforeStop() {
  pthread_kill(thread_.native_handle(), WakeSignal());
  thread_.join();
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

void BeforeStop::Wait() {
  int signal = 0;
  sigwait(&awaited_, &signal);
  if (signal == WakeSignal()) {
    return;
  }
  clean_up_();
  pthread_sigmask(SIG_UNBLOCK, &awaited_, nullptr);
  raise(signal);
}

}  // namespace twingraph::cli
