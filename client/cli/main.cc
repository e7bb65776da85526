// The program `twingraph`.
// Covered by tests/e2e/cli_test.cc.

#include <iostream>
#include <string>
#include <vector>

#include "client/cli/tool.h"

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  return twingraph::cli::RunTool(arguments, std::cout, std::cerr);
}
