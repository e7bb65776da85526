#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/commit/seen_heads.h"
#include "storage/kv/history_entry.h"
#include "tests/support/difference.h"
#include "tests/support/store_model.h"

namespace twingraph {
namespace {

constexpr size_t kPins = 3;

}  // namespace

absl::Status StoreModel::Request() {
  clock_.Advance(absl::Milliseconds(Random(1000)));
  const uint64_t number = Random(8);
  const std::string id = absl::StrCat("request", number);
  // An id comes with another request now and then.
  const uint64_t fingerprint = Random(10) == 0 ? number + 100 : number;
  const std::string result = absl::StrCat("result", Random(1000));
  const RequestModel::Request* known = requests_.Find(id);
  const bool is_refused = known == nullptr && Random(10) == 0;
  const kv::Revision head = store_->head()->revision;
  bool has_run = false;
  Draft draft;
  const auto info = store_->RunTransaction(
      ctx_, {.request_id = id, .request_fingerprint = fingerprint},
      [&](commit::Transaction& transaction) -> absl::Status {
        has_run = true;
        RETURN_IF_ERROR(WriteSome(transaction, draft));
        transaction.SetResult(result);
        return is_refused ? absl::CancelledError("refused") : absl::OkStatus();
      });
  if (has_run != (known == nullptr)) {
    return Difference(id, known == nullptr ? "a run" : "no run",
                      info.status().ToString());
  }
  if ((known != nullptr || is_refused) && store_->head()->revision != head) {
    return Difference("head after what changes nothing", absl::StrCat(head),
                      absl::StrCat(store_->head()->revision));
  }
  if (known != nullptr) {
    return CheckRepeat(*known, info, fingerprint);
  }
  if (is_refused) {
    return absl::IsCancelled(info.status())
               ? absl::OkStatus()
               : Difference("a refused request", "CANCELLED",
                            info.status().ToString());
  }
  RETURN_IF_ERROR(info.status());
  if (info->is_repeat || info->result != result) {
    return Difference("result of a new request", result, info->result);
  }
  if (info->revision != head) {  // one that wrote nothing is not known
    requests_.Note(id, {fingerprint, *info, clock_.Now()});
  }
  return NoteCommit(*info, std::move(draft));
}

absl::Status StoreModel::CheckRepeat(
    const RequestModel::Request& known,
    const absl::StatusOr<commit::CommitInfo>& info,
    uint64_t fingerprint) const {
  if (fingerprint != known.fingerprint) {
    return ReasonOf(info.status()) == v1::ERROR_REASON_REQUEST_ID_REUSED
               ? absl::OkStatus()
               : Difference("another request of the same id",
                            "REQUEST_ID_REUSED", info.status().ToString());
  }
  RETURN_IF_ERROR(info.status());
  const auto text = [](const commit::CommitInfo& each, bool is_repeat) {
    return absl::StrCat(each.revision, " ", absl::FormatTime(each.time), " ",
                        each.result, is_repeat ? " repeated" : "");
  };
  const std::string expected = text(known.outcome, /*is_repeat=*/true);
  const std::string actual = text(*info, info->is_repeat);
  return expected == actual
             ? absl::OkStatus()
             : Difference("a repeated request", expected, actual);
}

absl::Status StoreModel::PinOrRelease() {
  if (pins_.size() == kPins || (!pins_.empty() && Random(2) == 0)) {
    const auto pin = RandomIn(pins_);
    floor_.Unpin(pin->revision());
    pins_.erase(pin);
    return absl::OkStatus();
  }
  const kv::Revision revision = RandomIn(worlds_)->first;
  ASSIGN_OR_RETURN(commit::Pin pin, store_->PinRevision(revision));
  floor_.Pin(revision);
  pins_.push_back(std::move(pin));
  return absl::OkStatus();
}

absl::Status StoreModel::CheckPinned() {
  if (pins_.empty()) {
    return absl::OkStatus();
  }
  const kv::Revision revision = RandomIn(pins_)->revision();
  ASSIGN_OR_RETURN(const auto reader, store_->ReaderAt(ctx_, revision));
  for (const kv::SpaceId space : {kFacts, kEdges, kCounter}) {
    RETURN_IF_ERROR(CheckScan(*reader, worlds_.at(revision)[space], space));
  }
  return absl::OkStatus();
}

// Right half of the time, else wrong by some minutes; so it jumps both ways.
absl::Status StoreModel::SetClock() {
  const absl::Duration error =
      Random(2) == 0 ? absl::ZeroDuration()
                     : absl::Seconds(static_cast<int64_t>(Random(240)) - 120);
  clock_.Advance(error - clock_error_);
  clock_error_ = error;
  return absl::OkStatus();
}

absl::Status StoreModel::Trim() {
  const kv::Revision target = RandomIn(worlds_)->first;
  RETURN_IF_ERROR(store_->TrimBefore(ctx_, target));
  floor_.Trim(target);
  return CheckFloor();
}

absl::Status StoreModel::Maintain() {
  if (floor_.seen_heads() == commit::SeenHeads::kLimit) {
    return absl::OkStatus();  // from now on the store remembers fewer
  }
  RETURN_IF_ERROR(store_->Maintain(ctx_));
  floor_.Maintain(clock_.Now());
  requests_.Maintain(clock_.Now());
  return CheckFloor();
}

// After the floor may have moved: it is where it has to be, and what is below
// it is gone.
absl::Status StoreModel::CheckFloor() {
  RETURN_IF_ERROR(NoteQuietCommits());
  const kv::Revision floor = floor_.floor();
  worlds_.erase(worlds_.begin(), worlds_.lower_bound(floor));
  if (store_->OldestRevision() != floor) {
    return Difference("oldest revision", absl::StrCat(floor),
                      absl::StrCat(store_->OldestRevision()));
  }
  RETURN_IF_ERROR(store_->ReaderAt(ctx_, floor).status());
  if (floor == 0) {
    return absl::OkStatus();
  }
  const absl::Status statuses[] = {store_->ReaderAt(ctx_, floor - 1).status(),
                                   store_->PinRevision(floor - 1).status()};
  for (const absl::Status& status : statuses) {
    if (ReasonOf(status) != v1::ERROR_REASON_REVISION_EXPIRED) {
      return Difference("below the floor", "REVISION_EXPIRED",
                        status.ToString());
    }
  }
  return absl::OkStatus();
}

absl::Status StoreModel::Housekeeping() {
  switch (Random(3)) {
    case 0:
      return store_->engine().Flush();
    case 1:
      RETURN_IF_ERROR(store_->engine().Compact(ctx_));
      return CheckExpiredBytes();
    default:
      break;
  }
  return options_.engine == EngineKind::kRocks ? Open() : absl::OkStatus();
}

// After a compaction the engine holds no byte of what only readers below the
// floor would need.
absl::Status StoreModel::CheckExpiredBytes() {
  const kv::Revision floor = floor_.floor();
  const auto entries = store_->engine().newest().Scan(
      ctx_, kv::kHistorySpace, kv::Range::All(), kv::Order::kAscending);
  while (entries->Next()) {
    const kv::Revision revision = kv::HistoryRevision(entries->key());
    if (revision <= floor) {
      return Difference("history entry", absl::StrCat("above ", floor),
                        absl::StrCat(revision));
    }
  }
  RETURN_IF_ERROR(entries->status());
  kv::Revision oldest = 0;
  RETURN_IF_ERROR(
      store_->engine().ReadLog(ctx_, 0, [&](absl::string_view record) {
        const auto header = kv::DecodeGroupHeader(record);
        oldest = header.ok() ? header->last_revision() : 0;
        return false;
      }));
  return oldest >= floor ? absl::OkStatus()
                         : Difference("oldest log record",
                                      absl::StrCat("not below ", floor),
                                      absl::StrCat(oldest));
}

}  // namespace twingraph
