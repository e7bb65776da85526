#pragma once

// Golden files: cases as text, so that a diff shows what changed. A case is one
// or more lines of comment ("# name: what it shows"), the input, a line "--",
// and what is expected, up to the next comment behind an empty line. Lines
// before the first case and headings ("# == ...") are kept as they are.

#include <functional>
#include <string>

#include "absl/strings/string_view.h"

namespace twingraph {

struct GoldenCase {
  std::string comment;  // with its "#"
  std::string input;
  std::string expected;
};

// Calls `run` for each case of tests/golden/`name` and expects its result to be
// the expected text; failures name the case. With TWINGRAPH_UPDATE_GOLDEN=1 the
// file is rewritten with what `run` gives, to be reviewed as a diff.
void RunGoldenFile(absl::string_view name,
                   const std::function<std::string(const GoldenCase&)>& run);

// The path of a file below tests/golden.
std::string GoldenPath(absl::string_view name);

}  // namespace twingraph
