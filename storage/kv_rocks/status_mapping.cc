#include "storage/kv_rocks/status_mapping.h"

#include <regex>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

#include "storage/base/log.h"
#include "storage/base/status.h"
#include "storage/kv/state.h"

namespace twingraph::kv_rocks {
namespace {

// The name of a file of the store in RocksDB's text, which has paths; empty
// where there is none. A missing table is looked for by an older name last.
std::string FileNamedIn(const std::string& text) {
  static const std::regex file_name("[0-9]+\\.(sst|ldb|log)|MANIFEST-[0-9]+");
  std::smatch found;
  return std::regex_search(text, found, file_name)
             ? absl::StrReplaceAll(found.str(), {{".ldb", ".sst"}})
             : std::string();
}

absl::Status Damaged(absl::string_view sentence, const std::string& text,
                     absl::string_view what, absl::string_view space) {
  const std::string file = FileNamedIn(text);
  absl::Status status = DataLoss(
      file.empty() ? std::string(sentence) : absl::StrCat(sentence, ": ", file),
      {{"space", space}, {"while", what}});
  if (!file.empty()) {
    AddMetadata(status, "file", file);
  }
  return status;
}

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
  const std::string text = status.ToString();
  LogError("store_failed", {{"while", what}, {"engine", text}});
  if (status.IsPathNotFound() ||
      (status.IsCorruption() && absl::StrContains(text, "No such file"))) {
    return Damaged("a file of the store is missing", text, what, space);
  }
  if (status.IsCorruption()) {
    return Damaged("stored bytes are damaged", text, what, space);
  }
  if (status.IsNoSpace()) {
    return MakeError(absl::StatusCode::kResourceExhausted,
                     v1::ERROR_REASON_STORE_FULL,
                     "the disk of the store is full; make room");
  }
  return status.IsIOError()
             ? Unavailable("the disk of the store failed", what)
             : Unavailable("the store cannot be used at the moment", what);
}

absl::Status OpenStatus(const rocksdb::Status& status) {
  return ToStatus(status.IsInvalidArgument() || status.IsNotFound()
                      ? rocksdb::Status::Corruption(status.ToString())
                      : status,
                  "open");
}

}  // namespace twingraph::kv_rocks
