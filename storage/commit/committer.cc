// Covered by tests/storage/commit/committer_test.cc.
#include "storage/commit/committer.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"

#include "storage/base/error_line.h"
#include "storage/base/id.h"
#include "storage/base/log.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/commit/request_log.h"
#include "storage/commit/system_key.h"
#include "storage/kv/apply.h"
#include "storage/kv/counter.h"
#include "storage/kv/fixed_int.h"
#include "storage/kv/hash.h"

namespace twingraph::commit {
namespace {

// Commits of one group at most: bounds how long the first one waits.
constexpr size_t kGroupCommits = 1024;
// How often the same group is sent again before its outcome is left open.
constexpr int kUnknownAttempts = 3;
// How often others may come first before the callers are told.
constexpr int kMovedAttempts = 100;
// Revisions reserved ahead at a time with Durability::kOs.
constexpr kv::Revision kReserveRevisions = kv::Revision{1} << 20;

uint64_t RandomNumber() {
  return kv::ReadFixed64(RandomBytes(sizeof(uint64_t)).data());
}

absl::Status OutcomeUnknown() {
  return MakeError(absl::StatusCode::kUnknown, v1::ERROR_REASON_OUTCOME_UNKNOWN,
                   "it is not known whether the commit was stored; repeat it "
                   "with the same request id");
}

// Passes when the disk works again, or has room.
bool IsOfTheDisk(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsResourceExhausted(status);
}

absl::Status Unavailable(absl::string_view why) {
  return MakeError(absl::StatusCode::kUnavailable,
                   v1::ERROR_REASON_STORE_UNAVAILABLE, why);
}

}  // namespace

Committer::Committer(kv::Engine& engine, Publisher& publisher,
                     NumberRanges& numbers, const CommitterOptions& options,
                     const kv::Incarnation& incarnation,
                     kv::Revision last_reserved)
    : engine_(engine),
      publisher_(publisher),
      numbers_(numbers),
      options_(options),
      writer_(RandomNumber()),
      incarnation_(incarnation),
      head_(engine.head()),
      next_revision_(std::max(head_.revision, last_reserved) + 1),
      reserved_(0),
      window_(options.window_keys, head_.revision),
      visible_(head_.revision) {}

void Committer::Submit(Submission& submission) {
  std::shared_ptr<Waiter> waiter;
  {
    MutexLock lock(mutex_);
    if (is_led_) {
      waiter = std::make_shared<Waiter>();
      submission.waiting.thread = waiter;
      queue_.push_back(&submission);
    }
    is_led_ = true;
  }
  if (waiter == nullptr || waiter->Wait() == Waiter::Call::kLead) {
    Lead(&submission);
  }
}

bool Committer::Submit(Submission& submission, Executor& executor,
                       std::coroutine_handle<> coroutine) {
  {
    MutexLock lock(mutex_);
    if (is_led_) {
      executor.Expect();
      submission.waiting = {nullptr, &executor, coroutine};
      queue_.push_back(&submission);
      return false;
    }
    is_led_ = true;
  }
  Lead(&submission);
  return true;
}

void Committer::CommitAfter(absl::Time time) {
  MutexLock lock(mutex_);
  not_before_ = std::max(not_before_, time + absl::Nanoseconds(1));
}

void Committer::LeadQueued() {
  {
    MutexLock lock(mutex_);
    if (is_led_ || queue_.empty()) {
      return;
    }
    is_led_ = true;
  }
  Lead(nullptr);
}

std::vector<Submission*> Committer::TakeBatch() {
  const size_t count = std::min(queue_.size(), kGroupCommits - 1);
  const auto end = queue_.begin() + static_cast<ptrdiff_t>(count);
  std::vector<Submission*> batch(queue_.begin(), end);
  queue_.erase(queue_.begin(), end);
  return batch;
}

void Committer::Lead(Submission* own) {
  std::vector<Submission*> batch;
  {
    MutexLock lock(mutex_);
    batch = TakeBatch();
  }
  // Callers may leave as soon as they are woken, so nothing of theirs is
  // touched afterwards; and they are woken when the role has been handed on.
  std::vector<Waiting> members;
  members.reserve(batch.size());
  for (const Submission* member : batch) {
    members.push_back(member->waiting);
  }
  if (own != nullptr) {
    batch.insert(batch.begin(), own);
  }
  for (size_t done = 0; done < batch.size();) {
    done += CommitGroup(batch, done);
  }
  HandOn();
  for (const Waiting& member : members) {
    member.Wake();
  }
}

void Committer::HandOn() {
  std::shared_ptr<Waiter> thread;
  Executor* executor = nullptr;
  {
    MutexLock lock(mutex_);
    const auto next = std::find_if(
        queue_.begin(), queue_.end(),
        [](const Submission* each) { return each->waiting.thread != nullptr; });
    if (next != queue_.end()) {
      thread = (*next)->waiting.thread;
      queue_.erase(next);
    } else {
      // All threads of the executor may be busy, so the role waits for none.
      is_led_ = false;
      executor = queue_.empty() ? nullptr : queue_.front()->waiting.executor;
    }
  }
  if (thread != nullptr) {
    thread->Wake(Waiter::Call::kLead);
  } else if (executor != nullptr) {
    executor->Expect();
    executor->Resume([this] { LeadQueued(); });
  }
}

size_t Committer::CommitGroup(const std::vector<Submission*>& batch,
                              size_t begin) {
  absl::Status status = broken_.ok() ? SettleLost() : broken_;
  full_ = engine_.CheckWritable();
  size_t end = batch.size();
  for (int attempt = 0; status.ok() && attempt < kMovedAttempts; ++attempt) {
    GroupBuilder builder(incarnation_, head_, next_revision_, not_before());
    const size_t count = FillGroup(batch, begin, end, builder);
    if (builder.empty()) {
      return count;
    }
    switch (Send(builder, status)) {
      case Sent::kApplied:
        return count;
      case Sent::kRefused:
        window_.Rollback(head_.revision);
        if (builder.members().size() == 1) {
          Answer(builder.members(), status);
          return count;
        }
        // One of them is the cause, and not a matter of the others.
        status = absl::OkStatus();
        end = begin + 1;
        break;
      case Sent::kFailed:
        window_.Rollback(head_.revision);
        Answer(builder.members(), status);
        return count;
      case Sent::kMoved:
        break;
    }
  }
  if (status.ok()) {
    status = Unavailable("other servers keep committing first; try again");
  }
  const std::vector<Submission*> rest(
      batch.begin() + static_cast<ptrdiff_t>(begin), batch.end());
  Answer(rest, status);
  return rest.size();
}

size_t Committer::FillGroup(const std::vector<Submission*>& batch, size_t begin,
                            size_t end, GroupBuilder& builder) {
  size_t count = 0;
  while (begin + count < end && AddTo(builder, *batch[begin + count])) {
    ++count;
  }
  return count;
}

bool Committer::AddTo(GroupBuilder& builder, Submission& submission) {
  if (!full_.ok() && !submission.frees_space) {
    Answer({&submission}, full_);
    return true;
  }
  if (!builder.Fits(submission.encoded_size)) {
    return false;
  }
  return submission.run == nullptr ? RunInside(builder, submission)
                                   : AddOptimistic(builder, submission);
}

bool Committer::AddOptimistic(GroupBuilder& builder, Submission& submission) {
  const RunningTransaction& run = *submission.run;
  if (!window_.Admits(run.revision(), run.reads()) ||
      !numbers_.AreCurrent(run.number_uses())) {
    submission.outcome = Submission::Outcome::kConflict;
    return true;
  }
  if (!submission.commit.has_value()) {
    submission.commit = run.MakeCommit(submission.ctx.origin());
  }
  Accept(builder, *std::exchange(submission.commit, std::nullopt),
         submission.encoded_size, submission);
  return true;
}

void Committer::Accept(GroupBuilder& builder, kv::Commit commit, size_t size,
                       Submission& submission) {
  for (const kv::Effect& effect : commit.effects) {
    window_.Add(kv::HashKey(effect.space, effect.key), builder.next_revision());
  }
  builder.Add(std::move(commit), size, submission);
}

absl::Status Committer::OpenBase(GroupBuilder& builder) {
  if (builder.base != nullptr) {
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(std::unique_ptr<kv::Snapshot> snapshot,
                   engine_.OpenSnapshot());
  if (snapshot->revision() != head_.revision) {
    return Unavailable("the store has moved on; try again");
  }
  auto held = std::make_shared<const HeldState>(
      HeldState{std::move(snapshot), publisher_.head()});
  builder.base = std::make_unique<SnapshotReader>(
      engine_.spaces(), std::move(held), head_.revision, Pin());
  return absl::OkStatus();
}

bool Committer::RunInside(GroupBuilder& builder, Submission& submission) {
  submission.outcome = Submission::Outcome::kFailed;
  submission.status = OpenBase(builder);
  if (!submission.status.ok()) {
    return true;
  }
  RunningTransaction run(engine_.spaces(), *builder.base, &builder.overlay(),
                         numbers_,
                         std::max(options_.clock->Now(), head_.commit_time));
  submission.status = submission.function(run);
  submission.result = run.result();
  if (!submission.status.ok()) {
    return true;
  }
  if (!run.has_effects()) {
    submission.outcome = Submission::Outcome::kNoEffects;
    submission.revision = head_.revision;
    submission.time = head_.commit_time;
    return true;
  }
  kv::Commit commit = run.MakeCommit(submission.ctx.origin());
  const size_t size = kv::EncodedSize(commit);
  if (!builder.Fits(size)) {
    submission.encoded_size = size;
    return false;
  }
  Accept(builder, std::move(commit), size, submission);
  return true;
}

Committer::Sent Committer::Send(GroupBuilder& builder, absl::Status& status) {
  const std::vector<NumberRanges::Raise> raises = numbers_.PendingRaises();
  for (const NumberRanges::Raise& raise : raises) {
    builder.AddSystemPut(raise.space, raise.key,
                         kv::EncodeCounter(static_cast<int64_t>(raise.limit)));
  }
  kv::Durability durability = options_.durability;
  const kv::Revision last = builder.next_revision() - 1;
  kv::Revision reserved = reserved_;
  if (durability == kv::Durability::kOs && last > reserved_) {
    // Revisions are given out only when it is durable that they may have been.
    reserved = last + kReserveRevisions;
    builder.AddSystemPut(kv::kSystemSpace, kReservedKey,
                         kv::EncodeCounter(static_cast<int64_t>(reserved)));
    durability = kv::Durability::kFsync;
  }
  builder.record().writer = writer_;
  builder.record().group = ++group_count_;
  absl::StatusOr<kv::EncodedGroup> group =
      kv::EncodeGroup(std::move(builder.record()));
  if (!group.ok()) {
    status = group.status();
    return Sent::kFailed;
  }
  const Sent sent = Settle(*group, durability, status);
  if (sent != Sent::kApplied) {
    return sent;
  }
  numbers_.MarkStored(raises);
  reserved_ = reserved;
  for (size_t i = 0; i < builder.members().size(); ++i) {
    Submission& member = *builder.members()[i];
    member.outcome = Submission::Outcome::kCommitted;
    member.status = absl::OkStatus();
    member.revision = group->record.first_revision + i;
    member.time = group->record.commits[i].header.time;
  }
  // A lost answer that was settled by reading the log is taken in already.
  if (head_.revision < group->record.last_revision()) {
    head_ = kv::HeadAfter(*group);
    next_revision_ = head_.revision + 1;
    window_.Shrink();
    publisher_.Publish(group->record);
  }
  return Sent::kApplied;
}

Committer::Sent Committer::Settle(const kv::EncodedGroup& group,
                                  kv::Durability durability,
                                  absl::Status& status) {
  visible_.store(group.record.last_revision(), std::memory_order_seq_cst);
  for (int attempt = 0; attempt < kUnknownAttempts; ++attempt) {
    const absl::StatusOr<kv::ApplyResult> result =
        engine_.Apply(group, durability);
    if (!result.ok()) {
      status = result.status();
      if (!IsOfTheDisk(status)) {  // which the engine has logged
        LogError("store refused a group",
                 {{"status", FormatErrorLine(status)}});
      }
      const kv::EngineHead at = engine_.head();
      if (at.revision == head_.revision &&
          at.record_hash != head_.record_hash) {
        broken_ = status;
        return Sent::kFailed;
      }
      return Sent::kRefused;
    }
    if (result->outcome == kv::ApplyOutcome::kApplied) {
      return Sent::kApplied;
    }
    if (result->outcome == kv::ApplyOutcome::kUnknown) {
      status = result->cause;
      continue;
    }
    window_.Rollback(head_.revision);
    const absl::StatusOr<bool> is_ours = IsInLog(group);
    status = is_ours.ok() ? CatchUp() : is_ours.status();
    if (!status.ok()) {
      return Sent::kFailed;
    }
    return *is_ours ? Sent::kApplied : Sent::kMoved;
  }
  LogError("outcome of a group is unknown",
           {{"cause", FormatErrorLine(status)}});
  lost_ = std::make_unique<kv::EncodedGroup>(group);
  status = OutcomeUnknown();
  return Sent::kFailed;
}

absl::StatusOr<bool> Committer::IsInLog(const kv::EncodedGroup& group) const {
  bool is_ours = false;
  RETURN_IF_ERROR(engine_.ReadLog(Context(), group.record.first_revision,
                                  [&](absl::string_view record) {
                                    is_ours = record == group.bytes;
                                    return false;
                                  }));
  return is_ours;
}

absl::Status Committer::CatchUp() {
  absl::Status status;
  const kv::Revision before = head_.revision;
  RETURN_IF_ERROR(
      engine_.ReadLog(Context(), before + 1, [&](absl::string_view bytes) {
        absl::StatusOr<kv::EncodedGroup> group = kv::DecodeGroup(bytes);
        status = group.status();
        if (status.ok() && (group->record.previous_revision != head_.revision ||
                            group->record.previous_hash != head_.record_hash)) {
          status = DataLoss("the log does not follow the state of this server",
                            {{"space", "log"}});
        }
        if (!status.ok()) {
          return false;
        }
        TakeIn(group->record, group->hash);
        return true;
      }));
  if (status.ok() && engine_.head().revision < head_.revision) {
    status = DataLoss("the store has lost commits that were acknowledged",
                      {{"space", "log"}});
  }
  if (!status.ok()) {
    LogError("store contradicts itself", {{"status", FormatErrorLine(status)}});
    broken_ = status;
  }
  return status;
}

void Committer::TakeIn(const kv::GroupRecord& record, uint64_t hash) {
  for (size_t i = 0; i < record.commits.size(); ++i) {
    for (const kv::Effect& effect : record.commits[i].effects) {
      window_.Add(kv::HashKey(effect.space, effect.key),
                  record.first_revision + i);
      if (record.writer != writer_) {
        numbers_.Invalidate(effect.space, effect.key);
      }
    }
  }
  head_ = {.incarnation = record.incarnation,
           .revision = record.last_revision(),
           .record_hash = hash,
           .commit_time = record.commit_time()};
  incarnation_ = record.incarnation;
  next_revision_ = std::max(next_revision_, head_.revision + 1);
  visible_.store(std::max(visible_.load(), head_.revision));
  publisher_.Publish(record);
}

absl::Status Committer::SettleLost() {
  if (lost_ == nullptr) {
    return absl::OkStatus();
  }
  // The same bytes under the same condition: placed now, placed before, or its
  // place is taken.
  const absl::StatusOr<kv::ApplyResult> result =
      engine_.Apply(*lost_, kv::Durability::kFsync);
  if (!result.ok()) {
    // While the disk fails it may be in; else it is not, and will not be.
    if (!IsOfTheDisk(result.status())) {
      lost_.reset();
    }
    return result.status();
  }
  if (result->outcome == kv::ApplyOutcome::kUnknown) {
    return result->cause;
  }
  lost_.reset();
  return CatchUp();
}

void Committer::Answer(const std::vector<Submission*>& members,
                       const absl::Status& status) const {
  for (Submission* member : members) {
    member->outcome = Submission::Outcome::kFailed;
    member->status = IsRepeatOfLost(*member) ? OutcomeUnknown() : status;
  }
}

bool Committer::IsRepeatOfLost(const Submission& submission) const {
  return lost_ != nullptr && !submission.request_id.empty() &&
         std::any_of(lost_->record.commits.begin(), lost_->record.commits.end(),
                     [&](const kv::Commit& commit) {
                       return NotesRequest(commit, submission.request_id);
                     });
}

}  // namespace twingraph::commit
