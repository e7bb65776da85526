#pragma once

// What a transaction gives to the committer, and how it learns of the outcome.
// Lives in the transaction's frame while it waits.

#include <atomic>
#include <coroutine>
#include <memory>
#include <optional>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "storage/base/context.h"
#include "storage/base/executor.h"
#include "storage/commit/running_transaction.h"

namespace twingraph::commit {

// Wakes one waiting thread. Shared, because the waker may still hold it when
// the thread has gone.
class Waiter {
 public:
  enum class Call : int {
    kNone,
    kLead,  // take the committer's role
    kDone,  // the outcome is there
  };

  // Waits for a call.
  Call Wait() {
    call_.wait(Call::kNone, std::memory_order_acquire);
    return call_.load(std::memory_order_acquire);
  }

  void Wake(Call call) {
    call_.store(call, std::memory_order_release);
    call_.notify_one();
  }

 private:
  std::atomic<Call> call_{Call::kNone};
};

// How to wake whoever waits for an outcome: a thread, or a coroutine that goes
// on on an executor.
struct Waiting {
  std::shared_ptr<Waiter> thread;
  Executor* executor = nullptr;
  std::coroutine_handle<> coroutine;

  // Says that the outcome is there.
  void Wake() const {
    if (thread != nullptr) {
      thread->Wake(Waiter::Call::kDone);
    } else {
      executor->Resume([resumed = coroutine] { resumed.resume(); });
    }
  }
};

struct Submission {
  using Function = absl::FunctionRef<absl::Status(RunningTransaction&)>;

  Submission(const Context& caller, RunningTransaction* ended_run,
             Function to_run)
      : ctx(caller), run(ended_run), function(to_run) {}

  const Context& ctx;
  // A run that has ended and wants to be committed; or, where it is null,
  // `function` is run by the committer.
  RunningTransaction* run = nullptr;
  Function function;
  // Goes on where the disk is full.
  bool frees_space = false;
  // Empty where repeating it is a request of its own.
  absl::string_view request_id = {};
  // The commit that `run` asks for; made again where it has been used up.
  std::optional<kv::Commit> commit;
  // About what it takes in a record; 0 where that is not known.
  size_t encoded_size = 0;

  // The outcome.
  enum class Outcome {
    kCommitted,
    kConflict,   // read something that changed: run again
    kFailed,     // see status
    kNoEffects,  // ran inside and wrote nothing
  };
  Outcome outcome = Outcome::kFailed;
  absl::Status status;
  kv::Revision revision = 0;
  absl::Time time;
  std::string result;

  // Set while it waits in the queue.
  Waiting waiting;
};

}  // namespace twingraph::commit
