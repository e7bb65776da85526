#pragma once

// A property path as text: a JSON Pointer, "/thermostat/temperature". The text
// is what the dictionary numbers. Pure.

// Covered by tests/storage/graph/index_rows_test.cc.

#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace twingraph::graph {

// Where the device block stands among a twin's paths.
inline constexpr char kDevicePath[] = "/$device";

// Appends "/" and `part` in escaped form.
inline void AppendPathPart(absl::string_view part, std::string& path) {
  path.push_back('/');
  for (const char letter : part) {
    if (letter == '~') {
      path.append("~0");
    } else if (letter == '/') {
      path.append("~1");
    } else {
      path.push_back(letter);
    }
  }
}

inline std::string FormatPath(absl::Span<const std::string> parts) {
  std::string path;
  for (const std::string& part : parts) {
    AppendPathPart(part, path);
  }
  return path;
}

}  // namespace twingraph::graph
