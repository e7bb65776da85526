#include "storage/commit/store.h"

#include <algorithm>
#include <atomic>
#include <coroutine>
#include <optional>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

#include "storage/base/error_line.h"
#include "storage/base/log.h"
#include "storage/base/mutex.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/base/task_macros.h"
#include "storage/commit/committer.h"
#include "storage/commit/log_search.h"
#include "storage/commit/number_ranges.h"
#include "storage/commit/opening.h"
#include "storage/commit/pin_set.h"
#include "storage/commit/publisher.h"
#include "storage/commit/request_log.h"
#include "storage/commit/running_transaction.h"
#include "storage/commit/seen_heads.h"
#include "storage/commit/state_reader.h"
#include "storage/commit/system_key.h"
#include "storage/commit/token.h"
#include "storage/kv/counter.h"

namespace twingraph::commit {
namespace {

// How long a new reader waits for the followers to reach its snapshot.
constexpr absl::Duration kPublishWait = absl::Milliseconds(100);
constexpr int kSnapshotAttempts = 8;
// Rows of request ids that one commit changes.
constexpr size_t kRequestBatch = 1000;
// What is further ahead of the clock than this was made by a wrong clock.
constexpr absl::Duration kClockTolerance = absl::Seconds(5);

const Clock& DefaultClock() {
  static const SystemClock clock;
  return clock;
}

// Gives a submission to the committer and waits for its outcome.
class Committed {
 public:
  Committed(Committer& committer, Submission& submission, Executor* executor)
      : committer_(committer), submission_(submission), executor_(executor) {}

  bool await_ready() const { return false; }

  bool await_suspend(std::coroutine_handle<> coroutine) {
    if (executor_ == nullptr) {
      committer_.Submit(submission_);
      return false;
    }
    return !committer_.Submit(submission_, *executor_, coroutine);
  }

  // nullopt: a conflict.
  absl::StatusOr<std::optional<CommitInfo>> await_resume() const {
    switch (submission_.outcome) {
      case Submission::Outcome::kCommitted:
      case Submission::Outcome::kNoEffects:
        return CommitInfo{.revision = submission_.revision,
                          .time = submission_.time,
                          .is_repeat = false,
                          .result = std::move(submission_.result)};
      case Submission::Outcome::kConflict:
        return std::nullopt;
      case Submission::Outcome::kFailed:
        break;
    }
    return submission_.status;
  }

 private:
  Committer& committer_;
  Submission& submission_;
  Executor* const executor_;
};

class StoreOverEngine final : public Store {
 public:
  StoreOverEngine(std::unique_ptr<kv::Engine> engine,
                  const StoreOptions& options, const Opening& opening,
                  std::vector<Follower*> followers)
      : engine_(std::move(engine)),
        options_(options),
        pins_(opening.incarnation),
        publisher_(std::move(followers)),
        numbers_(engine_->newest()),
        committer_(*engine_, publisher_, numbers_,
                   {.durability = options.durability,
                    .window_keys = options.window_keys,
                    .clock = options.clock},
                   opening.incarnation, opening.last_reserved) {
    trimmed_ = pins_.MoveFloor(opening.floor);
    committer_.CommitAfter(opening.closed);
  }

  ~StoreOverEngine() override {
    {
      MutexLock lock(maintenance_mutex_);
      is_closing_ = true;
    }
    maintenance_wake_.NotifyAll();
    if (maintenance_.joinable()) {
      maintenance_.join();
    }
  }

  // Loads the followers; the last step of opening.
  absl::Status Start(const Context& ctx);

  std::shared_ptr<const Head> head() const override {
    return publisher_.head();
  }

  std::unique_ptr<Reader> Newest(kv::ReadTier tier) const override {
    return std::make_unique<NewestReader>(
        ReadGround{*engine_, pins_, committer_.visible()}, head(), tier);
  }

  absl::StatusOr<std::unique_ptr<Reader>> OpenSnapshot(
      const Context& ctx) const override {
    return OpenBase(ctx);
  }

  absl::StatusOr<std::unique_ptr<Reader>> ReaderAt(
      const Context& ctx, kv::Revision revision) const override;

  Task<absl::StatusOr<CommitInfo>> StartTransaction(
      const Context& ctx, const TransactionOptions& options,
      TransactionFunction function, Executor* executor) override;

