#pragma once

// What a piece of work must know of its caller: until when, whether it was
// given up, who asks and under which request id. First parameter of everything
// that can block. Cheap to copy; copies share one cancellation. Safe from any
// thread.

#include <atomic>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace twingraph {

// Who caused a piece of work, as the log of changes keeps it.
struct Origin {
  // The principal, "anonymous" while nobody authenticates.
  std::string actor = "anonymous";
  // What kind of work: "user", "device", "rule", "import", "system".
  std::string kind = "user";
  // Id of the call, for logs and error reports.
  std::string request_id;
  // W3C traceparent of the caller; may be empty.
  std::string trace_parent;
};

class Context {
 public:
  // No deadline, never cancelled.
  Context();
  Context(absl::Time deadline, Origin origin);

  absl::Time deadline() const { return deadline_; }

  const Origin& origin() const { return *origin_; }

  // Ends the work of this context and its copies at their next check.
  void Cancel() { cancelled_->store(true, std::memory_order_relaxed); }

  bool is_cancelled() const {
    return cancelled_->load(std::memory_order_relaxed);
  }

  // OK while the work should go on. Reads the clock: call it every 64 rows, not
  // on each.
  // Errors: CANCELLED or DEADLINE_EXCEEDED, both with CALL_ENDED.
  absl::Status Check() const;

 private:
  absl::Time deadline_;
  std::shared_ptr<const Origin> origin_;
  std::shared_ptr<std::atomic<bool>> cancelled_;
};

}  // namespace twingraph
