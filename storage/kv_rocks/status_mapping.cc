#include "storage/kv_rocks/status_mapping.h"

#include "storage/base/log.h"
#include "storage/base/status.h"
#include "storage/kv/state.h"

namespace twingraph::kv_rocks {
namespace {

absl::string_view Sentence(const rocksdb::Status& status) {
  if (status.IsNoSpace()) {
    return "the disk of the store is full";
  }
  if (status.IsIOError()) {
    return "the disk of the store failed";
  }
  return "the store cannot be used at the moment";
}

}  // namespace

absl::Status ToStatus(const rocksdb::Status& status, absl::string_view what) {
  if (status.ok()) {
    return absl::OkStatus();
  }
  if (status.IsIncomplete()) {
    return kv::IncompleteError();
  }
  if (status.IsTimedOut()) {
    return MakeError(absl::StatusCode::kDeadlineExceeded,
                     v1::ERROR_REASON_CALL_ENDED,
                     "the deadline passed before the work was done");
  }
  LogError("store_failed", {{"while", what}, {"engine", status.ToString()}});
  if (status.IsCorruption()) {
    return DataLoss("stored bytes are damaged", {{"while", what}});
  }
  return MakeError(absl::StatusCode::kUnavailable,
                   v1::ERROR_REASON_STORE_UNAVAILABLE, Sentence(status),
                   {{"while", what}});
}

}  // namespace twingraph::kv_rocks
