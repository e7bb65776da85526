#pragma once

// The entry of the query layer: text in, rows out.
//
//   Compile   text -> CompiledQuery: lexer, parser, binder; no graph is needed
//   Execution the plan, chosen by the statistics of a graph, and its operators
//
// The language and the choices behind it: server/query/README.md.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "server/query/graph_view.h"
#include "server/query/row.h"
#include "server/query/schema.h"
#include "storage/base/context.h"

namespace twingraph::query {

struct BoundQuery;

// How large a query may be. The defaults are those of the service whose
// language this is, where it has a limit.
struct QueryLimits {
  size_t characters = 8000;
  size_t connectives = 50;  // AND and OR together
  size_t list_items = 100;  // of one IN or NIN
  size_t joins = 5;
  size_t hops = 10;      // of one MATCH, upper bounds added up
  size_t nesting = 100;  // parentheses and NOTs around each other
};

struct QueryOptions {
  QueryLimits limits;
};

// A query that was checked and bound to names and models. Immutable; may be
// executed by many threads at once, over any view whose models are those of the
// schema it was compiled with.
class CompiledQuery {
 public:
  ~CompiledQuery();

  // Names of the columns. "*" stands alone where the query selects whole
  // documents without a name.
  const std::vector<std::string>& columns() const;

  const BoundQuery& bound() const { return *bound_; }

 private:
  friend absl::StatusOr<std::shared_ptr<const CompiledQuery>> Compile(
      absl::string_view text, const Schema& schema,
      const QueryOptions& options);

  explicit CompiledQuery(std::unique_ptr<const BoundQuery> bound);

  std::unique_ptr<const BoundQuery> bound_;
};

// Checks `text` and binds it.
// Errors: INVALID_ARGUMENT / INVALID_QUERY for a text that is not of the
// language: the message has the line of the text and a caret below the place;
// metadata line, column (1-based, bytes), offset (bytes), rule ("syntax" or the
// id of the check, "K8"), kind ("SYN", "SEM", "FEA" or "LIM").
absl::StatusOr<std::shared_ptr<const CompiledQuery>> Compile(
    absl::string_view text, const Schema& schema,
    const QueryOptions& options = {});

// What an execution did so far.
struct ExecutionStats {
  uint64_t rows = 0;
  uint64_t documents_read = 0;
  uint64_t edges_visited = 0;
  uint64_t index_entries_read = 0;
  uint64_t row_bytes = 0;

  // Cost in query units: the same for the same query, pages and graph.
  double Charge() const;
};

// One run of a query over one view. Used by one thread at a time; outlived by
// the view.
class Execution {
 public:
  // Plans `query`. `position` is empty, or Position() of an execution of the
  // same text over a view of the same revision: rows go on behind it, at the
  // cost of a seek, however far the position is.
  // Errors: INVALID_PAGE_TOKEN for a position that is damaged or of another
  // query; those of GraphView.
  static absl::StatusOr<std::unique_ptr<Execution>> Open(
      const Context& ctx, std::shared_ptr<const CompiledQuery> query,
      const GraphView& view, absl::string_view position = {});

  virtual ~Execution() = default;

  // Clears `batch` and fills it with up to `max_rows` rows (at most
  // kMaxBatchRows), fewer where rows are large. An empty batch is the end.
  // Errors: CALL_ENDED; those of GraphView.
  virtual absl::Status NextBatch(const Context& ctx, size_t max_rows,
                                 RowBatch& batch) = 0;

  // Where to go on behind the last row that was returned. Bytes, not for
  // clients' eyes: seal them.
  virtual std::string Position() const = 0;

  // The plan as text, one operator a line.
  virtual std::string Explain() const = 0;

  virtual const ExecutionStats& stats() const = 0;
};

}  // namespace twingraph::query
