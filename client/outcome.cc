#include "client/outcome.h"

#include "storage/base/status.h"

namespace twingraph::client {
namespace {

constexpr char kKey[] = "outcome";
constexpr char kUnknown[] = "unknown";

// The server does not know, or its answer was lost.
bool LeavesItOpen(const absl::Status& status) {
  const v1::ErrorReason reason = ReasonOf(status);
  switch (status.code()) {
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kCancelled:
      return true;
    case absl::StatusCode::kUnavailable:
      // With a reason the server has refused the call.
      return reason == v1::ERROR_REASON_UNSPECIFIED;
    default:
      return false;
  }
}

// Does this answer follow from a state that has what earlier attempts did?
// Refusals of a server that is busy, full or stopping do not.
bool TellsOfEarlierOnes(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kOk:
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kOutOfRange:
      return true;
    case absl::StatusCode::kAborted:
      return ReasonOf(status) == v1::ERROR_REASON_ETAG_MISMATCH;
    default:
      return false;
  }
}

}  // namespace

void Outcome::Add(const absl::Status& status, bool is_sent) {
  if (is_sent && LeavesItOpen(status)) {
    is_unknown_ = true;
  } else if (TellsOfEarlierOnes(status)) {
    is_unknown_ = false;
  }
}

absl::Status Outcome::Mark(absl::Status error) const {
  if (is_unknown_) {
    AddMetadata(error, kKey, kUnknown);
  }
  return error;
}

bool IsOutcomeUnknown(const absl::Status& error) {
  return MetadataOf(error, kKey) == kUnknown;
}

}  // namespace twingraph::client
