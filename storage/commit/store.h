#pragma once

// A store: an engine, the only implementation of transactions, revisions and
// history over it, and the followers it feeds. Safe from any thread. Everything
// made by a store ends before it does.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "storage/base/clock.h"
#include "storage/base/context.h"
#include "storage/base/executor.h"
#include "storage/base/task.h"
#include "storage/commit/follower.h"
#include "storage/commit/head.h"
#include "storage/commit/pin.h"
#include "storage/commit/reader.h"
#include "storage/commit/transaction.h"
#include "storage/kv/engine.h"

namespace twingraph::commit {

// How long old revisions stay readable.
struct Retention {
  // At least this long, unless the bytes run out first. InfiniteDuration keeps
  // everything.
  absl::Duration time = absl::Hours(1);
  // Bytes of history and log together; 0 is no limit.
  uint64_t bytes = uint64_t{1} << 30;
  // Never less than this, whatever the bytes.
  absl::Duration minimum = absl::Minutes(1);
};

struct StoreOptions {
  // kFsync: an acknowledged commit survives power loss. kOs: it survives the
  // end of the process; after power loss a suffix may be missing, and the store
  // then continues in a new epoch.
  kv::Durability durability = kv::Durability::kFsync;
  Retention retention;
  // Null: the system's clock. Must outlive the store.
  const Clock* clock = nullptr;
  // Written keys that are remembered to find conflicts. A transaction that
  // began before the oldest is refused and run again.
  size_t window_keys = 1 << 18;
  // A function that conflicted this often runs inside the committer.
  int optimistic_attempts = 2;
  // Repeating a request id is recognised for at least this long.
  absl::Duration request_window = absl::Hours(1);
  // How often a background thread trims; zero: only Maintain() does.
  absl::Duration maintenance_interval = absl::Seconds(10);
};

// Options of one transaction. Actor, origin and trace come from the context.
struct TransactionOptions {
  // Makes the call safe to repeat: a second one with the same id and
  // fingerprint returns the first one's outcome without running. Empty: none.
  std::string request_id = {};
  // Tells whether a repeated request id comes with the same request.
  uint64_t request_fingerprint = 0;
  // Leads to less on the disk, so it may use the space that is kept for that.
  bool frees_space = false;
};

// A commit as its caller learns of it.
struct CommitInfo {
  // For a transaction without effects: the revision it read.
  kv::Revision revision = 0;
  absl::Time time = absl::UnixEpoch();
  // True where the request id was known and nothing was run.
  bool is_repeat = false;
  // What the transaction gave to SetResult; kept for repeats.
  std::string result;
};

class Store {
 public:
  using TransactionFunction = absl::FunctionRef<absl::Status(Transaction&)>;

  // Opens a store on `engine` and loads the followers, which must outlive it.
  // An empty engine becomes a new store of its own identity. Errors:
  // FAILED_PRECONDITION / STORE_FORMAT_TOO_NEW; DATA_LOSS / STORE_CORRUPT;
  // UNAVAILABLE / STORE_UNAVAILABLE; what followers answer.
  static absl::StatusOr<std::unique_ptr<Store>> Open(
      const Context& ctx, std::unique_ptr<kv::Engine> engine,
      const StoreOptions& options, std::vector<Follower*> followers);

  virtual ~Store() = default;

  // The newest published state. Never null; costs a lock and a copy.
  virtual std::shared_ptr<const Head> head() const = 0;

  // Reads the head for point reads: takes no snapshot, one engine read each.
  virtual std::unique_ptr<Reader> Newest(
      kv::ReadTier tier = kv::ReadTier::kAll) const = 0;

  // Holds the newest state still, for scans and queries. Sees every commit that
  // was acknowledged before the call.
  // Errors: UNAVAILABLE / STORE_UNAVAILABLE.
  virtual absl::StatusOr<std::unique_ptr<Reader>> OpenSnapshot(
      const Context& ctx) const = 0;

