// Covered by tests/storage/commit/store_model_test.cc and store_test.cc.
#include "storage/commit/request_log.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/commit/system_key.h"
#include "storage/kv/fixed_int.h"

namespace twingraph::commit {
namespace {

// value := fingerprint:8 time:8 result
constexpr size_t kTimeOffset = 8;
constexpr size_t kFixedBytes = 16;
// A time row's key up to the id.
constexpr size_t kTimeKeyBytes = sizeof(kRequestTimePrefix) - 1 + 8;

std::string RequestKey(absl::string_view id) {
  return absl::StrCat(kRequestPrefix, id);
}

std::string RequestTimeKey(absl::Time time, absl::string_view id) {
  std::string key = kRequestTimePrefix;
  kv::AppendKey64(static_cast<uint64_t>(absl::ToUnixNanos(time)), key);
  absl::StrAppend(&key, id);
  return key;
}

absl::Status Reused(absl::string_view id) {
  return InvalidArgument(v1::ERROR_REASON_REQUEST_ID_REUSED,
                         "this request id was used for another request",
                         {{"request_id", id}});
}

// Removes time rows of `range`, at most `limit`, and tells `visit` whose they
// are; returns how many.
absl::StatusOr<size_t> TakeTimes(
    const Context& ctx, Transaction& transaction, const kv::Range& range,
    size_t limit, absl::FunctionRef<absl::Status(absl::string_view id)> visit) {
  const std::unique_ptr<kv::Cursor> cursor =
      transaction.Scan(ctx, kv::kSystemSpace, range);
  size_t count = 0;
  while (count < limit && cursor->Next()) {
    const std::string key(cursor->key());
    RETURN_IF_ERROR(transaction.Delete(kv::kSystemSpace, key));
    RETURN_IF_ERROR(visit(key.substr(kTimeKeyBytes)));
    ++count;
  }
  RETURN_IF_ERROR(cursor->status());
  return count;
}

}  // namespace

absl::StatusOr<std::optional<CommitInfo>> FindRequest(
    const Context& ctx, Transaction& transaction,
    const TransactionOptions& options) {
  ASSIGN_OR_RETURN(const std::optional<kv::Row> row,
                   transaction.GetForUpdate(ctx, kv::kSystemSpace,
                                            RequestKey(options.request_id)));
  if (!row.has_value()) {
    return std::nullopt;
  }
  if (row->value.size() < kFixedBytes) {
    return DataLoss("a stored request is damaged", {{"space", "system"}});
  }
  if (kv::ReadFixed64(row->value.data()) != options.request_fingerprint) {
    return Reused(options.request_id);
  }
  const auto nanos =
      static_cast<int64_t>(kv::ReadFixed64(&row->value[kTimeOffset]));
  return CommitInfo{.revision = row->revision,
                    .time = absl::FromUnixNanos(nanos),
                    .is_repeat = true,
                    .result = row->value.substr(kFixedBytes)};
}

absl::Status RememberRequest(Transaction& transaction,
                             const TransactionOptions& options,
                             absl::string_view result, absl::Time now) {
  std::string value;
  kv::AppendFixed64(options.request_fingerprint, value);
  kv::AppendFixed64(0, value);  // StampRequest's
  absl::StrAppend(&value, result);
  RETURN_IF_ERROR(
      transaction.Put(kv::kSystemSpace, RequestKey(options.request_id), value));
  return transaction.Put(kv::kSystemSpace,
                         RequestTimeKey(now, options.request_id), "");
}

bool NotesRequest(const kv::Commit& commit, absl::string_view id) {
  return std::any_of(commit.effects.begin(), commit.effects.end(),
                     [key = RequestKey(id)](const kv::Effect& effect) {
                       return effect.space == kv::kSystemSpace &&
                              effect.op == kv::EffectOp::kPut &&
                              effect.key == key;
                     });
}

void StampRequest(kv::Commit& commit) {
  for (kv::Effect& effect : commit.effects) {
    if (effect.space == kv::kSystemSpace && effect.op == kv::EffectOp::kPut &&
        absl::StartsWith(effect.key, kRequestPrefix)) {
      std::string time;
      kv::AppendFixed64(
          static_cast<uint64_t>(absl::ToUnixNanos(commit.header.time)), time);
      effect.value.replace(kTimeOffset, time.size(), time);
    }
  }
}

absl::StatusOr<size_t> ForgetRequests(const Context& ctx,
                                      Transaction& transaction, absl::Time time,
                                      size_t limit) {
  const kv::Range old{RequestTimeKey(absl::UnixEpoch(), ""),
                      RequestTimeKey(time, "")};
  return TakeTimes(
      ctx, transaction, old, limit, [&](absl::string_view id) -> absl::Status {
        return transaction.Delete(kv::kSystemSpace, RequestKey(id));
      });
}

absl::StatusOr<size_t> BringBackRequests(const Context& ctx,
                                         Transaction& transaction,
                                         absl::Time time, size_t limit) {
  kv::Range ahead = kv::Range::Prefix(kRequestTimePrefix);
  ahead.begin = RequestTimeKey(time + absl::Nanoseconds(1), "");
  return TakeTimes(ctx, transaction, ahead, limit, [&](absl::string_view id) {
    return transaction.Put(kv::kSystemSpace, RequestTimeKey(time, id), "");
  });
}

}  // namespace twingraph::commit
