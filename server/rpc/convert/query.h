#pragma once

// Rows of an answer as bytes, written from the cells without an intermediate
// form. Pure.

#include <cstddef>

#include "absl/time/time.h"

#include "server/query/query.h"
#include "server/query/row.h"
#include "server/rpc/convert/wire_writer.h"

namespace twingraph::rpc {

// Writes the content of a v1.QueryRow.
void WriteRow(absl::Span<const query::Cell> cells, WireWriter& writer);

// Writes the content of a v1.QueryStats.
void WriteStats(const query::ExecutionStats& stats, absl::Duration elapsed,
                WireWriter& writer);

}  // namespace twingraph::rpc
