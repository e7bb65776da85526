#pragma once

// The errors that several operations on a graph share. Pure.

// Covered by tests/storage/graph/graph_writer_test.cc.

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "storage/base/status.h"

namespace twingraph::graph {

inline absl::Status TwinNotFound(absl::string_view id) {
  return NotFound(v1::ERROR_REASON_TWIN_NOT_FOUND,
                  absl::StrCat("there is no twin '", id, "'"), {{"twin", id}});
}

inline absl::Status RelationshipNotFound(absl::string_view source,
                                         absl::string_view id) {
  return NotFound(
      v1::ERROR_REASON_RELATIONSHIP_NOT_FOUND,
      absl::StrCat("twin '", source, "' has no relationship '", id, "'"),
      {{"twin", source}, {"relationship", id}});
}

inline absl::Status ModelNotFound(absl::string_view id) {
  return NotFound(v1::ERROR_REASON_MODEL_NOT_FOUND,
                  absl::StrCat("there is no model '", id, "'"),
                  {{"model", id}});
}

inline absl::Status HubNotFound(absl::string_view id) {
  return NotFound(v1::ERROR_REASON_HUB_NOT_FOUND,
                  absl::StrCat("there is no hub '", id, "'"), {{"hub", id}});
}

// A row whose bytes make no sense.
inline absl::Status Damaged(absl::string_view space) {
  return DataLoss(absl::StrCat("a row of ", space, " is damaged"),
                  {{"space", space}});
}

}  // namespace twingraph::graph
