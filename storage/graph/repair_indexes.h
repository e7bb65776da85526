#pragma once

// Makes everything that follows from the facts of a graph follow from them
// again: index rows, both directions of relationships, ids, counters, names by
// text, and by number where the text is known. Facts themselves are never
// changed, so what a check finds wrong with them stays.

#include <cstdint>

#include "absl/status/statusor.h"

#include "storage/base/context.h"
#include "storage/graph/graph_store.h"

namespace twingraph::graph {

struct RepairReport {
  // Rows that a fact needs and that were not there, or had another value.
  int64_t rows_written = 0;
  // Rows that belonged to no fact.
  int64_t rows_deleted = 0;
  int64_t counters_changed = 0;

  int64_t total() const {
    return rows_written + rows_deleted + counters_changed;
  }
};

// Reads the whole graph at one revision, in the way of a check, and repairs in
// commits of their own. Other commits go on: what they changed meanwhile is
// left as they made it, and a second call finds it if it is still wrong.
// Indexes of properties whose stored bytes are damaged are made again whole;
// what was cut off meanwhile, the next call goes on with. Errors: those of
// reading and of RunTransaction; DATA_LOSS / STORE_CORRUPT where other bytes
// are damaged, with the part of the store as `space`.
absl::StatusOr<RepairReport> RepairIndexes(const Context& ctx,
                                           GraphStore& store);

}  // namespace twingraph::graph
