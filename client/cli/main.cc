// The program `twingraph`.
// Covered by tests/e2e/cli_test.cc.

#include <iostream>
#include <string>
#include <vector>

#include "google/protobuf/stubs/logging.h"
#include "grpc/support/log.h"

#include "client/cli/tool.h"

int main(int argc, char** argv) {
  // What the libraries say beside the errors that they return.
  google::protobuf::SetLogHandler(nullptr);
  gpr_set_log_function([](gpr_log_func_args*) {});
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  return twingraph::cli::RunTool(arguments, std::cout, std::cerr);
}
