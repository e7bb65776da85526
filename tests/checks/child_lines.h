#pragma once

// How the process that the crash check kills speaks and ends.

#include <string>

#include "absl/status/status.h"

namespace twingraph {

// Writes a line, which ends with a newline, in one piece to standard output.
void Say(const std::string& line);

// Ends the process so that the check sees it: nothing may fail here.
void Need(const absl::Status& status, const char* what);

}  // namespace twingraph
