#include "server/dtdl/parser.h"

#include <algorithm>
#include <deque>
#include <optional>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "server/dtdl/interface_reader.h"
#include "server/dtdl/json_tree.h"
#include "server/dtdl/problems.h"
#include "server/dtdl/set_rules.h"
#include "storage/base/status.h"

namespace twingraph::dtdl {
namespace {

// Reads the interfaces of one document into the set.
void ReadDocument(int number, const std::string& text, ParsedModels& set) {
  const absl::StatusOr<JsonNode> root = ParseJsonTree(text);
  if (!root.ok()) {
    Diagnostic diagnostic;
    diagnostic.rule = "notJson";
    diagnostic.document = number;
    diagnostic.message = std::string(root.status().message());
    (void)absl::SimpleAtoi(MetadataOf(root.status(), "line"), &diagnostic.line);
    (void)absl::SimpleAtoi(MetadataOf(root.status(), "column"),
                           &diagnostic.column);
    set.diagnostics.push_back(std::move(diagnostic));
    return;
  }
  Problems problems(number, text, set.diagnostics);
  const auto read = [&](const JsonNode& node, std::string path) {
    InterfaceReader reader(node, std::move(path), text, problems);
    if (auto interface = reader.Read()) {
      set.interfaces.push_back(std::move(interface));
      set.documents.push_back(number);
    }
  };
  if (!root->is_array()) {
    read(*root, "");
    return;
  }
  for (size_t i = 0; i < root->elements.size(); ++i) {
    read(root->elements[i], absl::StrCat("/", i));
  }
}

}  // namespace

ParsedModels ParseModels(absl::Span<const std::string> documents,
                         InterfaceLookup stored) {
  ParsedModels set;
  for (size_t i = 0; i < documents.size(); ++i) {
    ReadDocument(static_cast<int>(i), documents[i], set);
  }
  CheckSet(stored, set);
  return set;
}

std::vector<std::shared_ptr<const Interface>> AncestorsOf(
    const Interface& interface, InterfaceLookup lookup) {
  std::vector<std::shared_ptr<const Interface>> ancestors;
  absl::flat_hash_set<std::string> seen = {interface.id};
  std::deque<std::string> open(interface.extends.begin(),
                               interface.extends.end());
  while (!open.empty()) {
    const std::string id = std::move(open.front());
    open.pop_front();
    if (!seen.insert(id).second) {
      continue;
    }
    if (std::shared_ptr<const Interface> found = lookup(id)) {
      open.insert(open.end(), found->extends.begin(), found->extends.end());
      ancestors.push_back(std::move(found));
    }
  }
  return ancestors;
}

std::vector<EffectiveContent> EffectiveContents(
    const Interface& interface,
    absl::Span<const std::shared_ptr<const Interface>> ancestors) {
  std::vector<EffectiveContent> contents;
  const auto add = [&contents](const Interface& from) {
    for (const Content& content : from.contents) {
      contents.push_back({&content, &from});
    }
  };
  add(interface);
  for (const auto& ancestor : ancestors) {
    add(*ancestor);
  }
  std::stable_sort(contents.begin(), contents.end(),
                   [](const EffectiveContent& a, const EffectiveContent& b) {
                     return a.content->name < b.content->name;
                   });
  return contents;
}

}  // namespace twingraph::dtdl
