#pragma once

// One pass over the rows of a range.

// Covered by tests/storage/graph/graph_model_test.cc.

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "storage/base/context.h"
#include "storage/base/status_macros.h"
#include "storage/commit/reader.h"

namespace twingraph::graph {

// Calls `visit` with the cursor at each row until it returns false or an error,
// which is passed on.
inline absl::Status ScanRows(
    const Context& ctx, const commit::Reader& reader, kv::SpaceId space,
    const kv::Range& range,
    absl::FunctionRef<absl::StatusOr<bool>(const kv::Cursor&)> visit) {
  const auto cursor = reader.Scan(ctx, space, range);
  while (cursor->Next()) {
    ASSIGN_OR_RETURN(const bool goes_on, visit(*cursor));
    if (!goes_on) {
      return absl::OkStatus();
    }
  }
  return cursor->status();
}

}  // namespace twingraph::graph
