#pragma once

// Rows of an answer. A batch owns what its cells point to. Not shared between
// threads.

#include <cstddef>
#include <deque>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

#include "server/query/document.h"
#include "storage/value/value_codec.h"

namespace twingraph::query {

// Most rows of one batch.
inline constexpr size_t kMaxBatchRows = 1024;

// One value of a row: at most one of the three is set. None is a column that
// the row does not have, which differs from null.
struct Cell {
  ValueView value = {};
  const TwinDocument* twin = nullptr;
  const RelationshipDocument* relationship = nullptr;

  bool is_undefined() const {
    return !value.is_defined() && twin == nullptr && relationship == nullptr;
  }
};

class RowBatch {
 public:
  size_t size() const { return rows_; }

  bool empty() const { return rows_ == 0; }

  // The cells of row `i`, one per column of the query. Valid until the batch is
  // filled again. REQUIRES: i < size().
  absl::Span<const Cell> row(size_t i) const {
    return absl::MakeConstSpan(cells_).subspan(i * columns_, columns_);
  }

  // For who fills it: forgets all rows; the coming ones have `columns` cells.
  void Reset(size_t columns);
  // Adds a row of undefined cells and returns them; valid until the next call.
  absl::Span<Cell> AddRow();
  // Keep something that cells point to.
  const TwinDocument* Keep(const TwinDocument& document);
  const RelationshipDocument* Keep(const RelationshipDocument& document);
  absl::string_view Keep(std::string bytes);

 private:
  size_t columns_ = 0;
  size_t rows_ = 0;
  std::vector<Cell> cells_;
  std::deque<TwinDocument> twins_;
  std::deque<RelationshipDocument> relationships_;
  std::deque<std::string> bytes_;
};

// Appends a cell in the stored form of values: the value itself, or the
// document as a map with "$dtId", "$etag", "$metadata" and so on among its
// properties. Undefined becomes null.
void AppendEncodedCell(const Cell& cell, std::string& out);

// Appends a row as an encoded list with one element per cell.
void AppendEncodedRow(absl::Span<const Cell> row, std::string& out);

// A time as the language shows it: 2024-05-01T06:00:00.0000000Z.
std::string FormatQueryTime(absl::Time time);

}  // namespace twingraph::query
