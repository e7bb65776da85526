// `twingraph import`.
// Covered by tests/e2e/cli_test.cc.

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include <unistd.h>

#include "client/cli/commands/commands.h"
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
                          "failed",
                          std::string(graphfile::SectionName(progress.section)),
                          100 * progress.file_progress, progress.twins,
                          progress.relationships, progress.failed)
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

void PrintRow(const std::string& file, const ReportedRow& row,
              Session& session) {
  session.err() << file << ':' << row.line << ": "
                << graphfile::SectionName(row.section)
                << (row.id.empty() ? "" : " ") << row.id
                << (row.is_stored ? ": stored as it is: " : ": ")
                << FormatErrorLine(row.status) << '\n';
}

void PrintSummary(const ImportProgress& progress, absl::Duration elapsed,
                  Session& session) {
  const double seconds = absl::ToDoubleSeconds(elapsed);
  if (session.is_json) {
    session.out() << absl::StreamFormat(
        "{\"models\":%d,\"twins\":%d,\"relationships\":%d,"
        "\"nonconforming\":%d,\"skipped\":%d,\"failed\":%d,"
        "\"seconds\":%.3f}\n",
        progress.models, progress.twins, progress.relationships,
        progress.nonconforming, progress.skipped, progress.failed, seconds);
    return;
  }
  const double rows =
      static_cast<double>(progress.twins + progress.relationships);
  session.out() << absl::StreamFormat(
      "%d models, %d twins, %d relationships (%d not conforming), %d skipped, "
      "%d failed; %.2f s, %.0f rows/s\n",
      progress.models, progress.twins, progress.relationships,
      progress.nonconforming, progress.skipped, progress.failed, seconds,
      rows / seconds);
}

// Why rows failed: as the rows say where all say the same, else that the file
// is wrong.
class FailureCause {
 public:
  void Add(const absl::Status& status) {
    is_mixed_ |= !first_.ok() && ReasonOf(first_) != ReasonOf(status);
    first_.Update(status);
  }

  absl::StatusCode code() const {
    return is_mixed_ ? absl::StatusCode::kInvalidArgument : first_.code();
  }

  v1::ErrorReason reason() const {
    return is_mixed_ ? v1::ERROR_REASON_INVALID_FIELD : ReasonOf(first_);
  }

 private:
  absl::Status first_;
  bool is_mixed_ = false;
};

absl::Status Import(const ImportArguments& arguments, Session& session) {
  ProgressPrinter printer(session);
  int64_t reported = 0;
  ImportHandlers handlers;
  handlers.on_progress = [&](const ImportProgress& progress) {
    printer.Print(progress);
  };
  FailureCause cause;
  handlers.on_reported_row = [&](const ReportedRow& row) {
    if (!row.is_stored) {
      cause.Add(row.status);
    }
    if (++reported <= kPrintedRows) {
      printer.EndLine();
      PrintRow(arguments.file, row, session);
    }
  };
  const absl::Time start = absl::Now();
  const absl::StatusOr<ImportProgress> progress = ImportFile(
      session.connection(), arguments.file, arguments.options, handlers);
  printer.EndLine();
  if (!progress.ok()) {
    absl::Status status = progress.status();
    AddMetadata(status, "file", arguments.file);
    return status;
  }
  PrintSummary(*progress, absl::Now() - start, session);
  if (progress->failed > 0 && !arguments.is_lenient) {
    return MakeError(
        cause.code(), cause.reason(),
        absl::StrCat("not imported: ", Count(progress->failed, "row")),
        {{"file", arguments.file}, {"failed", absl::StrCat(progress->failed)}});
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
