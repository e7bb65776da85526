#include "client/cli/tool.h"

#include <algorithm>
#include <utility>

#include "CLI/CLI.hpp"
#include "absl/strings/numbers.h"

#include "client/cli/commands/commands.h"
#include "client/cli/output/error.h"
#include "client/cli/session.h"
#include "storage/base/bytes.h"
#include "storage/base/status.h"

namespace twingraph::cli {
namespace {

// gRPC would take any port for one below 65,536.
std::string CheckAddress(const std::string& text) {
  const size_t colon = text.rfind(':');
  int port = 0;
  const bool is_address = colon != std::string::npos && colon > 0 &&
                          absl::SimpleAtoi(text.substr(colon + 1), &port) &&
                          port >= 1 && port <= 65535;
  return is_address ? std::string()
                    : "\"" + text + "\" is not HOST:PORT, port 1 to 65535";
}

void AddSharedOptions(CLI::App& app, Session& session) {
  app.add_option("--server", session.server, "HOST:PORT of the server")
      ->check(CheckAddress)
      ->type_name("HOST:PORT")
      ->envname("TWINGRAPH_SERVER")
      ->capture_default_str();
  app.add_option("--graph", session.graph,
                 "graph of the server; default: its default one");
  app.add_option("--timeout", session.timeout_seconds,
                 "seconds that one call may take")
      ->check([](const std::string& text) {
        double seconds = 0;
        return absl::SimpleAtod(text, &seconds) && seconds > 0
                   ? std::string()
                   : "\"" + text + "\" is no number of seconds above 0";
      })
      ->capture_default_str();
  app.add_flag("--json", session.is_json,
               "print JSON, one value a line, for programs");
}

// A revision that a read names comes from --at, whatever the field is called.
absl::Status WithAt(absl::Status status) {
  if (ReasonOf(status) == v1::ERROR_REASON_INVALID_REVISION_TOKEN) {
    AddMetadata(status, "token", "--at");
  }
  return status;
}

bool IsAboutAt(const absl::Status& error) {
  return ReasonOf(error) == v1::ERROR_REASON_INVALID_REVISION_TOKEN ||
         std::ranges::any_of(ViolationsOf(error),
                             [](const FieldViolation& violation) {
                               return violation.field == "read.as_of";
                             });
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

// What the commonest mistakes need; empty for others.
absl::string_view Hint(const absl::Status& error) {
  const v1::ErrorReason reason = ReasonOf(error);
  if (error.code() == absl::StatusCode::kUnavailable &&
      reason == v1::ERROR_REASON_UNSPECIFIED) {
    return "hint: is a twingraph-server running there? --server or "
           "TWINGRAPH_SERVER names another place\n";
  }
  const std::string model = MetadataOf(error, "model");
  if (reason == v1::ERROR_REASON_MODEL_NOT_FOUND &&
      model.find(';') == std::string::npos) {
    return "hint: the id has no version; a shell ends the command at ';' "
           "unless the id stands in quotes\n";
  }
  if (IsAboutAt(error)) {
    return "hint: --at takes a revision token, or a time up to the present, "
           "such as 2026-05-31T08:00:00Z\n";
  }
  return "";
}

// What a command gave, or that its output is not where it should be: the disk
// is full, say.
absl::Status Written(absl::Status status, Session& session) {
  session.out().flush();
  if (status.ok() && !session.out()) {
    return InvalidArgument(v1::ERROR_REASON_INVALID_FIELD,
                           "cannot write the output; is the disk full?");
  }
  return status;
}

int Report(const absl::Status& given, Session& session) {
  const absl::Status status = Written(given, session);
  if (status.ok()) {
    return kExitOk;
  }
  const absl::Status error = WithAt(WithServer(status, session));
  if (session.is_json) {
    session.err() << FormatErrorJson(error);
  } else {
    session.err() << FormatError(error) << ToStd(Hint(error));
  }
  return kExitFailed;
}

// Prints help, or what is wrong with the command line.
int ExplainUsage(const CLI::App& app, const CLI::ParseError& error,
                 std::ostream& out, std::ostream& err) {
  const std::vector<std::string> unknown = app.remaining(/*recurse=*/true);
  if (error.get_exit_code() ==
          static_cast<int>(CLI::ExitCodes::RequiredError) &&
      !unknown.empty()) {
    // The library names what is absent, not the word that it did not know.
    err << "no command or option is named " << unknown.front()
        << "\nRun with --help for more information.\n";
    return kExitUsage;
  }
  return app.exit(error, out, err) == 0 ? kExitOk : kExitUsage;
}

}  // namespace

int RunTool(const std::vector<std::string>& arguments, std::ostream& out,
            std::ostream& err) {
  Session session(out, err);
  CLI::App app("A digital twin graph: models, twins, devices, queries.",
               "twingraph");
  app.set_version_flag("--version", TWINGRAPH_VERSION);
  app.require_subcommand(1);
  app.fallthrough();
  AddSharedOptions(app, session);
  AddCommands(app, session);
  // The library takes the arguments from the back.
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
  try {
    app.parse(std::move(reversed));
  } catch (const CLI::ParseError& error) {
    return ExplainUsage(app, error, out, err);
  }
  return Report(session.command(), session);
}

}  // namespace twingraph::cli
