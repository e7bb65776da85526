// Rules on interfaces: DTDL.v2.md, DTDL.v3.md and DTDL.v4.md, "Interface",
// "Component" and "Limits".
// Covered by tests/server/dtdl/cases_test.cc.
#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"

#include "server/dtdl/validator/validator.h"

namespace twingraph::dtdl {
namespace {

const Element* ComponentInterface(const Element& content) {
  if (!content.Is(ClassId::kComponent)) {
    return nullptr;
  }
  const PropertyValue* schema = content.Find("schema");
  return schema == nullptr ? nullptr : schema->element;
}

const JsonNode& PlaceOf(const Element& element, absl::string_view property) {
  const PropertyValue* value = element.Find(property);
  return value == nullptr || value->node == nullptr ? *element.node
                                                    : *value->node;
}

// Elements in the tree below `element`, itself included.
size_t TreeSize(const Element& element) {
  size_t size = 1;
  for (const PropertyValue& value : element.values) {
    if (value.element != nullptr && value.element->parent == &element) {
      size += TreeSize(*value.element);
    }
  }
  return size;
}

}  // namespace

// nonUniquePropertyValue: names of contents are unique in an interface.
void CheckContentNames(const Element& interface, RuleReport& report) {
  absl::flat_hash_set<absl::string_view> names;
  for (const PropertyValue& value : interface.values) {
    if (value.rule == nullptr || value.rule->name != "contents" ||
        value.element == nullptr || value.element->name.empty()) {
      continue;
    }
    if (!names.insert(value.element->name).second) {
      report.Add("nonUniquePropertyValue", interface, *value.node,
                 absl::StrCat("\"", value.element->name,
                              "\" names two contents; rename one"));
    }
  }
}

// nonUniqueImportedPropertyValue: nor may an inherited content have the name.
void CheckInheritedNames(const Element& interface,
                         const InheritedElements& contents,
                         RuleReport& report) {
  const PropertyValue* extends = interface.Find("extends");
  if (extends == nullptr) {
    return;
  }
  absl::flat_hash_map<absl::string_view, InheritedElement> names;
  names.reserve(contents.size());
  for (const InheritedElement& each : contents) {
    if (each.content->name.empty()) {
      continue;
    }
    const auto [known, is_new] = names.emplace(each.content->name, each);
    const Element& first = *known->second.interface;
    if (is_new || known->second.content == each.content ||
        &first == each.interface) {
      continue;
    }
    const JsonNode& place =
        &first == &interface ? *known->second.content->node : *extends->node;
    report.Add("nonUniqueImportedPropertyValue", interface, place,
               absl::StrCat("\"", each.content->name, "\" is inherited from ",
                            each.interface->id, " and also defined in ",
                            first.id, "; rename one"));
  }
}

// recursiveStructureNarrow, excessiveDepthNarrow, excessiveCount: how far and
// how wide an interface may inherit.
void CheckExtendsChain(const Element& interface, int depth, size_t ancestors,
                       RuleReport& report) {
  if (interface.Find("extends") == nullptr) {
    return;
  }
  const Limits& limits = interface.context->limits;
  const JsonNode& place = PlaceOf(interface, "extends");
  if (depth == Inheritance::kCircle) {
    report.Add("recursiveStructureNarrow", interface, place,
               "the interface extends itself; break the circle");
  } else if (depth > limits.extends_depth) {
    report.Add(
        "excessiveDepthNarrow", interface, place,
        absl::StrCat("the chain of \"extends\" is ", depth, " long; at most ",
                     limits.extends_depth, " is allowed"));
  }
  if (limits.extends_total > 0 &&
      ancestors > static_cast<size_t>(limits.extends_total)) {
    report.Add("excessiveCount", interface, place,
               absl::StrCat("the interface inherits from ", ancestors,
                            " interfaces; at most ", limits.extends_total,
                            " are allowed"));
  }
}

void CheckContentCount(const Element& interface,
                       const InheritedElements& contents, size_t set_size,
                       RuleReport& report) {
  const Limits& limits = interface.context->limits;
  const auto direct = static_cast<size_t>(limits.contents);
  const auto total = static_cast<size_t>(limits.content_total);
  if (set_size <= std::max(direct, total)) {
    return;
  }
  size_t count = 0;
  for (const InheritedElement& each : contents) {
    count += direct > 0 ? 1 : TreeSize(*each.content);
  }
  if (count > std::max(direct, total)) {
    report.Add(direct > 0 ? "objectCountAboveMax" : "excessiveCount", interface,
               PlaceOf(interface, "contents"),
               absl::StrCat("the interface has ", count,
                            " contents with those inherited; at most ",
                            std::max(direct, total), " are allowed"));
  }
}

// excludedType, recursiveStructureNarrow: DTDL.v4.md "Component": the interface
// of a component has no components, inherited ones included.
void CheckComponents(const Element& interface, Inheritance& inheritance,
                     RuleReport& report) {
  for (const PropertyValue& value : interface.values) {
    if (value.rule == nullptr || value.rule->name != "contents" ||
        value.element == nullptr) {
      continue;
    }
    const Element* used = ComponentInterface(*value.element);
    if (used == nullptr || !used->Is(ClassId::kInterface)) {
      continue;
    }
    const JsonNode& place = PlaceOf(*value.element, "schema");
    if (used == &interface) {
      report.Add("recursiveStructureNarrow", *value.element, place,
                 "an interface cannot be a component of itself");
    }
    if (const Element* nested = inheritance.ComponentOf(*used)) {
      report.Add("excludedType", *value.element, place,
                 absl::StrCat("the interface of a component must not have "
                              "components itself; ",
                              used->id, " has \"", nested->name, "\""));
    }
  }
}

// DTDL.v4.md, "Limits": the JSON text of one interface, nested interfaces not
// counted.
void CheckInterfaceSize(const Element& interface, RuleReport& report) {
  const auto limit =
      static_cast<size_t>(interface.context->limits.interface_bytes);
  const size_t size = interface.node->end - interface.node->begin;
  if (limit == 0 || size <= limit) {
    return;
  }
  size_t nested = 0;
  for (const PropertyValue& value : interface.values) {
    if (value.element != nullptr && value.element->Is(ClassId::kInterface) &&
        value.element->parent == &interface) {
      nested += value.element->node->end - value.element->node->begin;
    }
  }
  if (size - nested > limit) {
    report.Add("sizeLimitExceeded", interface, *interface.node,
               absl::StrCat("the interface has ", size - nested,
                            " bytes; at most ", limit, " are allowed"));
  }
}

}  // namespace twingraph::dtdl
