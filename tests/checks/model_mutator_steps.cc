// The changes of ModelMutator, one function each.

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "server/dtdl/quantity.h"
#include "tests/checks/model_mutator.h"

namespace twingraph {
namespace {

using dtdl::PropertyRule;
using enum dtdl::ClassId;

// Has the element a co-type?
bool HasCotype(const Value& object) {
  const Value* type = object.Find("@type");
  return type != nullptr && type->is_list() && type->as_list().size() > 1;
}

// The values of a property as a list, made one if they are not.
Value::List& ListAt(Value& object, absl::string_view property) {
  Value* member = object.Find(property);
  if (member == nullptr) {
    member = &object.Set(property, Value::MakeList());
  } else if (!member->is_list()) {
    *member = Value::MakeList({*member});
  }
  return member->as_list();
}

// Where an element stands in the list of its property; npos if in none.
size_t PlaceIn(const Value::List& list, const Value* object) {
  const auto index = static_cast<size_t>(object - list.data());
  return !list.empty() && object >= list.data() && index < list.size()
             ? index
             : std::string::npos;
}

}  // namespace

bool ModelMutator::ReplaceSchema(Scene& scene) {
  const std::vector<ElementName> names = NamesIn(scene.elements);
  if (names.empty()) {
    return false;
  }
  const ElementName& name = random_.Of(names);
  if (!name.rule->targets.Has(kArray)) {
    return false;  // A primitive that is asked for, or an interface.
  }
  const bool is_numeric = HasCotype(*name.element->object) ||
                          name.element->object->Find("unit") != nullptr;
  if (!is_numeric && random_.OneIn(2)) {
    Value found = FromStock(*name.element, *name.rule);
    if (!found.is_null()) {
      *name.text = std::move(found);
      return true;
    }
  }
  *name.text = PrimitiveOf(name.element->version, is_numeric);
  return true;
}

// Puts a schema into an Array, a Map or an Object.
bool ModelMutator::WrapSchema(Scene& scene) {
  const std::vector<ElementName> names = NamesIn(scene.elements);
  if (names.empty()) {
    return false;
  }
  const ElementName& name = random_.Of(names);
  if (!name.rule->targets.Has(kArray) || HasCotype(*name.element->object)) {
    return false;
  }
  Value inner = *name.text;
  Value schema = Value::MakeMap();
  Value field = Value::MakeMap();
  field.Set("name", Value::String(FreshName()));
  field.Set("schema", inner);
  switch (random_.Below(3)) {
    case 0:
      schema.Set("@type", Value::String("Array"));
      schema.Set("elementSchema", std::move(inner));
      break;
    case 1: {
      Value key = Value::MakeMap();
      key.Set("name", Value::String(FreshName()));
      key.Set("schema", Value::String("string"));
      schema.Set("@type", Value::String("Map"));
      schema.Set("mapKey", std::move(key));
      schema.Set("mapValue", std::move(field));
      break;
    }
    default:
      schema.Set("@type", Value::String("Object"));
      schema.Set("fields", Value::MakeList({std::move(field)}));
      break;
  }
  *name.text = std::move(schema);
  return true;
}

// Moves a schema into "schemas" of a top-level interface, or takes another of
// them in its place.
bool ModelMutator::NameSchema(Scene& scene) {
  const ModelElement* schema =
      AnyOf(scene.elements, {kArray, kEnum, kMap, kObject});
  const ModelElement& top = scene.elements.front();
  if (schema == nullptr || schema->rule == nullptr ||
      top.class_id != kInterface || schema->rule->name == "schemas") {
    return false;
  }
  Value moved = *schema->object;
  const Value* own_id = moved.Find("@id");
  const Value id =
      own_id != nullptr
          ? *own_id
          : Value::String(absl::StrCat("dtmi:fuzz:", FreshName(), ";1"));
  moved.Set("@id", id);
  *schema->object = id;
  ListAt(*top.object, "schemas").push_back(std::move(moved));
  return true;
}

bool ModelMutator::CloneElement(Scene& scene) {
  const ModelElement& element = random_.Of(scene.elements);
  if (element.rule == nullptr) {
    Value copy = *element.object;
    RenewIds(copy);
    scene.document.as_list().push_back(std::move(copy));
    return true;
  }
  if (!element.rule->is_plural) {
    return false;
  }
  Value copy = *element.object;
  if (Value* name = copy.Find("name")) {
    *name = Value::String(FreshName());
  }
  if (Value* value = copy.Find("enumValue")) {
    *value = value->is_string() ? Value::String(FreshName())
                                : Value::Int(static_cast<int>(random_.Bits()));
  }
  RenewIds(copy);
  ListAt(*element.owner, element.rule->name).push_back(std::move(copy));
  return true;
}

bool ModelMutator::RemoveElement(Scene& scene) {
  const ModelElement& element = random_.Of(scene.elements);
  if (element.rule == nullptr || !element.rule->is_plural) {
    return false;
  }
  Value::List& list = ListAt(*element.owner, element.rule->name);
  const size_t place = PlaceIn(list, element.object);
  if (place == std::string::npos || list.size() < 2) {
    return false;
  }
  list.erase(list.begin() + static_cast<int64_t>(place));
  return true;
}

// Adds a value from the stock to a property that takes more of them.
bool ModelMutator::AddElement(Scene& scene) {
  const ModelElement& element = random_.Of(scene.elements);
  if (element.class_id == kNone) {
    return false;
  }
  const auto rules = RulesOf(element.class_id, element.version);
  const PropertyRule& rule = *random_.Of(rules);
  if (rule.kind != dtdl::PropertyKind::kElement || rule.name == "extends" ||
      (!rule.is_plural && element.object->Find(rule.name) != nullptr)) {
    return false;
  }
  Value found = FromStock(element, rule);
  if (found.is_null()) {
    return false;
  }
  if (Value* name = found.Find("name")) {
    *name = Value::String(FreshName());
  }
  if (rule.is_plural) {
    ListAt(*element.object, rule.name).push_back(std::move(found));
  } else {
    element.object->Set(rule.name, std::move(found));
  }
  return true;
}

// A new name, also where a sibling speaks of the old one.
bool ModelMutator::Rename(Scene& scene) {
  const ModelElement& element = random_.Of(scene.elements);
  Value* name = element.object->Find("name");
  if (name == nullptr || !name->is_string() || element.owner == nullptr) {
    return false;
  }
  const std::string old_name = name->as_string();
  const Value new_name = Value::String(FreshName());
  *name = new_name;
  ForEachText(*element.owner, [&](Value& text) {
    if (text.as_string() == old_name) {
      text = new_name;
    }
  });
  return true;
}

bool ModelMutator::ChangeId(Scene& scene) {
  RenewIds(random_.OneIn(2) ? scene.document
                            : random_.Of(scene.document.as_list()));
  return true;
}

bool ModelMutator::SetText(Scene& scene) {
  constexpr const char* kNames[] = {"displayName", "description", "comment"};
  const ModelElement& element = random_.Of(scene.elements);
  const absl::string_view name = random_.Of(kNames);
  if (name == "comment" || random_.OneIn(2)) {
    element.object->Set(name, FreshText());
    return true;
  }
  constexpr const char* kLanguages[] = {"en", "de", "pt-BR", "zh-Hans",
                                        "es-419"};
  Value texts = Value::MakeMap();
  for (size_t left = 1 + random_.Below(4); left > 0; --left) {
    texts.Set(random_.Of(kLanguages), FreshText());
  }
  element.object->Set(name, std::move(texts));
  return true;
}

bool ModelMutator::SetFlag(Scene& scene) {
  const ModelElement* element =
      AnyOf(scene.elements,
            {kProperty, kRelationship, kCommandRequest, kCommandResponse});
  if (element == nullptr) {
    return false;
  }
  Value& object = *element->object;
  if (element->class_id == kRelationship && random_.OneIn(2)) {
    object.Set("maxMultiplicity",
               Value::Int(static_cast<int64_t>(1 + random_.Below(500))));
  } else if (element->class_id == kRelationship && random_.OneIn(2)) {
    object.Set("minMultiplicity", Value::Int(0));
  } else if (element->class_id == kProperty ||
             element->class_id == kRelationship) {
    object.Set("writable", Value::Bool(random_.OneIn(2)));
  } else {
    object.Set("nullable", Value::Bool(random_.OneIn(2)));
  }
  return true;
}

// Makes a property or telemetry a quantity with its unit.
bool ModelMutator::SetQuantity(Scene& scene) {
  const ModelElement* element = AnyOf(scene.elements, {kProperty, kTelemetry});
  if (element == nullptr ||
      (element->version > 2 &&
       !absl::StrContains(element->context, "quantitativeTypes"))) {
    return false;
  }
  const auto quantities = dtdl::Quantities();
  const dtdl::Quantity& quantity = random_.Of(quantities);
  const std::vector<std::string> types =
      absl::StrSplit(quantity.semantic_types, ' ');
  const std::vector<std::string> units = absl::StrSplit(quantity.units, ' ');
  Value& object = *element->object;
  object.Set("@type",
             Value::MakeList({Value::String(ClassName(element->class_id)),
                              Value::String(random_.Of(types))}));
  object.Set("unit", Value::String(random_.Of(units)));
  object.Set("schema", PrimitiveOf(element->version, true));
  return true;
}

bool ModelMutator::RemoveMember(Scene& scene) {
  const ModelElement& element = random_.Of(scene.elements);
  const Value::Map& members = element.object->as_map();
  if (members.empty()) {
    return false;
  }
  const std::string key = random_.Of(members).first;
  const PropertyRule* rule = FindRule(element.class_id, key, element.version);
  return rule != nullptr && rule->min_count == 0 && element.object->Erase(key);
}

// Another form of JSON-LD for the same.
bool ModelMutator::ChangeForm(Scene& scene) {
  const ModelElement& element = random_.Of(scene.elements);
  Value::Map& members = element.object->as_map();
  if (members.empty()) {
    return false;
  }
  auto& [key, member] = random_.Of(members);
  if (key == "@context") {
    return false;
  }
  const PropertyRule* rule = FindRule(element.class_id, key, element.version);
  if (member.is_list() && member.as_list().size() == 1) {
    Value only = member.as_list().front();
    member = std::move(only);
    return true;
  }
  if (rule == nullptr) {
    return false;
  }
  if (random_.OneIn(2) && !member.is_list()) {
    member = Value::MakeList({member});
    return true;
  }
  const std::string name = key;
  Value moved = member;
  element.object->Erase(name);
  element.object->Set(
      absl::StrCat("dtmi:dtdl:property:", name, ";", element.version),
      std::move(moved));
  return true;
}

// Adds the interfaces of another document, all with new ids.
bool ModelMutator::Join(Scene& scene) {
  if (documents_.empty() || scene.document.as_list().size() > 12) {
    return false;
  }
  Value joined = random_.Of(documents_);
  RenewIds(joined);
  std::ranges::move(joined.as_list(),
                    std::back_inserter(scene.document.as_list()));
  return true;
}

// Lets one interface extend another, have it as a component or point to it.
bool ModelMutator::Link(Scene& scene) {
  Value& from = random_.Of(scene.document.as_list());
  const Value& to = random_.Of(scene.document.as_list());
  const Value* id = to.Find("@id");
  if (!from.is_map() || id == nullptr || &from == &to) {
    return false;
  }
  const Value target = *id;
  if (random_.OneIn(3)) {
    ListAt(from, "extends").push_back(target);
    return true;
  }
  const bool is_component = random_.OneIn(2);
  Value content = Value::MakeMap();
  content.Set("@type",
              Value::String(is_component ? "Component" : "Relationship"));
  content.Set("name", Value::String(FreshName()));
  content.Set(is_component ? "schema" : "target", target);
  ListAt(from, "contents").push_back(std::move(content));
  return true;
}

}  // namespace twingraph
