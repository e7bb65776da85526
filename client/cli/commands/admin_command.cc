// `twingraph check` and `twingraph status`.
// Covered by tests/e2e/cli_test.cc.

#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "google/protobuf/util/time_util.h"

#include "client/admin_client.h"
#include "client/cli/commands/commands.h"
#include "client/cli/output/count.h"
#include "client/cli/output/json.h"
#include "client/cli/output/table.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"

namespace twingraph::cli {
namespace {

using google::protobuf::util::TimeUtil;

std::string Mebibytes(int64_t bytes) {
  return absl::StrFormat("%.1f MiB", static_cast<double>(bytes) / (1 << 20));
}

absl::Status PrintStatus(Session& session) {
  const client::AdminClient admin(session.connection());
  ASSIGN_OR_RETURN(const v1::GetStatusResponse status,
                   admin.GetStatus(v1::GetStatusRequest()));
  if (session.is_json) {
    session.out() << MessageToJson(status) << '\n';
    return absl::OkStatus();
  }
  Table table(session.out(), {"server", session.server});
  table.AddRow({"version", status.server_version()});
  table.AddRow({"started", TimeUtil::ToString(status.start_time())});
  table.AddRow({"graph", status.graph()});
  table.AddRow({"engine", status.engine()});
  table.AddRow({"models", absl::StrCat(status.model_count())});
  table.AddRow({"twins", absl::StrCat(status.twin_count())});
  table.AddRow({"relationships", absl::StrCat(status.relationship_count())});
  table.AddRow({"hubs", absl::StrCat(status.hub_count())});
  table.AddRow({"memory", Mebibytes(status.memory_bytes())});
  table.AddRow({"disk", Mebibytes(status.disk_bytes())});
  table.AddRow({"revision", status.revision()});
  table.AddRow(
      {"writes", status.read_only_reason().empty()
                     ? "taken"
                     : absl::StrCat("refused: ", status.read_only_reason())});
  return absl::OkStatus();
}

// Prints a report as it comes and keeps how it ended.
class CheckReport {
 public:
  explicit CheckReport(Session& session) : session_(session) {}

  void Visit(const v1::CheckStoreResponse& message) {
    if (message.has_summary()) {
      summary_ = message.summary();
    }
    if (session_.is_json) {
      session_.out() << MessageToJson(message) << '\n';
    } else if (message.has_problem()) {
      const v1::CheckProblem& problem = message.problem();
      session_.out() << "problem in " << problem.space()
                     << (problem.subject().empty() ? "" : ", ")
                     << problem.subject() << ": " << problem.description()
                     << '\n';
    } else if (message.has_summary()) {
      session_.out() << summary_.entries_checked() << " entries checked, "
                     << Count(summary_.problem_count(), "problem") << ", "
                     << absl::StrFormat("%.3f s",
                                        static_cast<double>(
                                            TimeUtil::DurationToMilliseconds(
                                                summary_.elapsed())) /
                                            1000)
                     << '\n';
      if (summary_.rows_to_build() > 0) {
        session_.out() << "indexes are being built, "
                       << Count(summary_.rows_to_build(), "row") << " to go\n";
      }
    }
  }

  absl::Status Result() const {
    if (summary_.problem_count() == 0) {
      return absl::OkStatus();
    }
    return DataLoss(absl::StrCat(
        "the store has ", Count(summary_.problem_count(), "problem"),
        "; twingraph admin repair-indexes mends what follows from facts, and "
        "where a check finds more after it, restore a backup"));
  }

 private:
  Session& session_;
  v1::CheckSummary summary_;
};

absl::Status Check(Session& session) {
  const client::AdminClient admin(session.connection());
  CheckReport report(session);
  RETURN_IF_ERROR(admin.CheckStore(
      v1::CheckStoreRequest(),
      [&](const v1::CheckStoreResponse& message) { report.Visit(message); }));
  return report.Result();
}

}  // namespace

void AddCheckCommand(CLI::App& app, Session& session) {
  app.add_subcommand("check", "read the whole store and check that it agrees")
      ->callback([&session] {
        session.command = [&session] { return Check(session); };
      });
}

void AddStatusCommand(CLI::App& app, Session& session) {
  app.add_subcommand(
         "status",
         "the state of the server; disk: all files of its graph, without "
         "backups")
      ->callback([&session] {
        session.command = [&session] { return PrintStatus(session); };
      });
}

}  // namespace twingraph::cli
