#pragma once

// Do the facts of a graph and everything derived from them agree? Reads the
// whole store once at one revision; trusts nothing that it can compute.

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "storage/base/context.h"
#include "storage/graph/graph_store.h"

namespace twingraph::graph {

// One disagreement: where it was found, and what is wrong there.
struct CheckProblem {
  std::string space;
  std::string key_hex;
  std::string message;
};

struct CheckReport {
  Revision revision = 0;
  int64_t twins = 0;
  int64_t relationships = 0;
  int64_t models = 0;
  int64_t index_entries = 0;
  // Missing from indexes that are being built, which is no problem.
  int64_t rows_to_build = 0;
  int64_t problem_count = 0;
  // The first ones.
  std::vector<CheckProblem> problems;
};

// Compares ids, twins, models, both directions of relationships, indexes,
// counters, dictionary and what is held in memory, and has the engine verify
// its bytes. Each file whose bytes are damaged is a problem of the report, and
// so is each space of which something cannot be read; that is left out, and
// what needs all facts to be told is not compared.
// Errors: those of reading, but for DATA_LOSS: what is wrong with the graph is
// in the report.
absl::StatusOr<CheckReport> CheckGraph(const Context& ctx,
                                       const GraphStore& store,
                                       size_t problem_limit = 100);

}  // namespace twingraph::graph
