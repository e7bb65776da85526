// Covered by tests/storage/commit/store_test.cc.
#include "storage/commit/publisher.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/commit/token.h"

namespace twingraph::commit {
namespace {

constexpr size_t kRecentHeads = 16;
// A context has no wake-up of its own; its end is noticed after this long.
constexpr absl::Duration kCancelCheck = absl::Milliseconds(20);

absl::Status NotReached(const Head& head, kv::Revision revision) {
  const std::string time = FormatCommitTime(head.time);
  return MakeError(
      absl::StatusCode::kUnavailable, v1::ERROR_REASON_REVISION_NOT_REACHED,
      absl::StrCat("revision ", revision, " is not reached yet; the newest is ",
                   head.revision, " of ", time),
      {{"revision", FormatToken(head.incarnation, revision)},
       {"newest_revision", FormatToken(head.incarnation, head.revision)},
       {"newest_time", time}});
}

}  // namespace

void Publisher::Start(const kv::EngineHead& head) {
  Swap({.incarnation = head.incarnation,
        .revision = head.revision,
        .time = head.commit_time,
        .versions = {}});
}

absl::Status Publisher::Load(const Context& ctx, const Reader& reader) {
  Head loaded = *head();
  for (Follower* follower : followers_) {
    RETURN_IF_ERROR(follower->Load(ctx, reader));
    loaded.versions.emplace_back(follower, follower->Version());
  }
  Swap(std::move(loaded));
  return absl::OkStatus();
}

void Publisher::Publish(const kv::GroupRecord& record) {
  Head next{.incarnation = record.incarnation,
            .revision = record.last_revision(),
            .time = record.commit_time(),
            .versions = {}};
  const GroupView view{record};
  for (Follower* follower : followers_) {
    follower->Apply(view);
    next.versions.emplace_back(follower, follower->Version());
  }
  Swap(std::move(next));
}

void Publisher::Swap(Head head) {
  auto next = std::make_shared<const Head>(std::move(head));
  std::shared_ptr<const Head> dropped;
  bool has_waiters = false;
  {
    MutexLock lock(mutex_);
    head_ = next;
    recent_.push_back(std::move(next));
    if (recent_.size() > kRecentHeads) {
      dropped = std::move(recent_.front());
      recent_.pop_front();
    }
    has_waiters = waiters_ > 0;
  }
  if (has_waiters) {
    changed_.NotifyAll();
  }
}

std::shared_ptr<const Head> Publisher::head() const {
  MutexLock lock(mutex_);
  return head_;
}

std::shared_ptr<const Head> Publisher::FindRecent(kv::Revision revision) const {
  for (auto head = recent_.rbegin(); head != recent_.rend(); ++head) {
    if ((*head)->revision == revision) {
      return *head;
    }
  }
  return nullptr;
}

std::shared_ptr<const Head> Publisher::WaitFor(kv::Revision revision,
                                               absl::Duration limit) const {
  MutexLock lock(mutex_);
  if (head_->revision < revision) {
    const absl::Time deadline = absl::Now() + limit;
    ++waiters_;
    while (head_->revision < revision && absl::Now() < deadline) {
      changed_.WaitFor(mutex_, deadline - absl::Now());
    }
    --waiters_;
  }
  return FindRecent(revision);
}

absl::Status Publisher::WaitApplied(const Context& ctx,
                                    kv::Revision revision) const {
  MutexLock lock(mutex_);
  ++waiters_;
  absl::Status status;
  while (head_->revision < revision && status.ok()) {
    changed_.WaitFor(
        mutex_, std::min(kCancelCheck, std::max(ctx.deadline() - absl::Now(),
                                                absl::ZeroDuration())));
    status = ctx.Check();
  }
  --waiters_;
  if (head_->revision >= revision) {
    return absl::OkStatus();
  }
  if (status.code() != absl::StatusCode::kDeadlineExceeded) {
    return status;
  }
  return NotReached(*head_, revision);
}

absl::Status Publisher::CheckReached(kv::Revision revision) const {
  const std::shared_ptr<const Head> newest = head();
  return revision <= newest->revision ? absl::OkStatus()
                                      : NotReached(*newest, revision);
}

}  // namespace twingraph::commit
