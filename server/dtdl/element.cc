// Covered by tests/server/dtdl/parser_test.cc.
#include "server/dtdl/element.h"

#include <algorithm>

#include "absl/strings/str_split.h"

namespace twingraph::dtdl {

absl::string_view NameOf(const PropertyValue& value) {
  return value.rule != nullptr ? value.rule->name : value.extra->name;
}

const PropertyValue* Element::Find(absl::string_view property) const {
  for (const PropertyValue& value : values) {
    if (NameOf(value) == property) {
      return &value;
    }
  }
  return nullptr;
}

bool Element::HasCotype(absl::string_view term) const {
  return std::any_of(
      cotypes.begin(), cotypes.end(),
      [term](const Cotype& each) { return each.type->name == term; });
}

bool Element::HasCotypeOf(absl::string_view terms) const {
  const std::vector<absl::string_view> each = absl::StrSplit(terms, ' ');
  return std::any_of(each.begin(), each.end(), [this](absl::string_view term) {
    return HasCotype(term);
  });
}

bool Element::MayHave(const TypeRule& type) const {
  return type.cotypes.Has(class_id) ||
         (!type.host.empty() && HasCotype(type.host));
}

ClassId ClassOf(const PropertyValue& value) {
  if (value.element != nullptr) {
    return value.element->class_id;
  }
  if (value.standard == nullptr) {
    return ClassId::kNone;
  }
  switch (value.standard->kind) {
    case SchemaKind::kArray:
      return ClassId::kArray;
    case SchemaKind::kEnum:
      return ClassId::kEnum;
    case SchemaKind::kMap:
      return ClassId::kMap;
    case SchemaKind::kObject:
    case SchemaKind::kScaledDecimal:
      return ClassId::kObject;
    default:
      return ClassId::kPrimitive;
  }
}

Element* ElementSet::Find(absl::string_view id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : found->second;
}

bool ElementSet::Register(Element* element) {
  return by_id_.emplace(element->id, element).second;
}

}  // namespace twingraph::dtdl
