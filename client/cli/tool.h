#pragma once

// The tool as a function, so that tests run it without a process.

#include <ostream>
#include <string>
#include <vector>

namespace twingraph::cli {

// Exit statuses.
inline constexpr int kExitOk = 0;
inline constexpr int kExitFailed = 1;  // the command failed; says why
inline constexpr int kExitUsage = 2;   // the command line is wrong

// Runs `twingraph ARGUMENTS...`: results go to `out`, progress and errors to
// `err`. Returns the exit status.
int RunTool(const std::vector<std::string>& arguments, std::ostream& out,
            std::ostream& err);

}  // namespace twingraph::cli
