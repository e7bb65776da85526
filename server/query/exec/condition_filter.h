#pragma once

// Conditions on rows in flight.

#include "absl/status/status.h"

#include "server/query/exec/operator.h"

namespace twingraph::query {

// Drops the rows on which `condition` is not true. Reads the documents and
// models that it needs, once for all rows.
absl::Status KeepWhere(const Context& ctx, const ExecutionContext& context,
                       const Expression& condition, Bindings& rows);

}  // namespace twingraph::query
