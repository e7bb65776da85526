#pragma once

// Byte strings one behind the other after a table of their ends (4 bytes each,
// little endian, counted from the end of the table; the last one ends with the
// bytes). Part of the records' stored forms. Pure.

// Covered by tests/storage/graph/record_golden_test.cc.

#include <cstddef>
#include <initializer_list>
#include <string>

#include "absl/strings/string_view.h"

#include "storage/kv/fixed_int.h"

namespace twingraph::graph {

// Where the table stands in a record.
struct SectionTable {
  size_t table_at = 0;
  int ends = 0;  // sections less one

  // Do the table and its sections lie inside `bytes`?
  bool IsValid(absl::string_view bytes) const {
    if (bytes.size() < base()) {
      return false;
    }
    size_t begin = 0;
    for (int i = 0; i < ends; ++i) {
      if (EndOf(bytes, i) < begin) {
        return false;
      }
      begin = EndOf(bytes, i);
    }
    return base() + begin <= bytes.size();
  }

  // REQUIRES: IsValid(bytes).
  absl::string_view Find(absl::string_view bytes, int index) const {
    const size_t begin = index == 0 ? 0 : EndOf(bytes, index - 1);
    const size_t end =
        index == ends ? bytes.size() - base() : EndOf(bytes, index);
    return bytes.substr(base() + begin, end - begin);
  }

 private:
  size_t base() const { return table_at + static_cast<size_t>(ends) * 4; }

  size_t EndOf(absl::string_view bytes, int index) const {
    return kv::ReadFixed32(bytes.data() + table_at +
                           static_cast<size_t>(index) * 4);
  }
};

// Appends the table and the sections.
inline void AppendSections(std::initializer_list<absl::string_view> sections,
                           std::string& out) {
  size_t end = 0;
  size_t index = 0;
  for (const absl::string_view section : sections) {
    end += section.size();
    if (++index < sections.size()) {
      kv::AppendFixed32(static_cast<uint32_t>(end), out);
    }
  }
  for (const absl::string_view section : sections) {
    out.append(section.data(), section.size());
  }
}

}  // namespace twingraph::graph
