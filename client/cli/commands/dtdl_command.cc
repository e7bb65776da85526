// `twingraph dtdl`: checks of models and values without a server.
// Covered by tests/client/cli/commands/dtdl_command_test.cc.

#include <algorithm>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"

#include "client/cli/commands/commands.h"
#include "client/cli/offline/case_line.h"
#include "client/cli/offline/model_page.h"
#include "client/cli/offline/model_report.h"
#include "client/cli/offline/model_text.h"
#include "client/cli/output/count.h"
#include "client/graphfile/input_file.h"
#include "server/dtdl/context.h"
#include "server/dtdl/model_index.h"
#include "server/dtdl/parser.h"
#include "storage/base/json.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"

namespace twingraph::cli {
namespace {

struct CheckArguments {
  std::vector<std::string> paths;
  std::string cases;
  std::string instances;
  bool allows_undefined = false;
  bool allows_inline = false;
  int max_version = 4;
  std::vector<std::string> limits;
};

struct DocArguments {
  std::vector<std::string> paths;
  std::vector<std::string> models;
};

// Models as read, and what the parser says of them.
struct CheckedModels {
  std::vector<ModelText> texts;
  dtdl::ParsedModels set;
};

absl::StatusOr<CheckedModels> ReadAndParse(
    const std::vector<std::string>& paths, const dtdl::ParseOptions& options) {
  CheckedModels checked;
  for (const std::string& path : paths) {
    ASSIGN_OR_RETURN(std::vector<ModelText> found,
                     ReadModelTexts(path, std::cin));
    std::ranges::move(found, std::back_inserter(checked.texts));
  }
  std::vector<std::string> documents;
  documents.reserve(checked.texts.size());
  for (const ModelText& text : checked.texts) {
    documents.push_back(text.text);
  }
  checked.set = dtdl::ParseModels(
      documents,
      [](absl::string_view /*id*/) -> std::shared_ptr<const dtdl::Interface> {
        return nullptr;
      },
      options);
  return checked;
}

// All problems, missing references among them, in the order of the texts.
std::vector<dtdl::Diagnostic> ProblemsOf(const dtdl::ParsedModels& set) {
  std::vector<dtdl::Diagnostic> problems = set.diagnostics;
  for (const dtdl::MissingReference& missing : set.missing) {
    problems.push_back(missing.place);
  }
  std::stable_sort(problems.begin(), problems.end(),
                   [](const dtdl::Diagnostic& a, const dtdl::Diagnostic& b) {
                     return std::tie(a.document, a.line, a.column) <
                            std::tie(b.document, b.line, b.column);
                   });
  return problems;
}

// Prints the problems; an error where there are any.
absl::Status Report(const CheckedModels& checked, std::ostream& out,
                    bool is_json) {
  const std::vector<dtdl::Diagnostic> problems = ProblemsOf(checked.set);
  for (const dtdl::Diagnostic& problem : problems) {
    const ModelText& text =
        checked.texts[static_cast<size_t>(problem.document)];
    out << (is_json ? FormatDiagnosticJson(problem, text) + "\n"
                    : FormatDiagnostic(problem, text));
  }
  if (problems.empty()) {
    return absl::OkStatus();
  }
  return InvalidArgument(v1::ERROR_REASON_INVALID_MODEL,
                         Count(problems.size(), "problem") + " in " +
                             Count(checked.set.interfaces.size(), "model"));
}

absl::Status CheckModels(const CheckArguments& arguments, Session& session) {
  dtdl::ParseOptions options;
  options.allow_inline_interfaces = arguments.allows_inline;
  options.max_dtdl_version = arguments.max_version;
  options.acceptable_limits = arguments.limits;
  if (arguments.allows_undefined) {
    options.undefined_extensions = dtdl::UndefinedExtensions::kAllow;
  }
  ASSIGN_OR_RETURN(const CheckedModels checked,
                   ReadAndParse(arguments.paths, options));
  RETURN_IF_ERROR(Report(checked, session.out(), session.is_json));
  if (!session.is_json) {
    session.out() << Count(checked.set.interfaces.size(), "model")
                  << ", no problems\n";
  }
  return absl::OkStatus();
}

using Answer = absl::StatusOr<std::string>(absl::string_view line);

// Answers each line of a file ("-": the standard input) with a line; one that
// is no case with its number and what is wrong with it.
// Errors: NOT_FOUND for the file; INVALID_FIELD where a line was no case.
absl::Status AnswerLines(const std::string& path, Answer answer,
                         Session& session) {
  std::ifstream file;
  if (path != "-") {
    RETURN_IF_ERROR(graphfile::OpenInput(path, file));
  }
  std::istream& input = path == "-" ? std::cin : file;
  std::string line;
  size_t bad = 0;
  for (int number = 1; std::getline(input, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) {
      continue;
    }
    const absl::StatusOr<std::string> answered = answer(line);
    if (answered.ok()) {
      session.out() << *answered << '\n';
      continue;
    }
    ++bad;
    std::string text = absl::StrCat("{\"line\":", number, ",\"error\":");
    AppendJsonString(text, answered.status().message());
    session.out() << text << "}\n";
  }
  return bad == 0 ? absl::OkStatus()
                  : InvalidField("line", Count(bad, "line") + " of " + path +
                                             " cannot be answered");
}

absl::Status Check(const CheckArguments& arguments, Session& session) {
  if (!arguments.cases.empty()) {
    RETURN_IF_ERROR(AnswerLines(arguments.cases, AnswerCase, session));
  }
  if (!arguments.instances.empty()) {
    RETURN_IF_ERROR(AnswerLines(arguments.instances, AnswerInstance, session));
  }
  const bool has_lines =
      !arguments.cases.empty() || !arguments.instances.empty();
  if (arguments.paths.empty() && !has_lines) {
    return InvalidField("FILE",
                        "name what to check; \"-\" is the standard "
                        "input");
  }
  return arguments.paths.empty() ? absl::OkStatus()
                                 : CheckModels(arguments, session);
}

absl::Status Document(const DocArguments& arguments, Session& session) {
  dtdl::ParseOptions options;
  options.allow_inline_interfaces = true;
  ASSIGN_OR_RETURN(const CheckedModels checked,
                   ReadAndParse(arguments.paths, options));
  RETURN_IF_ERROR(Report(checked, session.err(), session.is_json));
  const dtdl::ModelIndex index(checked.set.interfaces);
  std::vector<std::string> ids = arguments.models;
  if (ids.empty()) {
    for (const auto& interface : checked.set.interfaces) {
      ids.push_back(interface->id);
    }
  }
  const char* separator = "";
  for (const std::string& id : ids) {
    const auto model = index.Find(id);
    if (model == nullptr) {
      return NotFound(v1::ERROR_REASON_MODEL_NOT_FOUND,
                      absl::StrCat("no file defines ", id), {{"model", id}});
    }
    if (session.is_json) {
      session.out() << ModelJson(*model) << '\n';
      continue;
    }
    session.out() << separator;
    PrintModel(*model, session.out());
    separator = "\n";
  }
  return absl::OkStatus();
}

// Why a text names no limits; empty where it does.
std::string LimitsError(const std::string& text) {
  const auto known = dtdl::NamedLimits();
  return std::ranges::find(known, absl::string_view(text)) != known.end()
             ? ""
             : absl::StrCat(text, " names no limits; there are ",
                            absl::StrJoin(known, " and "),
                            ", without a version");
}

void AddCheck(CLI::App& dtdl, Session& session) {
  CLI::App* check =
      dtdl.add_subcommand("check", "say all that is wrong with models");
  auto arguments = std::make_shared<CheckArguments>();
  CLI::Option* cases = check->add_option(
      "--cases", arguments->cases,
      "answer each line {\"id\", \"dtdl\": [...], \"options\"} "
      "of this file with {\"id\", \"valid\", \"errors\"}");
  CLI::Option* instances =
      check->add_option("--instances", arguments->instances,
                        "answer each line {\"id\", \"dtdl\", \"subject\", "
                        "\"submit\"} of this file with {\"id\", \"conforms\"}");
  cases->excludes(instances);
  // Lines have options of their own.
  const std::vector<CLI::Option*> options = {
      check->add_option("FILE", arguments->paths,
                        ".json, .jsonl, folders of them, or - for the standard "
                        "input; all are one set"),
      check->add_flag("--allow-undefined-extensions",
                      arguments->allows_undefined,
                      "let contexts pass that are not known here"),
      check->add_flag("--allow-inline", arguments->allows_inline,
                      "let interfaces stand inside others, which the language "
                      "allows and the server does not"),
      check
          ->add_option("--max-version", arguments->max_version,
                       "newest DTDL version to accept")
          ->check(CLI::Range(2, 4))
          ->capture_default_str(),
      check
          ->add_option("--limits", arguments->limits,
                       "limits that models may choose, such as "
                       "dtmi:dtdl:limits:onvif; may be given several times")
          ->allow_extra_args(false)
          ->check(CLI::Validator(LimitsError, "DTMI"))};
  for (CLI::Option* option : options) {
    option->excludes(cases)->excludes(instances);
  }
  check->callback([arguments, &session] {
    session.command = [arguments, &session] {
      return Check(*arguments, session);
    };
  });
}

void AddDoc(CLI::App& dtdl, Session& session) {
  CLI::App* doc = dtdl.add_subcommand(
      "doc", "print models with all that they inherit, for people");
  auto arguments = std::make_shared<DocArguments>();
  doc->add_option("FILE", arguments->paths, "as for dtdl check")->required();
  doc->add_option("--model", arguments->models,
                  "id of a model to print, may be given several times; "
                  "default: all")
      ->allow_extra_args(false);
  doc->callback([arguments, &session] {
    session.command = [arguments, &session] {
      return Document(*arguments, session);
    };
  });
}

}  // namespace

void AddDtdlCommand(CLI::App& app, Session& session) {
  CLI::App* dtdl =
      app.add_subcommand("dtdl", "work on model files without a server");
  dtdl->require_subcommand(1);
  AddCheck(*dtdl, session);
  AddDoc(*dtdl, session);
}

}  // namespace twingraph::cli