  // Reads an older revision, which stays readable while the reader lives.
  // Errors: OUT_OF_RANGE / REVISION_EXPIRED naming the oldest readable one;
  // UNAVAILABLE / REVISION_NOT_REACHED for one above the head, which it names.
  virtual absl::StatusOr<std::unique_ptr<Reader>> ReaderAt(
      const Context& ctx, kv::Revision revision) const = 0;

  // Runs `function` and commits what it wrote. On a conflict it is run again on
  // a newer state, finally inside the committer where nothing can come between.
  // Its error ends the transaction without any effect and is returned as it is.
  // Errors: ABORTED / TRANSACTION_CONFLICT only when the context ends the
  // attempts; UNKNOWN / OUTCOME_UNKNOWN when the disk failed while writing;
  // INVALID_ARGUMENT / LIMIT_EXCEEDED for too large a commit;
  // INVALID_ARGUMENT / REQUEST_ID_REUSED for another request of the same id;
  // UNAVAILABLE / STORE_UNAVAILABLE or RESOURCE_EXHAUSTED / STORE_FULL while
  // the store cannot write: reads go on, and writes again when the disk allows.
  // The task keeps no thread while it waits for its commit, and goes on on
  // `executor`, which ends before the store; null: it blocks.
  virtual Task<absl::StatusOr<CommitInfo>> StartTransaction(
      const Context& ctx, const TransactionOptions& options,
      TransactionFunction function, Executor* executor) = 0;

  // The same, done when it returns.
  absl::StatusOr<CommitInfo> RunTransaction(const Context& ctx,
                                            const TransactionOptions& options,
                                            TransactionFunction function) {
    return Wait(StartTransaction(ctx, options, function, nullptr));
  }

  // Waits until the head has reached `revision`.
  // Errors: UNAVAILABLE / REVISION_NOT_REACHED when the context's deadline
  // passes; CANCELLED / CALL_ENDED.
  virtual absl::Status WaitApplied(const Context& ctx,
                                   kv::Revision revision) const = 0;

  // The oldest revision that can be read.
  virtual kv::Revision OldestRevision() const = 0;

  // Keeps `revision` and all after it readable while the pin lives.
  // Errors: OUT_OF_RANGE / REVISION_EXPIRED.
  virtual absl::StatusOr<Pin> PinRevision(kv::Revision revision) const = 0;

  // The newest revision whose commit time is not after `time`. For a time that
  // is not after the clock and the head's, later calls give the same: commits
  // that come have later times (a store that is opened again knows the head's
  // time only, so for later ones the clock must not have been set back). Costs
  // a binary search in the log; a time that is not before the head's also waits
  // for what is being committed. Errors: OUT_OF_RANGE / REVISION_EXPIRED when
  // that is before the oldest; UNAVAILABLE / STORE_UNAVAILABLE where it is not
  // known what was committed.
  virtual absl::StatusOr<kv::Revision> RevisionAt(const Context& ctx,
                                                  absl::Time time) = 0;

  // Visits the groups that hold `from` and later revisions up to the head, in
  // order, until `visit` returns false. The first may begin before `from`.
  // Errors: OUT_OF_RANGE / REVISION_EXPIRED.
  virtual absl::Status ReadLog(
      const Context& ctx, kv::Revision from,
      absl::FunctionRef<bool(const GroupView&)> visit) const = 0;

  // One pass of housekeeping: moves the retention floor as far as time, bytes
  // and pins say, lets expired bytes go, forgets old request ids.
  virtual absl::Status Maintain(const Context& ctx) = 0;

  // Moves the retention floor to `floor` or, where a pin forbids that, as far
  // as pins allow. For tests and operators; Maintain does it by the options.
  virtual absl::Status TrimBefore(const Context& ctx, kv::Revision floor) = 0;

  virtual kv::Engine& engine() const = 0;
};

}  // namespace twingraph::commit
