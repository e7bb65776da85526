#pragma once

// A table for people: columns padded to the widest cell. Rows are held back
// until a sample of them has fixed the widths, and then pass at once, so a long
// result does not gather in memory. One thread at a time.

#include <cstddef>
#include <ostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace twingraph::cli {

// Columns that a text takes on a terminal: its code points, control characters
// not counted apart. REQUIRES: valid UTF-8.
size_t DisplayWidth(absl::string_view text);

class Table {
 public:
  // `out` must outlive the table.
  Table(std::ostream& out, std::vector<std::string> columns);
  // Writes what was held back; the header only before a row.
  ~Table();
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;

  // REQUIRES: one cell for each column. Line breaks in cells become spaces.
  void AddRow(std::vector<std::string> cells);

  // Writes what was held back. The header appears also without rows.
  void Flush();

 private:
  bool has_rows() const { return is_fixed_ || waiting_.size() > 1; }

  void WriteRow(const std::vector<std::string>& cells);

  std::ostream& out_;
  std::vector<size_t> widths_;
  std::vector<std::vector<std::string>> waiting_;
  bool is_fixed_ = false;
};

// Ends a list that came with `status`: one that failed before its first row has
// no header, one that has no rows has. Null for a list that is no table. Gives
// `status` back.
absl::Status EndList(Table* table, absl::Status status);

}  // namespace twingraph::cli
