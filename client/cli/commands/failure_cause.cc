#include "client/cli/commands/failure_cause.h"

#include <algorithm>

namespace twingraph::cli {
namespace {

bool BlamesInput(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kOutOfRange:
      return true;
    default:
      return false;
  }
}

}  // namespace

void FailureCause::Add(const absl::Status& status) {
  Counts& counts = BlamesInput(status.code()) ? of_input_ : of_server_;
  ++counts[{status.code(), ReasonOf(status)}];
}

absl::Status FailureCause::Error(absl::string_view message) const {
  const auto [code, reason] = Most();
  return MakeError(code, reason, message);
}

FailureCause::Kind FailureCause::Most() const {
  if (!of_server_.empty()) {
    return std::ranges::max_element(of_server_, {}, &Counts::value_type::second)
        ->first;
  }
  return of_input_.size() == 1 ? of_input_.begin()->first
                               : Kind(absl::StatusCode::kInvalidArgument,
                                      v1::ERROR_REASON_INVALID_FIELD);
}

}  // namespace twingraph::cli
