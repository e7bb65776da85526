#pragma once

// Why things failed of which many were tried: one reason for all. One thread at
// a time.

#include <cstdint>
#include <map>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "storage/base/status.h"

namespace twingraph::cli {

class FailureCause {
 public:
  // One of them failed with this. REQUIRES: it is an error.
  void Add(const absl::Status& status);

  // An error with `message`, and code and reason of most of those that blame
  // the server; where none does, of all if they agree, else INVALID_ARGUMENT /
  // INVALID_FIELD: the input is wrong. REQUIRES: one was added.
  absl::Status Error(absl::string_view message) const;

 private:
  using Kind = std::pair<absl::StatusCode, v1::ErrorReason>;
  using Counts = std::map<Kind, int64_t>;

  Kind Most() const;

  Counts of_input_;
  Counts of_server_;
};

}  // namespace twingraph::cli
