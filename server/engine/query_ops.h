#pragma once

// Queries over the graph at one revision. Safe from any thread; an execution
// from one at a time. Errors of every operation: see twin_ops.h.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "server/engine/call_options.h"
#include "storage/base/context.h"

namespace twingraph::engine {

struct Parts;

// Rows of an answer. Each row is one encoded list (ValueView) with a value per
// column; a column that a row does not have is null.
struct QueryBatch {
  std::vector<std::string> rows;
};

// One page of an answer.
struct QueryPage {
  std::vector<std::string> columns;
  std::vector<std::string> rows;  // as QueryBatch
  std::string next_position;      // empty: the last page
  std::string revision;
};

// A query that runs: it holds its revision, so end it soon. May be used from
// one thread at a time; outlived by the engine.
class QueryExecution {
 public:
  virtual ~QueryExecution() = default;
  // Names of the columns, in order.
  virtual const std::vector<std::string>& columns() const = 0;
  // Token of the revision that is read.
  virtual const std::string& revision() const = 0;
  // Clears `batch` and fills it with the next rows; false at the end.
  // Errors: CALL_ENDED, QUERY_TIMEOUT, store errors.
  virtual absl::StatusOr<bool> NextBatch(const Context& ctx,
                                         QueryBatch& batch) = 0;
};

class QueryOps {
 public:
  // `parts` outlives this object.
  explicit QueryOps(Parts& parts) : parts_(parts) {}

  // Compiles `text` and begins to execute it.
  // Errors: INVALID_QUERY with line, column and the marked text.
  absl::StatusOr<std::unique_ptr<QueryExecution>> Start(
      const Context& ctx, absl::string_view text, const ReadOptions& options);

  // Compiles `text` and gives up to `page.size` rows from `page.position` on.
  // Go on with the same text and `exactly_at` set to the page's revision.
  // Errors: INVALID_QUERY; INVALID_PAGE_TOKEN for a position of another query.
  absl::StatusOr<QueryPage> Page(const Context& ctx, absl::string_view text,
                                 const PageRequest& page,
                                 const ReadOptions& options);

 private:
  Parts& parts_;
};

}  // namespace twingraph::engine
