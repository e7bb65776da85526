#include "client/cli/tool.h"

#include <utility>

#include "CLI/CLI.hpp"

#include "client/cli/commands/commands.h"
#include "client/cli/output/error.h"
#include "client/cli/session.h"
#include "storage/base/status.h"

namespace twingraph::cli {
namespace {

void AddSharedOptions(CLI::App& app, Session& session) {
  app.add_option("--server", session.server, "HOST:PORT of the server")
      ->envname("TWINGRAPH_SERVER")
      ->capture_default_str();
  app.add_option("--graph", session.graph,
                 "graph of the server; default: its default one");
  app.add_option("--timeout", session.timeout_seconds,
                 "seconds that one call may take")
      ->capture_default_str();
  app.add_flag("--json", session.is_json,
               "print JSON, one value a line, for programs");
}

// A server that is not there is the commonest error of all: says where the tool
// looked.
absl::Status WithServer(absl::Status status, const Session& session) {
  if (status.code() != absl::StatusCode::kUnavailable) {
    return status;
  }
  AddMetadata(status, "server", session.server);
  return status;
}

int Report(const absl::Status& status, Session& session) {
  if (status.ok()) {
    return kExitOk;
  }
  session.out().flush();
  const absl::Status error = WithServer(status, session);
  session.err() << (session.is_json ? FormatErrorJson(error)
                                    : FormatError(error));
  return kExitFailed;
}

}  // namespace

int RunTool(const std::vector<std::string>& arguments, std::ostream& out,
            std::ostream& err) {
  Session session(out, err);
  CLI::App app("A digital twin graph: models, twins, devices, queries.",
               "twingraph");
  app.require_subcommand(1);
  app.fallthrough();
  AddSharedOptions(app, session);
  AddCommands(app, session);
  // The library takes the arguments from the back.
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
  try {
    app.parse(std::move(reversed));
  } catch (const CLI::ParseError& error) {
    return app.exit(error, out, err) == 0 ? kExitOk : kExitUsage;
  }
  return Report(session.command(), session);
}

}  // namespace twingraph::cli
