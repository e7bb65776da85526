#pragma once

// The published head: feeds the followers with each applied group, in order,
// then swaps the head and wakes who waits for it. Publish is for one thread at
// a time (the committer's role); everything else is safe from any thread.

#include <deque>
#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"

#include "storage/base/context.h"
#include "storage/base/mutex.h"
#include "storage/commit/follower.h"
#include "storage/commit/head.h"
#include "storage/kv/engine.h"

namespace twingraph::commit {

class Publisher {
 public:
  // REQUIRES: the followers outlive this.
  explicit Publisher(std::vector<Follower*> followers)
      : followers_(std::move(followers)) {}

  // Publishes the state that the engine was opened with, without followers: for
  // their Load to read.
  void Start(const kv::EngineHead& head);

  // Loads all followers and publishes their versions.
  absl::Status Load(const Context& ctx, const Reader& reader);

  // Takes in an applied group and publishes it.
  void Publish(const kv::GroupRecord& record);

  // The newest published head. Null only before Start.
  std::shared_ptr<const Head> head() const;

  // Waits until `revision` is published; returns the head of exactly that
  // revision, or null if it was passed long ago or the time is over.
  std::shared_ptr<const Head> WaitFor(kv::Revision revision,
                                      absl::Duration limit) const;

  // Waits until the head has reached `revision`.
  // Errors: UNAVAILABLE / REVISION_NOT_REACHED at the context's deadline;
  // CANCELLED / CALL_ENDED.
  absl::Status WaitApplied(const Context& ctx, kv::Revision revision) const;

  // OK if `revision` is not above the head.
  // Errors: UNAVAILABLE / REVISION_NOT_REACHED, which names the head by token
  // and time.
  absl::Status CheckReached(kv::Revision revision) const;

 private:
  void Swap(Head head);
  std::shared_ptr<const Head> FindRecent(kv::Revision revision) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::vector<Follower*> followers_;
  mutable Mutex mutex_;
  mutable CondVar changed_;
  mutable int waiters_ ABSL_GUARDED_BY(mutex_) = 0;
  std::shared_ptr<const Head> head_ ABSL_GUARDED_BY(mutex_);
  // The last heads, newest last: a snapshot taken just before a commit finds
  // its own.
  std::deque<std::shared_ptr<const Head>> recent_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace twingraph::commit
