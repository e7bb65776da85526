#pragma once

// Queries over the graph at one revision. Safe from any thread. Errors of every
// operation: see twin_ops.h.

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "server/engine/call_options.h"
#include "server/query/query.h"
#include "server/query/row.h"
#include "storage/base/context.h"

namespace twingraph::engine {

struct Parts;

// A query that runs. It holds its revision, so end it soon. From one thread at
// a time; outlived by the engine.
class QueryExecution {
 public:
  virtual ~QueryExecution() = default;
  // Names of the columns, in order.
  virtual const std::vector<std::string>& columns() const = 0;
  // Token of the revision that is read.
  virtual const std::string& revision() const = 0;
  // Clears `batch` and fills it with up to `max_rows` rows, fewer where rows
  // are large. An empty batch is the end.
  // Errors: CALL_ENDED, store errors.
  virtual absl::Status NextBatch(const Context& ctx, size_t max_rows,
                                 query::RowBatch& batch) = 0;
  // Where to go on behind the last row, for PageRequest::position.
  virtual std::string Position() const = 0;
  virtual const query::ExecutionStats& stats() const = 0;
};

// One page of an answer.
struct QueryPage {
  std::vector<std::string> columns;
  query::RowBatch rows;
  std::string next_position;  // empty: the last page
  query::ExecutionStats stats;
  std::string revision;
};

class QueryOps {
 public:
  // `parts` outlives this object.
  explicit QueryOps(Parts& parts) : parts_(parts) {}

  // Compiles `text` and begins to execute it; with a position of the same text
  // behind it, at the revision `options.exactly_at` names.
  // Errors: INVALID_QUERY with line, column and the marked text;
  // INVALID_PAGE_TOKEN for a position of another query.
  absl::StatusOr<std::unique_ptr<QueryExecution>> Start(
      const Context& ctx, absl::string_view text, absl::string_view position,
      const ReadOptions& options);

  // Gives up to `page.size` rows from `page.position` on, and keeps the
  // revision readable for a while where more are to come. Go on with the same
  // text and `exactly_at` set to the page's revision.
  // Errors: as Start.
  absl::StatusOr<QueryPage> Page(const Context& ctx, absl::string_view text,
                                 const PageRequest& page,
                                 const ReadOptions& options);

 private:
  Parts& parts_;
};

}  // namespace twingraph::engine
