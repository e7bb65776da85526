#pragma once

// Whether a write that failed may have been carried out all the same. Pure.

#include "absl/status/status.h"

namespace twingraph::client {

// Follows the attempts of one write, all with the same request_id. One thread
// at a time.
class Outcome {
 public:
  // An attempt ended with `status`; `is_sent` is false where it never left.
  void Add(const absl::Status& status, bool is_sent);

  // The error of the last attempt, with metadata "outcome" = "unknown" where an
  // attempt may have been carried out and none since has told.
  absl::Status Mark(absl::Status error) const;

 private:
  bool is_unknown_ = false;
};

// Has a client marked the error of a write so? Then what it asked for is
// perhaps done, or will be when a disk takes writes again; the same request
// with the same request_id tells, as soon as it is answered.
bool IsOutcomeUnknown(const absl::Status& error);

}  // namespace twingraph::client
