#include "storage/kv_rocks/status_mapping.h"

#include "storage/base/log.h"
#include "storage/base/status.h"
#include "storage/kv/state.h"

namespace twingraph::kv_rocks {
namespace {

absl::Status Unavailable(absl::string_view sentence, absl::string_view what) {
  return MakeError(absl::StatusCode::kUnavailable,
                   v1::ERROR_REASON_STORE_UNAVAILABLE, sentence,
                   {{"while", what}});
}

}  // namespace

absl::Status ToStatus(const rocksdb::Status& status, absl::string_view what,
                      absl::string_view space) {
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
    return DataLoss("stored bytes are damaged",
                    {{"space", space}, {"while", what}});
  }
  if (status.IsPathNotFound()) {
    return DataLoss("a file of the store is missing",
                    {{"space", space}, {"while", what}});
  }
  if (status.IsNoSpace()) {
    return MakeError(absl::StatusCode::kResourceExhausted,
                     v1::ERROR_REASON_STORE_FULL,
                     "the disk of the store is full; reads go on");
  }
  return status.IsIOError()
             ? Unavailable("the disk of the store failed", what)
             : Unavailable("the store cannot be used at the moment", what);
}

}  // namespace twingraph::kv_rocks
