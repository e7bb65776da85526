#pragma once

// Answers of queries as text, for comparisons.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "server/query/query.h"

namespace twingraph::query {

// One row: "name=value" per column that the row has, documents as <twin id> and
// <relationship source id>.
std::string FormatRow(const CompiledQuery& query, absl::Span<const Cell> row);

struct Paging {
  size_t page = kMaxBatchRows;
  // True: each page is read by an execution of its own, opened at the position
  // of the one before.
  bool is_resumed = false;
  // Called before each such opening.
  std::function<void()> before_page = [] {};
};

// All rows of a query over a view, in their order, read page by page.
absl::StatusOr<std::vector<std::string>> ReadRows(
    std::shared_ptr<const CompiledQuery> query, const GraphView& view,
    const Paging& paging = {});

// Compiles `text` and reads all its rows.
absl::StatusOr<std::vector<std::string>> RunQuery(absl::string_view text,
                                                  const Schema& schema,
                                                  const GraphView& view);

}  // namespace twingraph::query
