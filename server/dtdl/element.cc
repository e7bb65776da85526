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

absl::string_view ElementSet::Keep(
    std::initializer_list<absl::string_view> texts) {
  size_t size = 0;
  for (const absl::string_view text : texts) {
    size += text.size();
  }
  auto* const kept = static_cast<char*>(memory_.allocate(size + 1, 1));
  char* end = kept;
  for (const absl::string_view text : texts) {
    end = std::copy(text.begin(), text.end(), end);
  }
  return {kept, size};
}

Element* ElementSet::Find(absl::string_view id) {
  if (const auto found = by_id_.find(id); found != by_id_.end()) {
    return found->second;
  }
  if (id.find(":_") == absl::string_view::npos) {
    return nullptr;  // A made id has a segment that begins with an underscore.
  }
  for (; indexed_ < elements_.size(); ++indexed_) {
    Element& element = elements_[indexed_];
    if (!element.has_own_id && !element.id.empty()) {
      by_made_id_.emplace(element.id, &element);
    }
  }
  const auto found = by_made_id_.find(id);
  return found == by_made_id_.end() ? nullptr : found->second;
}

bool ElementSet::Register(Element* element) {
  return by_id_.emplace(element->id, element).second;
}

}  // namespace twingraph::dtdl
