#include "client/cli/output/table.h"

#include <algorithm>
#include <utility>

namespace twingraph::cli {
namespace {

constexpr size_t kSampleRows = 500;
// A cell that is wider pushes the rest of its row instead of all rows.
constexpr size_t kWidestColumn = 60;

}  // namespace

size_t DisplayWidth(absl::string_view text) {
  return static_cast<size_t>(std::ranges::count_if(text, [](char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
  }));
}

Table::Table(std::ostream& out, std::vector<std::string> columns)
    : out_(out), widths_(columns.size(), 0) {
  AddRow(std::move(columns));
}

Table::~Table() {
  if (has_rows()) {
    Flush();
  }
}

void Table::AddRow(std::vector<std::string> cells) {
  for (std::string& cell : cells) {
    std::ranges::replace(cell, '\n', ' ');
  }
  if (is_fixed_) {
    WriteRow(cells);
    return;
  }
  for (size_t i = 0; i < cells.size(); ++i) {
    widths_[i] =
        std::max(widths_[i], std::min(DisplayWidth(cells[i]), kWidestColumn));
  }
  waiting_.push_back(std::move(cells));
  if (waiting_.size() > kSampleRows) {
    Flush();
  }
}

void Table::Flush() {
  is_fixed_ = true;
  for (const std::vector<std::string>& row : waiting_) {
    WriteRow(row);
  }
  waiting_.clear();
}

void Table::WriteRow(const std::vector<std::string>& cells) {
  std::string line;
  for (size_t i = 0; i < cells.size(); ++i) {
    line += cells[i];
    if (i + 1 < cells.size()) {
      const size_t width = DisplayWidth(cells[i]);
      line.append(width < widths_[i] ? widths_[i] - width + 2 : 2, ' ');
    }
  }
  line.erase(line.find_last_not_of(' ') + 1);
  out_ << line << '\n';
}

absl::Status EndList(Table* table, absl::Status status) {
  if (table != nullptr && status.ok()) {
    table->Flush();
  }
  return status;
}

}  // namespace twingraph::cli
