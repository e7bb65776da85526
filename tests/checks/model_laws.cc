#include "tests/checks/model_laws.h"

#include <algorithm>
#include <memory>
#include <set>
#include <sstream>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"

#include "client/cli/offline/model_page.h"
#include "server/dtdl/json_tree.h"
#include "tests/checks/law.h"

namespace twingraph {
namespace {

using dtdl::Diagnostic;
using dtdl::Interface;
using dtdl::JsonNode;
using dtdl::ParsedModels;

using InterfacePointer = std::shared_ptr<const Interface>;

// Is there a line of that number with that many columns, one of them for the
// end of the line?
bool IsInside(const std::string& text, int line, int column) {
  const std::vector<absl::string_view> lines = absl::StrSplit(text, '\n');
  return line >= 1 && static_cast<size_t>(line) <= lines.size() &&
         column >= 1 &&
         static_cast<size_t>(column) <=
             lines[static_cast<size_t>(line) - 1].size() + 1;
}

const JsonNode* Member(const JsonNode& node, const std::string& step) {
  if (node.is_object()) {
    return node.Find(step);
  }
  size_t index = 0;
  if (!node.is_array() || !absl::SimpleAtoi(step, &index)) {
    return nullptr;
  }
  for (const JsonNode& element : dtdl::JsonChildren(node)) {
    if (index-- == 0) {
      return &element;
    }
  }
  return nullptr;
}

// Does the JSON pointer lead somewhere?
bool IsPath(const dtdl::JsonDocument& document, const std::string& path) {
  const JsonNode* node = &document.root();
  const std::vector<std::string> steps = absl::StrSplit(path, '/');
  for (size_t i = 1; node != nullptr && i < steps.size(); ++i) {
    node = Member(*node,
                  absl::StrReplaceAll(steps[i], {{"~1", "/"}, {"~0", "~"}}));
  }
  return node != nullptr;
}

std::set<std::string> IdsOf(const ParsedModels& set) {
  std::set<std::string> ids;
  for (const InterfacePointer& interface : set.interfaces) {
    ids.insert(interface->id);
  }
  return ids;
}

}  // namespace

ParsedTexts ParseTexts(std::vector<std::string> texts,
                       const dtdl::ParseOptions& options) {
  ParsedTexts parsed;
  parsed.texts = std::move(texts);
  parsed.options = options;
  parsed.set = dtdl::ParseModels(
      parsed.texts,
      [](absl::string_view /*id*/) -> InterfacePointer { return nullptr; },
      options);
  return parsed;
}

void CheckPlaces(const ParsedTexts& parsed) {
  std::vector<Diagnostic> all = parsed.set.diagnostics;
  for (const dtdl::MissingReference& missing : parsed.set.missing) {
    all.push_back(missing.place);
  }
  absl::flat_hash_map<int, std::unique_ptr<dtdl::JsonDocument>> documents;
  for (const Diagnostic& each : all) {
    const auto document = static_cast<size_t>(each.document);
    Require(!each.rule.empty() && !each.message.empty() &&
                document < parsed.texts.size(),
            "a diagnostic names rule, sentence and document", parsed.texts);
    const std::string& text = parsed.texts[document];
    Require(IsInside(text, each.line, each.column),
            "a diagnostic's line and column are in the text", parsed.texts);
    std::unique_ptr<dtdl::JsonDocument>& tree = documents[each.document];
    if (tree == nullptr) {
      tree = std::make_unique<dtdl::JsonDocument>();
      if (!tree->Parse(text).ok()) {
        Require(each.path.empty(), "what is no JSON has no paths",
                parsed.texts);
        tree = nullptr;
        continue;
      }
    }
    Require(IsPath(*tree, each.path), "a diagnostic's path is in the text",
            parsed.texts);
  }
}

void CheckRepeats(const ParsedTexts& parsed) {
  const ParsedModels& a = parsed.set;
  const ParsedModels b = ParseTexts(parsed.texts, parsed.options).set;
  Require(std::ranges::equal(a.diagnostics, b.diagnostics,
                             [](const Diagnostic& x, const Diagnostic& y) {
                               return x.rule == y.rule && x.path == y.path &&
                                      x.message == y.message;
                             }) &&
              a.missing.size() == b.missing.size(),
          "the same text gives the same diagnostics", parsed.texts);
}

void CheckReshaped(const ParsedTexts& parsed, const ParsedTexts& reshaped) {
  std::vector<std::string> texts = parsed.texts;
  texts.insert(texts.end(), reshaped.texts.begin(), reshaped.texts.end());
  Require(parsed.set.ok() == reshaped.set.ok(),
          "order and form do not change the verdict", texts);
  Require(!parsed.set.ok() || IdsOf(parsed.set) == IdsOf(reshaped.set),
          "order and form do not change the models", texts);
}

void CheckAlone(const ParsedTexts& parsed) {
  absl::flat_hash_map<std::string, InterfacePointer> models;
  for (const InterfacePointer& interface : parsed.set.interfaces) {
    models[interface->id] = interface;
  }
  const auto lookup = [&models](absl::string_view id) -> InterfacePointer {
    const auto found = models.find(id);
    return found == models.end() ? nullptr : found->second;
  };
  for (const InterfacePointer& interface : parsed.set.interfaces) {
    const std::vector<std::string> texts = {interface->text};
    Require(dtdl::ParseModels(texts, lookup, parsed.options).ok(),
            "a valid model is valid beside the others", texts);
  }
}

void CheckPages(const ParsedTexts& parsed, const dtdl::ModelIndex& index) {
  for (const auto& [id, model] : index.models()) {
    const auto& contents = model->contents;
    Require(
        std::ranges::adjacent_find(
            contents,
            [](const std::string& a, const std::string& b) { return a >= b; },
            [](const dtdl::EffectiveContent& each) -> const std::string& {
              return each.content->name;
            }) == contents.end(),
        "contents have different names and are in order", parsed.texts);
    for (const InterfacePointer& ancestor : model->ancestors) {
      Require(model->IsA(ancestor->id), "a model is what it extends",
              parsed.texts);
    }
    std::ostringstream page;
    cli::PrintModel(*model, page);
    Require(page.str().find(id) != std::string::npos,
            "a model can be printed for people", parsed.texts);
  }
}

}  // namespace twingraph
