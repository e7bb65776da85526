#include "tests/checks/child_lines.h"

#include <cstdio>
#include <cstdlib>

#include <unistd.h>

namespace twingraph {

void Say(const std::string& line) {
  if (write(STDOUT_FILENO, line.data(), line.size()) < 0) {
    std::abort();
  }
}

void Need(const absl::Status& status, const char* what) {
  if (!status.ok()) {
    std::fprintf(stderr, "child: %s: %s\n", what, status.ToString().c_str());
    std::abort();
  }
}

}  // namespace twingraph
