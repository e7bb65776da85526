#include "tests/checks/model_elements.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "storage/value/json.h"

namespace twingraph {
namespace {

using dtdl::ClassId;
using dtdl::PropertyRule;

// The DTDL version that a context names; 0 for none.
int VersionOf(const Value& context) {
  if (context.is_list()) {
    for (const Value& each : context.as_list()) {
      if (const int version = VersionOf(each); version != 0) {
        return version;
      }
    }
    return 0;
  }
  int version = 0;
  const std::string text = context.is_string() ? context.as_string() : "";
  absl::string_view rest = text;
  return absl::ConsumePrefix(&rest, "dtmi:dtdl:context;") &&
                 absl::SimpleAtoi(rest, &version) && version >= 2 &&
                 version <= 4
             ? version
             : 0;
}

ClassId ClassOfTerm(const Value& type, int version) {
  for (int id = 1; id <= static_cast<int>(ClassId::kField); ++id) {
    const auto class_id = static_cast<ClassId>(id);
    if (type.is_string() && IsDefinable(class_id, version) &&
        type.as_string() == ClassName(class_id)) {
      return class_id;
    }
  }
  return ClassId::kNone;
}

ClassId ClassOf(const Value& object, const PropertyRule* rule, int version) {
  const Value* type = object.Find("@type");
  if (type == nullptr) {
    return rule != nullptr ? rule->inferred : ClassId::kNone;
  }
  if (!type->is_list()) {
    return ClassOfTerm(*type, version);
  }
  for (const Value& each : type->as_list()) {
    const ClassId found = ClassOfTerm(each, version);
    if (found != ClassId::kNone) {
      return found;
    }
  }
  return ClassId::kNone;
}

class Walker {
 public:
  void Walk(Value& value, const ModelElement* owner, const PropertyRule* rule) {
    if (value.is_list()) {
      for (Value& each : value.as_list()) {
        Walk(each, owner, rule);
      }
      return;
    }
    if (!value.is_map()) {
      return;
    }
    ModelElement element;
    if (owner != nullptr) {
      element = *owner;
      element.owner = owner->object;
    }
    element.object = &value;
    element.rule = rule;
    ReadContext(value, element);
    if (element.version == 0) {
      return;
    }
    element.class_id = ClassOf(value, rule, element.version);
    elements_.push_back(element);
    for (auto& [key, member] : value.as_map()) {
      const PropertyRule* inner =
          FindRule(element.class_id, key, element.version);
      if (inner != nullptr && inner->kind == dtdl::PropertyKind::kElement) {
        Walk(member, &element, inner);
      }
    }
  }

  std::vector<ModelElement> Take() { return std::move(elements_); }

 private:
  static void ReadContext(const Value& object, ModelElement& element) {
    const Value* context = object.Find("@context");
    if (context == nullptr) {
      return;
    }
    const int version = VersionOf(*context);
    if (version != 0) {
      element.version = version;
      element.context = FormatJson(*context);
    } else {
      absl::StrAppend(&element.context, FormatJson(*context));
    }
  }

  std::vector<ModelElement> elements_;
};

}  // namespace

std::vector<ModelElement> ElementsOf(Value& document) {
  Walker walker;
  walker.Walk(document, nullptr, nullptr);
  return walker.Take();
}

std::vector<ElementName> NamesIn(const std::vector<ModelElement>& elements) {
  std::vector<ElementName> names;
  for (const ModelElement& element : elements) {
    for (auto& [key, member] : element.object->as_map()) {
      const PropertyRule* rule =
          FindRule(element.class_id, key, element.version);
      if (rule != nullptr && rule->kind == dtdl::PropertyKind::kElement &&
          member.is_string()) {
        names.push_back({&member, &element, rule});
      }
    }
  }
  return names;
}

}  // namespace twingraph
