// `twingraph import`.
// Covered by tests/e2e/cli_test.cc.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include <unistd.h>

#include "client/cli/commands/commands.h"
#include "client/cli/commands/failure_cause.h"
#include "client/cli/importer.h"
#include "client/cli/output/count.h"
#include "storage/base/error_line.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"

namespace twingraph::cli {
namespace {

struct ImportArguments {
  std::string file;
  ImportOptions options;
  bool is_lenient = false;
};

// More rows than this are counted, not printed.
constexpr int64_t kPrintedRows = 100;

// Rows whose fate nobody knows, to follow the failed ones; mostly nothing.
std::string PerhapsStored(const ImportProgress& progress) {
  return progress.unknown == 0
             ? ""
             : absl::StrCat(", ", progress.unknown, " perhaps stored");
}

// Writes progress to the error stream: one line that changes on a terminal, a
// line every few seconds elsewhere.
class ProgressPrinter {
 public:
  explicit ProgressPrinter(Session& session)
      : session_(session),
        is_terminal_(isatty(STDERR_FILENO) != 0),
        interval_(is_terminal_ ? absl::Milliseconds(200) : absl::Seconds(5)),
        last_(absl::Now()) {}

  void Print(const ImportProgress& progress) {
    const absl::Time now = absl::Now();
    if (now - last_ < interval_) {
      return;
    }
    last_ = now;
    session_.err() << (is_terminal_ ? "\r" : "")
                   << absl::StreamFormat(
                          "%-13s %3.0f %%  %d twins, %d relationships, %d "
                          "failed%s",
                          std::string(graphfile::SectionName(progress.section)),
                          100 * progress.file_progress, progress.twins,
                          progress.relationships, progress.failed,
                          PerhapsStored(progress))
                   << (is_terminal_ ? "\x1b[K" : "\n") << std::flush;
    is_line_open_ = is_terminal_;
  }

  // Ends the line that changes, so that others can follow.
  void EndLine() {
    if (is_line_open_) {
      session_.err() << '\n';
      is_line_open_ = false;
    }
  }

