// Covered by tests/conformance/kv.
#include "storage/kv/state.h"

namespace twingraph::kv {
namespace {

constexpr char kIncompleteUrl[] = "twingraph/incomplete-read";

}  // namespace

absl::Status IncompleteError() {
  absl::Status status(absl::StatusCode::kUnavailable, "not in memory");
  status.SetPayload(kIncompleteUrl, absl::Cord());
  return status;
}

bool IsIncomplete(const absl::Status& status) {
  return status.code() == absl::StatusCode::kUnavailable &&
         status.GetPayload(kIncompleteUrl).has_value();
}

}  // namespace twingraph::kv