  absl::Status WaitApplied(const Context& ctx,
                           kv::Revision revision) const override {
    return publisher_.WaitApplied(ctx, revision);
  }

  kv::Revision OldestRevision() const override { return pins_.floor(); }

  absl::StatusOr<Pin> PinRevision(kv::Revision revision) const override {
    return pins_.Hold(revision);
  }

  absl::StatusOr<kv::Revision> RevisionAt(const Context& ctx,
                                          absl::Time time) override;

  absl::Status ReadLog(
      const Context& ctx, kv::Revision from,
      absl::FunctionRef<bool(const GroupView&)> visit) const override;

  absl::Status Maintain(const Context& ctx) override;
  absl::Status TrimBefore(const Context& ctx, kv::Revision floor) override;

  kv::Engine& engine() const override { return *engine_; }

 private:
  using Body = absl::FunctionRef<absl::Status(RunningTransaction&)>;

  absl::StatusOr<std::shared_ptr<const HeldState>> HoldState(
      const Context& ctx) const;
  absl::StatusOr<std::unique_ptr<SnapshotReader>> OpenBase(
      const Context& ctx) const;
  // One attempt; nullopt where it met a conflict.
  Task<absl::StatusOr<std::optional<CommitInfo>>> TryOnce(
      const Context& ctx, const TransactionOptions& options, Body body,
      Executor* executor);
  // One attempt that meets no conflict, inside the committer.
  Task<absl::StatusOr<std::optional<CommitInfo>>> RunInside(
      const Context& ctx, const TransactionOptions& options, Body body,
      Executor* executor);
  // Afterwards no commit comes whose time is `time` or earlier, unless that is
  // ahead of the clock.
  absl::Status CloseUpTo(const Context& ctx, absl::Time time);
  // Lets the committer settle what is open, as the next commit would; on behalf
  // of the request with this id.
  absl::Status Settle(const Context& ctx, absl::string_view request_id = {});
  // Notes the head and the clock, and tells when they disagree.
  void WatchClock();
  // The newest revision that is at least `age` old.
  absl::StatusOr<kv::Revision> RevisionOfAge(const Context& ctx,
                                             absl::Duration age) const;
  absl::StatusOr<kv::Revision> RetentionTarget(const Context& ctx) const;
  absl::Status AgeRequests(const Context& ctx);
  // Notes the floor's time for errors, which do without where it is unknown.
  void NameFloor(const Context& ctx);
  void RunMaintenance();

  const std::unique_ptr<kv::Engine> engine_;
  const StoreOptions options_;
  mutable PinSet pins_;
  // The floor that the engine knows, behind that of pins_ while a trim is on
  // its way or when it has failed.
  std::atomic<kv::Revision> trimmed_{0};
  SeenHeads seen_heads_;
  // Commit times are ahead of the clock, and that has been said.
  std::atomic<bool> is_ahead_{false};
  Publisher publisher_;
  NumberRanges numbers_;
  Committer committer_;

  mutable Mutex held_mutex_;
  // The state of the newest head, while somebody reads it.
  mutable std::weak_ptr<const HeldState> held_ ABSL_GUARDED_BY(held_mutex_);

