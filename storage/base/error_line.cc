#include "storage/base/error_line.h"

#include "absl/strings/str_cat.h"

#include "storage/base/status.h"

namespace twingraph {

std::string FormatErrorLine(const absl::Status& status) {
  const v1::ErrorReason reason = ReasonOf(status);
  return absl::StrCat(
      absl::StatusCodeToString(status.code()),
      reason == v1::ERROR_REASON_UNSPECIFIED ? "" : " / " + ReasonName(reason),
      ": ", status.message());
}

}  // namespace twingraph
