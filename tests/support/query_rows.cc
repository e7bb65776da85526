#include "tests/support/query_rows.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "storage/base/status_macros.h"
#include "storage/value/json.h"

namespace twingraph::query {
namespace {

std::string FormatCell(const Cell& cell) {
  if (cell.twin != nullptr) {
    return absl::StrCat("<twin ", cell.twin->id, ">");
  }
  if (cell.relationship != nullptr) {
    return absl::StrCat("<relationship ", cell.relationship->source, " ",
                        cell.relationship->id, ">");
  }
  std::string text;
  AppendJson(cell.value, text);
  return text;
}

}  // namespace

std::string FormatRow(const CompiledQuery& query, absl::Span<const Cell> row) {
  std::string text;
  for (size_t i = 0; i < row.size(); ++i) {
    if (!row[i].is_undefined()) {
      absl::StrAppend(&text, text.empty() ? "" : " ", query.columns()[i], "=",
                      FormatCell(row[i]));
    }
  }
  return text.empty() ? "(nothing)" : text;
}

absl::StatusOr<std::vector<std::string>> ReadRows(
    std::shared_ptr<const CompiledQuery> query, const GraphView& view,
    const Paging& paging) {
  const Context ctx;
  std::vector<std::string> rows;
  std::string position;
  ASSIGN_OR_RETURN(auto execution, Execution::Open(ctx, query, view));
  while (true) {
    RowBatch batch;
    RETURN_IF_ERROR(execution->NextBatch(ctx, paging.page, batch));
    if (batch.empty()) {
      return rows;
    }
    for (size_t i = 0; i < batch.size(); ++i) {
      rows.push_back(FormatRow(*query, batch.row(i)));
    }
    if (paging.is_resumed) {
      position = execution->Position();
      paging.before_page();
      ASSIGN_OR_RETURN(execution, Execution::Open(ctx, query, view, position));
    }
  }
}

absl::StatusOr<std::vector<std::string>> RunQuery(absl::string_view text,
                                                  const Schema& schema,
                                                  const GraphView& view) {
  ASSIGN_OR_RETURN(auto query, Compile(text, schema));
  return ReadRows(std::move(query), view);
}

}  // namespace twingraph::query
