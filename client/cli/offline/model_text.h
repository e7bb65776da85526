#pragma once

// Texts of models as they stand in files, for checks that name line and column:
// a .json file is one text, each line of a .jsonl file is one.

#include <istream>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace twingraph::cli {

struct ModelText {
  std::string file;    // "-" for the standard input
  int first_line = 1;  // of the text in the file
  std::string text;
};

// The texts of a file, of all files *.json and *.jsonl below a folder in the
// order of their paths, or of `input` where `path` is "-" (lines where the
// first line is a JSON value by itself).
// Errors: NOT_FOUND / INVALID_FIELD for what cannot be read and where there is
// no text.
absl::StatusOr<std::vector<ModelText>> ReadModelTexts(const std::string& path,
                                                      std::istream& input);

}  // namespace twingraph::cli
