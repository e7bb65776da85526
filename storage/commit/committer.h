#pragma once

// Gives out revisions, groups commits, settles what an engine answers, and
// publishes. A role, not a thread: whoever submits while nobody commits does it
// himself, and those who come meanwhile form the next group. Then a thread that
// waits takes the role; where only coroutines wait, it is free for whoever
// comes first: the executor, which is asked to, or the next who submits. Safe
// from any thread.

#include <atomic>
#include <deque>
#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/time/time.h"

#include "storage/base/clock.h"
#include "storage/base/context.h"
#include "storage/base/mutex.h"
#include "storage/commit/group_builder.h"
#include "storage/commit/number_ranges.h"
#include "storage/commit/publisher.h"
#include "storage/commit/running_transaction.h"
#include "storage/commit/state_reader.h"
#include "storage/commit/submission.h"
#include "storage/commit/window.h"
#include "storage/kv/engine.h"

namespace twingraph::commit {

struct CommitterOptions {
  kv::Durability durability = kv::Durability::kFsync;
  size_t window_keys = 1 << 18;
  const Clock* clock = nullptr;
};

class Committer {
 public:
  // Continues the line `incarnation` behind the engine's head; the first
  // revision given is above `last_reserved`, up to which numbers may have been
  // given out and lost. All arguments outlive this.
  Committer(kv::Engine& engine, Publisher& publisher, NumberRanges& numbers,
            const CommitterOptions& options, const kv::Incarnation& incarnation,
            kv::Revision last_reserved);

  // Commits, or runs and commits, a submission. Blocks until its outcome is
  // known.
  void Submit(Submission& submission);

  // The same without waiting. True: the outcome is known. False: `coroutine` is
  // resumed on `executor` when it is, perhaps before this returns. The executor
  // runs nothing of this any more when this object ends.
  bool Submit(Submission& submission, Executor& executor,
              std::coroutine_handle<> coroutine);

  // Groups that are formed from now on have commit times after `time`.
  void CommitAfter(absl::Time time);

  // Does somebody commit at the moment? If not, whatever the engine has beyond
  // the published head is not settled.
  bool is_led() const {
    MutexLock lock(mutex_);
    return is_led_;
  }

  // See ReadGround.
  const std::atomic<kv::Revision>& visible() const { return visible_; }

 private:
  // What became of a group that was sent to the engine.
  enum class Sent {
    kApplied,
    kMoved,    // others came first; what they did is taken in: try again
    kRefused,  // it cannot be applied and nothing was written; see the status
    kFailed,   // see the status
  };

  absl::Time not_before() const {
    MutexLock lock(mutex_);
    return not_before_;
  }

  // Who waits now, at most one group's worth.
  std::vector<Submission*> TakeBatch() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Commits `own`, unless it is null, and who waits; hands the role on.
  void Lead(Submission* own);
  // Takes the role if it is free and somebody waits.
  void LeadQueued();
  void HandOn();
  // Commits a first part of `batch` as one group; returns how many are done.
  size_t CommitGroup(const std::vector<Submission*>& batch, size_t begin);
  size_t FillGroup(const std::vector<Submission*>& batch, size_t begin,
                   size_t end, GroupBuilder& builder);
  // Puts a submission into the group or answers it. False: no room.
  bool AddTo(GroupBuilder& builder, Submission& submission);
  bool AddOptimistic(GroupBuilder& builder, Submission& submission);
  void Accept(GroupBuilder& builder, kv::Commit commit, size_t size,
              Submission& submission);
  bool RunInside(GroupBuilder& builder, Submission& submission);
  absl::Status OpenBase(GroupBuilder& builder);

  Sent Send(GroupBuilder& builder, absl::Status& status);
  Sent Settle(const kv::EncodedGroup& group, kv::Durability durability,
              absl::Status& status);
  // Is our group the record in the log at its place?
  absl::StatusOr<bool> IsInLog(const kv::EncodedGroup& group) const;
  // Takes in what others, or a lost answer, have put behind our head.
  absl::Status CatchUp();
  absl::Status SettleLost();
  void TakeIn(const kv::GroupRecord& record, uint64_t hash);
  // A repeated request of which an earlier try may be in is in doubt, whatever
  // became of this one.
  void Answer(const std::vector<Submission*>& members,
              const absl::Status& status) const;
  bool IsRepeatOfLost(const Submission& submission) const;

  kv::Engine& engine_;
  Publisher& publisher_;
  NumberRanges& numbers_;
  const CommitterOptions options_;
  const uint64_t writer_;

  // The queue of those who wait for the role.
  mutable Mutex mutex_;
  bool is_led_ ABSL_GUARDED_BY(mutex_) = false;
  std::deque<Submission*> queue_ ABSL_GUARDED_BY(mutex_);
  absl::Time not_before_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();

  // Owned by whoever has the role.
  kv::Incarnation incarnation_;
  kv::EngineHead head_;
  kv::Revision next_revision_ = 1;
  kv::Revision reserved_ = 0;
  uint64_t group_count_ = 0;
  Window window_;
  // A group whose outcome the engine could not tell.
  std::unique_ptr<kv::EncodedGroup> lost_;
  // Set for good when the stored state contradicts ours.
  absl::Status broken_;
  // Why commits that free no space are refused at the moment; OK: they are not.
  absl::Status full_;

  std::atomic<kv::Revision> visible_;
};

}  // namespace twingraph::commit