  Mutex maintenance_mutex_;
  CondVar maintenance_wake_;
  bool is_closing_ ABSL_GUARDED_BY(maintenance_mutex_) = false;
  std::thread maintenance_;
};

absl::Status StoreOverEngine::Start(const Context& ctx) {
  publisher_.Start(engine_->head());
  NameFloor(ctx);
  RETURN_IF_ERROR(engine_->Trim(pins_.floor()));
  ASSIGN_OR_RETURN(const std::unique_ptr<SnapshotReader> reader, OpenBase(ctx));
  RETURN_IF_ERROR(publisher_.Load(ctx, *reader));
  if (options_.maintenance_interval > absl::ZeroDuration()) {
    maintenance_ = std::thread([this] { RunMaintenance(); });
  }
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<const HeldState>> StoreOverEngine::HoldState(
    const Context& ctx) const {
  RETURN_IF_ERROR(ctx.Check());
  std::shared_ptr<const Head> head = publisher_.head();
  {
    MutexLock lock(held_mutex_);
    std::shared_ptr<const HeldState> held = held_.lock();
    if (held != nullptr && held->head == head) {
      return held;
    }
  }
  std::unique_ptr<kv::Snapshot> snapshot;
  for (int attempt = 0; attempt < kSnapshotAttempts; ++attempt) {
    ASSIGN_OR_RETURN(snapshot, engine_->OpenSnapshot());
    std::shared_ptr<const Head> own = publisher_.WaitFor(
        snapshot->revision(),
        committer_.is_led() ? kPublishWait : absl::ZeroDuration());
    if (own != nullptr) {
      auto held = std::make_shared<const HeldState>(
          HeldState{std::move(snapshot), std::move(own)});
      MutexLock lock(held_mutex_);
      held_ = held;
      return held;
    }
    head = publisher_.head();
    if (head->revision < snapshot->revision()) {
      break;
    }
  }
  // A group lies in the engine whose outcome is not settled: read before it.
  return std::make_shared<const HeldState>(
      HeldState{std::move(snapshot), std::move(head)});
}

absl::StatusOr<std::unique_ptr<SnapshotReader>> StoreOverEngine::OpenBase(
    const Context& ctx) const {
  ASSIGN_OR_RETURN(std::shared_ptr<const HeldState> held, HoldState(ctx));
  const kv::Revision revision =
      std::min(held->snapshot->revision(), held->head->revision);
  return std::make_unique<SnapshotReader>(engine_->spaces(), std::move(held),
                                          revision, Pin());
}

absl::StatusOr<std::unique_ptr<Reader>> StoreOverEngine::ReaderAt(
    const Context& ctx, kv::Revision revision) const {
  ASSIGN_OR_RETURN(Pin pin, pins_.Hold(revision));
  RETURN_IF_ERROR(publisher_.CheckReached(revision));
  ASSIGN_OR_RETURN(std::shared_ptr<const HeldState> held, HoldState(ctx));
  return std::make_unique<SnapshotReader>(engine_->spaces(), std::move(held),
                                          revision, std::move(pin));
}

Task<absl::StatusOr<CommitInfo>> StoreOverEngine::StartTransaction(
    const Context& ctx, const TransactionOptions& options,
    TransactionFunction function, Executor* executor) {
  std::optional<CommitInfo> repeat;
  const auto body = [&](RunningTransaction& run) -> absl::Status {
    if (options.request_id.empty()) {
      return function(run);
    }
    ASSIGN_OR_RETURN(repeat, FindRequest(ctx, run, options));
    if (repeat.has_value()) {
      return absl::OkStatus();
    }
    RETURN_IF_ERROR(function(run));
    return run.has_effects() ? RememberRequest(run, options, run.result(),
                                               options_.clock->Now())
                             : absl::OkStatus();
  };
  for (int attempt = 0;; ++attempt) {
    CO_RETURN_IF_ERROR(ctx.Check());
    auto tried = attempt < options_.optimistic_attempts
                     ? TryOnce(ctx, options, body, executor)
                     : RunInside(ctx, options, body, executor);
    CO_ASSIGN_OR_RETURN(std::optional<CommitInfo> info,
                        co_await std::move(tried));
    if (repeat.has_value()) {
      // The store may know of it before this server does.
      if (repeat->revision > head()->revision) {
        CO_RETURN_IF_ERROR(Settle(ctx, options.request_id));
      }
      co_return *repeat;
    }
    if (info.has_value()) {
      co_return *std::move(info);
    }
  }
}

Task<absl::StatusOr<std::optional<CommitInfo>>> StoreOverEngine::TryOnce(
    const Context& ctx, const TransactionOptions& options, Body body,
    Executor* executor) {
  CO_ASSIGN_OR_RETURN(const std::unique_ptr<SnapshotReader> base,
                      OpenBase(ctx));
  RunningTransaction run(engine_->spaces(), *base, /*group=*/nullptr, numbers_,
                         std::max(options_.clock->Now(), base->head().time));
  CO_RETURN_IF_ERROR(body(run));
  if (!run.has_effects()) {
    co_return CommitInfo{.revision = base->revision(),
                         .time = base->head().time,
                         .is_repeat = false,
                         .result = run.result()};
  }
  Submission submission(ctx, &run, body);
  submission.frees_space = options.frees_space;
  submission.request_id = options.request_id;
  submission.commit = run.MakeCommit(ctx.origin());
  submission.encoded_size = kv::EncodedSize(*submission.commit);
  submission.result = run.result();
  co_return co_await Committed(committer_, submission, executor);
}

Task<absl::StatusOr<std::optional<CommitInfo>>> StoreOverEngine::RunInside(
    const Context& ctx, const TransactionOptions& options, Body body,
    Executor* executor) {
  Submission submission(ctx, /*ended_run=*/nullptr, body);
  submission.frees_space = options.frees_space;
  submission.request_id = options.request_id;
  co_return co_await Committed(committer_, submission, executor);
}

absl::Status StoreOverEngine::CloseUpTo(const Context& ctx, absl::Time time) {
  const absl::Time newest = head()->time;
  if (time < newest) {
    return absl::OkStatus();
  }
  committer_.CommitAfter(
      std::min(time, std::max(newest, options_.clock->Now())));
  const absl::Status settled = Settle(ctx);
  if (settled.ok()) {
    return absl::OkStatus();
  }
  return MakeError(absl::StatusCode::kUnavailable,
                   v1::ERROR_REASON_STORE_UNAVAILABLE,
                   absl::StrCat("it is not known yet what was committed by ",
                                FormatCommitTime(time)),
                   {{"as_of", FormatCommitTime(time)}});
}

absl::StatusOr<kv::Revision> StoreOverEngine::RevisionAt(const Context& ctx,
                                                         absl::Time time) {
  RETURN_IF_ERROR(CloseUpTo(ctx, time));
  // The pin keeps the log that is searched.
  const Pin pin = pins_.HoldFloor();
  ASSIGN_OR_RETURN(
      const kv::Revision revision,
      FindRevision(ctx, *engine_, pin.revision(), head()->revision, time));
  if (revision < pin.revision()) {
    return pins_.Expired(absl::StrCat("the state of ", FormatCommitTime(time)),
                         {"as_of", FormatCommitTime(time)});
  }
  return revision;
}

absl::Status StoreOverEngine::ReadLog(
    const Context& ctx, kv::Revision from,
    absl::FunctionRef<bool(const GroupView&)> visit) const {
  const kv::Revision head = publisher_.head()->revision;
  ASSIGN_OR_RETURN(const Pin pin, pins_.Hold(from == 0 ? 0 : from - 1));
  absl::Status status;
  RETURN_IF_ERROR(engine_->ReadLog(ctx, from, [&](absl::string_view bytes) {
    const absl::StatusOr<kv::EncodedGroup> group = kv::DecodeGroup(bytes);
    status = group.status();
    return status.ok() && group->record.last_revision() <= head &&
           visit(GroupView{group->record});
  }));
  return status;
}

void StoreOverEngine::WatchClock() {
  const std::shared_ptr<const Head> head = publisher_.head();
  const absl::Time now = options_.clock->Now();
  seen_heads_.Note(now, head->revision);
  const absl::Duration ahead = head->time - now;
  if (ahead <= kClockTolerance) {
    is_ahead_ = false;
  } else if (!is_ahead_.exchange(true)) {
    LogWarning(
        "commit times are ahead of the clock, which must have been wrong",
        {{"ahead", absl::FormatDuration(ahead)},
         {"newest_commit", FormatCommitTime(head->time)}});
  }
}

absl::StatusOr<kv::Revision> StoreOverEngine::RevisionOfAge(
    const Context& ctx, absl::Duration age) const {
  const absl::Time time = options_.clock->Now() - age;
  ASSIGN_OR_RETURN(const kv::Revision by_commit_time,
                   FindRevision(ctx, *engine_, pins_.floor(),
                                publisher_.head()->revision, time));
  return std::max(by_commit_time, seen_heads_.At(time));
}

absl::StatusOr<kv::Revision> StoreOverEngine::RetentionTarget(
    const Context& ctx) const {
  const Retention& retention = options_.retention;
  kv::Revision target = pins_.floor();
  if (retention.time != absl::InfiniteDuration()) {
    ASSIGN_OR_RETURN(target, RevisionOfAge(ctx, std::max(retention.time,
                                                         retention.minimum)));
  }
  const kv::Revision by_bytes =
      retention.bytes > 0 ? engine_->FloorForBytes(retention.bytes) : 0;
  if (by_bytes > target) {
    ASSIGN_OR_RETURN(const kv::Revision youngest,
                     RevisionOfAge(ctx, retention.minimum));
    target = std::max(target, std::min(by_bytes, youngest));
  }
  return target;
}

absl::Status StoreOverEngine::Settle(const Context& ctx,
                                     absl::string_view request_id) {
  const auto nothing = [](RunningTransaction&) { return absl::OkStatus(); };
  Submission submission(ctx, /*ended_run=*/nullptr, nothing);
  submission.frees_space = true;
  submission.request_id = request_id;
  committer_.Submit(submission);
  return submission.status;
}

absl::Status StoreOverEngine::Maintain(const Context& ctx) {
  RETURN_IF_ERROR(Settle(ctx));
  WatchClock();
  ASSIGN_OR_RETURN(const kv::Revision target, RetentionTarget(ctx));
  RETURN_IF_ERROR(TrimBefore(ctx, target));
  return AgeRequests(ctx);
}

void StoreOverEngine::NameFloor(const Context& ctx) {
  const kv::Revision floor = pins_.floor();
  const absl::StatusOr<absl::Time> time = FindTime(ctx, *engine_, floor);
  if (time.ok()) {
    pins_.NoteTime(floor, *time);
  }
}

absl::Status StoreOverEngine::TrimBefore(const Context& ctx,
                                         kv::Revision floor) {
  const kv::Revision target =
      pins_.MoveFloor(std::min(floor, publisher_.head()->revision));
  if (target <= trimmed_) {
    return absl::OkStatus();
  }
  NameFloor(ctx);
  RETURN_IF_ERROR(
      RunTransaction(ctx, {.frees_space = true}, [&](Transaction& transaction) {
        return transaction.Put(kv::kSystemSpace, kv::kFloorKey,
                               kv::EncodeCounter(static_cast<int64_t>(target)));
      }).status());
  RETURN_IF_ERROR(engine_->Trim(target));
  trimmed_ = target;
  return absl::OkStatus();
}

absl::Status StoreOverEngine::AgeRequests(const Context& ctx) {
  const absl::Time now = options_.clock->Now();
  const auto in_batches = [&](auto step, absl::Time time) -> absl::Status {
    for (size_t count = kRequestBatch; count == kRequestBatch;) {
      const auto batch = [&](Transaction& transaction) -> absl::Status {
        ASSIGN_OR_RETURN(count, step(ctx, transaction, time, kRequestBatch));
        return absl::OkStatus();
      };
      RETURN_IF_ERROR(
          RunTransaction(ctx, {.frees_space = true}, batch).status());
    }
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(in_batches(BringBackRequests, now + kClockTolerance));
  return in_batches(ForgetRequests, now - options_.request_window);
}

void StoreOverEngine::RunMaintenance() {
  Origin origin;
  origin.actor = "system";
  origin.kind = "system";
  const Context ctx(absl::InfiniteFuture(), std::move(origin));
  MutexLock lock(maintenance_mutex_);
  while (!is_closing_) {
    maintenance_wake_.WaitFor(maintenance_mutex_,
                              options_.maintenance_interval);
    if (is_closing_) {
      return;
    }
    maintenance_mutex_.Unlock();
    const absl::Status status = Maintain(ctx);
    if (!status.ok()) {
      LogWarning("store maintenance failed",
                 {{"status", FormatErrorLine(status)}});
    }
    maintenance_mutex_.Lock();
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<Store>> Store::Open(
    const Context& ctx, std::unique_ptr<kv::Engine> engine,
    const StoreOptions& options, std::vector<Follower*> followers) {
  StoreOptions effective = options;
  if (effective.clock == nullptr) {
    effective.clock = &DefaultClock();
  }
  ASSIGN_OR_RETURN(
      const Opening opening,
      PrepareEngine(ctx, *engine, options.durability, effective.clock->Now()));
  auto store = std::make_unique<StoreOverEngine>(std::move(engine), effective,
                                                 opening, std::move(followers));
  RETURN_IF_ERROR(store->Start(ctx));
  return store;
}

}  // namespace twingraph::commit
