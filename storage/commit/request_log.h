#pragma once

// Requests that were committed, by their id, so that repeating one finds its
// outcome instead of running again. Rows of the store's own space, written in
// the transaction they describe. Functions over a transaction; see there for
// threads.

#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "storage/base/context.h"
#include "storage/commit/store.h"
#include "storage/commit/transaction.h"
#include "storage/kv/group_record.h"

namespace twingraph::commit {

// The outcome of an earlier request of this id; nullopt where there was none.
// Two transactions of one id conflict.
// Errors: INVALID_ARGUMENT / REQUEST_ID_REUSED if it had another fingerprint,
// / LIMIT_EXCEEDED for too long an id.
absl::StatusOr<std::optional<CommitInfo>> FindRequest(
    const Context& ctx, Transaction& transaction,
    const TransactionOptions& options);

// Notes that this transaction is the request's. It ages from `now`, which is
// the clock's: a commit time may be far ahead of it.
absl::Status RememberRequest(Transaction& transaction,
                             const TransactionOptions& options,
                             absl::string_view result, absl::Time now);

// Sets the time of the request that `commit` notes, where it notes one, to the
// commit's, which is not known before the commit has its place in a group.
void StampRequest(kv::Commit& commit);

// Is `commit` that of the request with this id?
bool NotesRequest(const kv::Commit& commit, absl::string_view id);

// Forgets requests that were noted before `time`, at most `limit`; returns how
// many.
absl::StatusOr<size_t> ForgetRequests(const Context& ctx,
                                      Transaction& transaction, absl::Time time,
                                      size_t limit);

// Lets requests that were noted after `time`, by a clock that has been set
// back, age from `time` on, at most `limit`; returns how many.
absl::StatusOr<size_t> BringBackRequests(const Context& ctx,
                                         Transaction& transaction,
                                         absl::Time time, size_t limit);

}  // namespace twingraph::commit
