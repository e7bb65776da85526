// Covered by tests/server/dtdl/parser_test.cc.
#include "server/dtdl/parser.h"

#include <algorithm>
#include <deque>

#include "absl/container/flat_hash_set.h"

#include "server/dtdl/model_set.h"

namespace twingraph::dtdl {

ParsedModels ParseModels(absl::Span<const std::string> documents,
                         InterfaceLookup stored, const ParseOptions& options) {
  ModelSet set(stored, options);
  for (size_t i = 0; i < documents.size(); ++i) {
    set.ReadDocument(static_cast<int>(i), documents[i]);
  }
  set.Resolve();
  set.Check();
  return std::move(set).Finish();
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
