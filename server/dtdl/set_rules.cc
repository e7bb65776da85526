// Covered by tests/server/dtdl/parser_test.cc.
#include "server/dtdl/set_rules.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"

#include "server/dtdl/metamodel.h"

namespace twingraph::dtdl {
namespace {

class SetChecker {
 public:
  SetChecker(InterfaceLookup stored, ParsedModels& set)
      : stored_(stored), set_(set) {}

  void Check() {
    for (size_t i = 0; i < set_.interfaces.size(); ++i) {
      const auto& interface = set_.interfaces[i];
      if (!by_id_.emplace(interface->id, interface).second) {
        Report(i, "duplicateDefinition",
               absl::StrCat("the set has two interfaces with the id \"",
                            interface->id, "\""));
      }
    }
    for (size_t i = 0; i < set_.interfaces.size(); ++i) {
      CheckReferences(i);
      CheckInheritance(i);
      CheckComponents(i);
    }
  }

 private:
  std::shared_ptr<const Interface> Find(absl::string_view id) const {
    const auto found = by_id_.find(id);
    return found != by_id_.end() ? found->second : stored_(id);
  }

  void Report(size_t index, absl::string_view rule, std::string message) {
    set_.diagnostics.push_back({.rule = std::string(rule),
                                .element = set_.interfaces[index]->id,
                                .path = "",
                                .document = set_.documents[index],
                                .line = 1,
                                .column = 1,
                                .message = std::move(message)});
  }

  void CheckReferences(size_t index) {
    for (const std::string& id : set_.interfaces[index]->Dependencies()) {
      if (!id.empty() && Find(id) == nullptr) {
        set_.missing.push_back({set_.interfaces[index]->id, id});
      }
    }
  }

  // Edges from `interface` to its farthest ancestor; more than `limit` where it
  // extends itself.
  int DepthOf(const Interface& interface, int limit) const {
    int depth = 0;
    for (const std::string& id : interface.extends) {
      const auto parent = Find(id);
      if (parent != nullptr && limit >= 0) {
        depth = std::max(depth, 1 + DepthOf(*parent, limit - 1));
      }
    }
    return depth;
  }

  void CheckInheritance(size_t index) {
    const Interface& interface = *set_.interfaces[index];
    const LanguageLimits& limits = LimitsOf(interface.dtdl_version);
    if (DepthOf(interface, limits.extends_depth) > limits.extends_depth) {
      const bool is_cycle = Extends(interface, interface.id);
      Report(index, is_cycle ? "recursiveStructureWide" : "excessiveDepthWide",
             is_cycle ? "an interface may not extend itself"
                      : absl::StrCat("interfaces may extend each other over at "
                                     "most ",
                                     limits.extends_depth, " levels"));
      return;
    }
    const auto ancestors = AncestorsOf(
        interface, [this](absl::string_view id) { return Find(id); });
    for (const auto& ancestor : ancestors) {
      if (ancestor->dtdl_version > interface.dtdl_version) {
        Report(index, "disallowedVersionDefinition",
               absl::StrCat("DTDL v", interface.dtdl_version,
                            " may not extend \"", ancestor->id,
                            "\", which is of v", ancestor->dtdl_version));
      }
    }
    const auto contents = EffectiveContents(interface, ancestors);
    for (size_t i = 1; i < contents.size(); ++i) {
      if (contents[i].content->name == contents[i - 1].content->name) {
        Report(index, "nonUniqueImportedPropertyValue",
               absl::StrCat("the name \"", contents[i].content->name,
                            "\" is declared by \"",
                            contents[i - 1].declared_in->id, "\" and by \"",
                            contents[i].declared_in->id, "\""));
      }
    }
    if (contents.size() > limits.contents) {
      Report(index, "objectCountAboveMax",
             absl::StrCat("an interface has at most ", limits.contents,
                          " contents, inherited ones included"));
    }
  }

  bool Extends(const Interface& interface, absl::string_view id) const {
    const auto ancestors = AncestorsOf(
        interface, [this](absl::string_view each) { return Find(each); });
    return std::any_of(ancestors.begin(), ancestors.end(),
                       [&](const auto& ancestor) {
                         return std::count(ancestor->extends.begin(),
                                           ancestor->extends.end(), id) > 0;
                       }) ||
           std::count(interface.extends.begin(), interface.extends.end(), id) >
               0;
  }

  // DTDL.v3.md, "Component": its interface has no components of its own.
  void CheckComponents(size_t index) {
    for (const Content& content : set_.interfaces[index]->contents) {
      const auto target = content.kind == ContentKind::kComponent
                              ? Find(content.component_model)
                              : nullptr;
      if (target == nullptr) {
        continue;
      }
      const int version = set_.interfaces[index]->dtdl_version;
      if (target->dtdl_version > version) {
        Report(index, "disallowedVersionDefinition",
               absl::StrCat("a component of DTDL v", version,
                            " may not be of v", target->dtdl_version));
      }
      const auto ancestors = AncestorsOf(
          *target, [this](absl::string_view id) { return Find(id); });
      for (const EffectiveContent& inner :
           EffectiveContents(*target, ancestors)) {
        if (inner.content->kind == ContentKind::kComponent) {
          Report(index, "excludedType",
                 absl::StrCat("the component \"", content.name, "\" is of \"",
                              target->id, "\", which has a component \"",
                              inner.content->name,
                              "\"; components may not be nested"));
        }
      }
    }
  }

  InterfaceLookup stored_;
  ParsedModels& set_;
  absl::flat_hash_map<std::string, std::shared_ptr<const Interface>> by_id_;
};

}  // namespace

void CheckSet(InterfaceLookup stored, ParsedModels& set) {
  SetChecker(stored, set).Check();
}

}  // namespace twingraph::dtdl
