#include "client/cli/offline/case_line.h"

#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "server/dtdl/json_tree.h"
#include "server/dtdl/model_index.h"
#include "server/dtdl/parser.h"
#include "storage/base/json.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"

namespace twingraph::cli {
namespace {

std::shared_ptr<const dtdl::Interface> Nothing(absl::string_view /*id*/) {
  return nullptr;
}

// A line as read. Views live as long as the line's text.
struct Case {
  absl::string_view id;
  std::vector<std::string> documents;
  dtdl::ParseOptions options;
};

void ReadOptions(const dtdl::JsonNode& line, dtdl::ParseOptions& options) {
  options.allow_inline_interfaces = true;
  if (const dtdl::JsonNode* names = line.Find("options")) {
    for (const dtdl::JsonNode& name : dtdl::JsonChildren(*names)) {
      options.undefined_extensions = name.text == "AllowUndefinedExtensions"
                                         ? dtdl::UndefinedExtensions::kAllow
                                         : dtdl::UndefinedExtensions::kDisallow;
    }
  }
  if (const dtdl::JsonNode* version = line.Find("maxDtdlVersion")) {
    static_cast<void>(
        absl::SimpleAtoi(version->text, &options.max_dtdl_version));
  }
  if (const dtdl::JsonNode* limits = line.Find("acceptableLimits")) {
    for (const dtdl::JsonNode& limit : dtdl::JsonChildren(*limits)) {
      options.acceptable_limits.emplace_back(limit.text);
    }
  }
}

absl::StatusOr<Case> ReadCase(const dtdl::JsonDocument& document) {
  const dtdl::JsonNode& line = document.root();
  const dtdl::JsonNode* id = line.Find("id");
  const dtdl::JsonNode* models = line.Find("dtdl");
  if (id == nullptr || !id->is_string() || models == nullptr ||
      !models->is_array()) {
    return InvalidField("line", "a case needs \"id\" and an array \"dtdl\"");
  }
  Case result;
  result.id = id->text;
  for (const dtdl::JsonNode& model : dtdl::JsonChildren(*models)) {
    result.documents.emplace_back(document.TextOf(model));
  }
  ReadOptions(line, result.options);
  return result;
}

void AppendList(std::string& out, const std::set<std::string>& texts) {
  const char* separator = "[";
  for (const std::string& text : texts) {
    out += separator;
    AppendJsonString(out, text);
    separator = ",";
  }
  out += texts.empty() ? "[]" : "]";
}

// The first reason against the value; nothing where it conforms.
std::optional<std::string> WhyNot(const dtdl::JsonNode& line,
                                  const dtdl::ParsedModels& set) {
  const dtdl::JsonNode* id = line.Find("subject");
  const dtdl::JsonNode* value = line.Find("submit");
  if (id == nullptr || value == nullptr) {
    return "the line lacks \"subject\" or \"submit\"";
  }
  if (!set.ok()) {
    return "the models are not valid";
  }
  const dtdl::ModelIndex models(set.interfaces);
  const std::optional<dtdl::Subject> subject = models.FindSubject(id->text);
  if (!subject.has_value()) {
    return absl::StrCat("\"", id->text, "\" is nothing that has values");
  }
  std::vector<FieldViolation> violations;
  if (models.Check(*subject, value->text, violations)) {
    return std::nullopt;
  }
  return absl::StrCat(violations[0].field, ": ", violations[0].description);
}

}  // namespace

absl::StatusOr<std::string> AnswerCase(absl::string_view line) {
  dtdl::JsonDocument document;
  RETURN_IF_ERROR(document.Parse(line));
  ASSIGN_OR_RETURN(const Case given, ReadCase(document));
  const dtdl::ParsedModels set =
      dtdl::ParseModels(given.documents, Nothing, given.options);
  std::set<std::string> rules;
  for (const dtdl::Diagnostic& diagnostic : set.diagnostics) {
    rules.insert(diagnostic.rule);
  }
  std::set<std::string> unresolved;
  for (const dtdl::MissingReference& missing : set.missing) {
    unresolved.insert(missing.missing);
  }
  std::string answer = "{\"id\":";
  AppendJsonString(answer, given.id);
  absl::StrAppend(&answer, ",\"valid\":", set.ok() ? "true" : "false",
                  ",\"errors\":");
  AppendList(answer, rules);
  if (!unresolved.empty()) {
    answer += ",\"unresolved\":";
    AppendList(answer, unresolved);
  }
  answer += '}';
  return answer;
}

absl::StatusOr<std::string> AnswerInstance(absl::string_view line) {
  dtdl::JsonDocument document;
  RETURN_IF_ERROR(document.Parse(line));
  ASSIGN_OR_RETURN(const Case given, ReadCase(document));
  const dtdl::ParsedModels set =
      dtdl::ParseModels(given.documents, Nothing, given.options);
  const std::optional<std::string> why = WhyNot(document.root(), set);
  std::string answer = "{\"id\":";
  AppendJsonString(answer, given.id);
  absl::StrAppend(&answer, ",\"conforms\":", why ? "false" : "true");
  if (why.has_value()) {
    answer += ",\"error\":";
    AppendJsonString(answer, *why);
  }
  answer += '}';
  return answer;
}

}  // namespace twingraph::cli
