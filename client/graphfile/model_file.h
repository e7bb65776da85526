#pragma once

// Files that hold models: one interface, an array of interfaces, or one
// interface (or array) after the other, as in models.jsonl. The text of each
// interface is passed on byte by byte.

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace twingraph::graphfile {

// One interface as it stands in a file.
struct ModelDocument {
  std::string file;
  int line = 0;  // where it begins, 1-based
  std::string text;
};

// The models of a file, or of all files *.json and *.jsonl below a folder in
// the order of their paths.
// Errors: NOT_FOUND / INVALID_FIELD for what cannot be read; INVALID_ARGUMENT /
// INVALID_FIELD for text that is not a sequence of JSON values.
absl::StatusOr<std::vector<ModelDocument>> ReadModels(const std::string& path);

}  // namespace twingraph::graphfile