 private:
  Session& session_;
  const bool is_terminal_;
  const absl::Duration interval_;
  absl::Time last_;
  bool is_line_open_ = false;
};

absl::string_view FateWords(RowFate fate) {
  switch (fate) {
    case RowFate::kFailed:
      return ": ";
    case RowFate::kUnknown:
      return ": perhaps stored: ";
    case RowFate::kStored:
      return ": stored as it is: ";
  }
  return "";
}

void PrintRow(const std::string& file, const ReportedRow& row,
              Session& session) {
  session.err() << file << ':' << row.line << ": "
                << graphfile::SectionName(row.section)
                << (row.id.empty() ? "" : " ") << row.id << FateWords(row.fate)
                << FormatErrorLine(row.status) << '\n';
}

void PrintSummary(const ImportProgress& progress, absl::Duration elapsed,
                  Session& session) {
  const double seconds = absl::ToDoubleSeconds(elapsed);
  if (session.is_json) {
    session.out() << absl::StreamFormat(
        "{\"models\":%d,\"twins\":%d,\"relationships\":%d,"
        "\"nonconforming\":%d,\"skipped\":%d,\"failed\":%d,\"unknown\":%d,"
        "\"seconds\":%.3f}\n",
        progress.models, progress.twins, progress.relationships,
        progress.nonconforming, progress.skipped, progress.failed,
        progress.unknown, seconds);
    return;
  }
  const double rows =
      static_cast<double>(progress.twins + progress.relationships);
  session.out() << absl::StreamFormat(
      "%d models, %d twins, %d relationships (%d not conforming), %d skipped, "
      "%d failed%s; %.2f s, %.0f rows/s\n",
      progress.models, progress.twins, progress.relationships,
      progress.nonconforming, progress.skipped, progress.failed,
      PerhapsStored(progress), seconds, rows / seconds);
}

// "not imported: 3 rows; perhaps imported: 1 row, ..."
std::string FailureWords(const ImportProgress& progress) {
  std::vector<std::string> parts;
  if (progress.failed > 0) {
    parts.push_back(
        absl::StrCat("not imported: ", Count(progress.failed, "row")));
  }
  if (progress.unknown > 0) {
    parts.push_back(absl::StrCat(
        "perhaps imported: ", Count(progress.unknown, "row"),
        " (import the file again with --if-exists skip to be sure)"));
  }
  return absl::StrJoin(parts, "; ");
}

bool HasRows(const ImportProgress& progress) {
  return progress.models + progress.twins + progress.relationships +
             progress.skipped + progress.failed + progress.unknown >
         0;
}

absl::Status WithCounts(absl::Status error, const ImportProgress& progress,
                        const std::string& file) {
  AddMetadata(error, "file", file);
  if (HasRows(progress)) {
    AddMetadata(error, "failed", absl::StrCat(progress.failed));
  }
  if (progress.unknown > 0) {
    AddMetadata(error, "unknown", absl::StrCat(progress.unknown));
  }
  return error;
}

// What ended an import before its file did.
absl::Status EndedEarly(absl::Status error, const ImportProgress& progress) {
  if (HasRows(progress)) {
    AddMetadata(error, "rest", "not tried");
  }
  return error;
}

absl::Status Import(const ImportArguments& arguments, Session& session) {
  ProgressPrinter printer(session);
  int64_t reported = 0;
  ImportHandlers handlers;
  ImportProgress progress;
  handlers.on_progress = [&](const ImportProgress& now) {
    progress = now;
    printer.Print(now);
  };
  FailureCause cause;
  handlers.on_reported_row = [&](const ReportedRow& row) {
    if (row.fate != RowFate::kStored) {
      cause.Add(row.status);
    }
    if (++reported <= kPrintedRows) {
      printer.EndLine();
      PrintRow(arguments.file, row, session);
    }
  };
  const absl::Time start = absl::Now();
  const absl::Status ended = ImportFile(session.connection(), arguments.file,
                                        arguments.options, handlers)
                                 .status();
  printer.EndLine();
  if (ended.ok() || HasRows(progress)) {
    PrintSummary(progress, absl::Now() - start, session);
  }
  if (!ended.ok()) {
    return WithCounts(EndedEarly(ended, progress), progress, arguments.file);
  }
  if (progress.failed + progress.unknown > 0 && !arguments.is_lenient) {
    return WithCounts(cause.Error(FailureWords(progress)), progress,
                      arguments.file);
  }
  return absl::OkStatus();
}

IfExists IfExistsOf(absl::string_view name) {
  if (name == "skip") {
    return IfExists::kSkip;
  }
  return name == "replace" ? IfExists::kReplace : IfExists::kFail;
}

}  // namespace

void AddImportCommand(CLI::App& app, Session& session) {
  CLI::App* import =
      app.add_subcommand("import", "load models, twins and relationships");
  auto arguments = std::make_shared<ImportArguments>();
  import
      ->add_option("FILE", arguments->file,
                   "NDJSON in sections, or a JSON document with digitalTwins "
                   "and relationships")
      ->required();
  import
      ->add_option_function<std::string>(
          "--if-exists",
          [arguments](const std::string& name) {
            arguments->options.if_exists = IfExistsOf(name);
          },
          "what to do with a row that is there already")
      ->check(CLI::IsMember({"fail", "skip", "replace"}).description(""))
      ->type_name("fail|skip|replace")
      ->default_str("fail");
  import
      ->add_option("--parallel", arguments->options.parallel_calls,
                   "calls under way at a time")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  import->add_flag("--strict", arguments->options.is_strict,
                   "refuse rows that do not conform to their models; default: "
                   "report them and store them as they are");
  import->add_flag("--lenient", arguments->is_lenient,
                   "succeed although some rows failed");
  import->callback([arguments, &session] {
    session.command = [arguments, &session] {
      return Import(*arguments, session);
    };
  });
}

}  // namespace twingraph::cli
