#pragma once

// A bounded pool of worker threads: the server's admission control. Work that
// does not fit into the queue is refused at once, never queued for ever.

#include <cstddef>
#include <deque>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "storage/base/mutex.h"

namespace twingraph {

// Safe from any thread. The destructor runs what was admitted, then joins.
class Executor {
 public:
  using Work = absl::AnyInvocable<void()>;

  // Starts `threads` workers named after `name`; at most `queue_limit` pieces
  // of work wait. REQUIRES: both at least 1.
  Executor(absl::string_view name, size_t threads, size_t queue_limit);
  ~Executor();
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  // Queues new work.
  // Errors: RESOURCE_EXHAUSTED / OVERLOADED when the queue is full;
  // UNAVAILABLE / SHUTTING_DOWN after Shutdown. The work is then not run.
  absl::Status TrySubmit(Work work);

  // Queues the next step of work that was admitted before: not subject to the
  // limit. After Shutdown it still runs, as long as workers are alive.
  void Continue(Work work);

  // Counts a piece of work that leaves its worker to wait for something else:
  // until it is resumed it takes a place of the queue.
  void Expect();

  // Queues the rest of such a piece, before all that waits.
  void Resume(Work work);

  // Refuses new work, runs what is queued and joins the workers. Idempotent.
  // REQUIRES: not called from a worker.
  void Shutdown();

  // Pieces of work that wait for a worker now.
  size_t queued() const;

  // Pieces of work that wait for something else now.
  size_t expected() const;

 private:
  void Run();
  // The piece of work that is next; empty when the pool ends.
  Work Next();

  const std::string name_;
  const size_t queue_limit_;
  mutable Mutex mutex_;
  CondVar wake_;
  std::deque<Work> queue_ ABSL_GUARDED_BY(mutex_);
  std::deque<Work> resumed_ ABSL_GUARDED_BY(mutex_);
  size_t expected_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> workers_;
};

}  // namespace twingraph
