// Rules on schemas: DTDL.v2.md, DTDL.v3.md and DTDL.v4.md, "Schemas".
// Covered by tests/server/dtdl/cases_test.cc.
#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"

#include "server/dtdl/literal.h"
#include "server/dtdl/validator/validator.h"

namespace twingraph::dtdl {
namespace {

constexpr ClassSet kComplex = {ClassId::kArray, ClassId::kMap,
                               ClassId::kObject};

// The schemas directly inside one: of the elements, the values, the fields.
std::vector<const PropertyValue*> PartsOf(const Element& schema) {
  std::vector<const PropertyValue*> parts;
  for (const PropertyValue& value : schema.values) {
    if (value.rule == nullptr) {
      continue;
    }
    if (value.rule->name == "elementSchema") {
      parts.push_back(&value);
    } else if ((value.rule->name == "fields" ||
                value.rule->name == "mapValue") &&
               value.element != nullptr) {
      if (const PropertyValue* inner = value.element->Find("schema")) {
        parts.push_back(inner);
      }
    }
  }
  return parts;
}

// How deep schemas stand in one another, and whether they close a circle.
class DepthFinder {
 public:
  // Depth up to which schemas are followed.
  explicit DepthFinder(int limit) : limit_(limit) {}

  int DepthOf(const Element& schema) {
    if (!kComplex.Has(schema.class_id)) {
      return 0;
    }
    if (const auto known = depths_.find(&schema); known != depths_.end()) {
      return known->second;
    }
    if (static_cast<int>(open_.size()) > limit_) {
      return 0;
    }
    if (!open_.insert(&schema).second) {
      is_circular_ = true;
      return 0;
    }
    int depth = 0;
    for (const PropertyValue* part : PartsOf(schema)) {
      if (part->element != nullptr) {
        depth = std::max(depth, DepthOf(*part->element));
      }
    }
    open_.erase(&schema);
    depths_[&schema] = depth + 1;
    return depth + 1;
  }

  bool is_circular() const { return is_circular_; }

 private:
  const int limit_;
  bool is_circular_ = false;
  absl::flat_hash_map<const Element*, int> depths_;
  absl::flat_hash_set<const Element*> open_;
};

bool HoldsArray(const Schema& schema) {
  if (schema.kind == SchemaKind::kArray) {
    return true;
  }
  return std::any_of(
      schema.fields.begin(), schema.fields.end(),
      [](const Field& field) { return HoldsArray(*field.schema); });
}

// Is there an Array in what `value` stands for, at any depth?
bool HoldsArray(const PropertyValue& value) {
  std::vector<const PropertyValue*> open = {&value};
  absl::flat_hash_set<const Element*> seen;
  while (!open.empty()) {
    const PropertyValue& next = *open.back();
    open.pop_back();
    if (next.standard != nullptr && HoldsArray(*next.standard)) {
      return true;
    }
    if (next.element == nullptr || !seen.insert(next.element).second) {
      continue;
    }
    if (next.element->Is(ClassId::kArray)) {
      return true;
    }
    const std::vector<const PropertyValue*> parts = PartsOf(*next.element);
    open.insert(open.end(), parts.begin(), parts.end());
  }
  return false;
}

const JsonNode& PlaceOf(const Element& element, absl::string_view property) {
  const PropertyValue* value = element.Find(property);
  return value == nullptr || value->node == nullptr ? *element.node
                                                    : *value->node;
}

bool IsStandard(const Element& element, absl::string_view property,
                std::initializer_list<SchemaKind> kinds) {
  const PropertyValue* value = element.Find(property);
  return value == nullptr ||
         (value->standard == nullptr && value->element == nullptr) ||
         (value->standard != nullptr &&
          std::find(kinds.begin(), kinds.end(), value->standard->kind) !=
              kinds.end());
}

}  // namespace

// excessiveDepthWide, recursiveStructureWide: "Schemas", on nesting and on
// schemas that refer to themselves.
void CheckSchemaDepth(const Element& element, RuleReport& report) {
  const int limit = element.context->limits.schema_depth;
  DepthFinder finder(limit + 1);
  const int depth = finder.DepthOf(element);
  if (finder.is_circular() && element.version() < 4) {
    report.Add("recursiveStructureWide", element, *element.node,
               "a schema must not refer to itself before DTDL 4");
    return;
  }
  if (depth == limit + 1) {
    report.Add("excessiveDepthWide", element, *element.node,
               absl::StrCat("schemas stand in one another ", depth,
                            " deep; at most ", limit, " is allowed"));
  }
}

// excludedType: DTDL.v2.md "Property": no Array at any depth.
void CheckArrayInProperty(const Element& property, RuleReport& report) {
  const PropertyValue* schema = property.Find("schema");
  if (property.version() != 2 || schema == nullptr) {
    return;
  }
  if (HoldsArray(*schema)) {
    report.Add("excludedType", property, PlaceOf(property, "schema"),
               "in DTDL 2 the schema of a Property must not hold an Array; "
               "use DTDL 3");
  }
}

// incorrectPropertyValue, nonConformantDatatype, nonUniquePropertyValue:
// "Enum".
void CheckEnum(const Element& element, RuleReport& report) {
  if (!IsStandard(element, "valueSchema",
                  {SchemaKind::kInteger, SchemaKind::kString})) {
    report.Add("incorrectPropertyValue", element,
               PlaceOf(element, "valueSchema"),
               "valueSchema must be \"integer\" or \"string\"");
    return;
  }
  const PropertyValue* value_schema = element.Find("valueSchema");
  if (value_schema == nullptr || value_schema->standard == nullptr) {
    return;
  }
  const bool is_text = value_schema->standard->kind == SchemaKind::kString;
  absl::flat_hash_set<absl::string_view> values;
  for (const PropertyValue& each : element.values) {
    if (each.rule == nullptr || each.rule->name != "enumValues" ||
        each.element == nullptr) {
      continue;
    }
    const PropertyValue* value = each.element->Find("enumValue");
    if (value == nullptr || value->node == nullptr) {
      continue;
    }
    const bool fits =
        is_text ? value->node->is_string()
                : value->node->is_number() && IsIntegerToken(value->node->text);
    if (!fits) {
      report.Add("nonConformantDatatype", *each.element, *value->node,
                 absl::StrCat("enumValue must be ",
                              is_text ? "a string" : "an integer",
                              " as valueSchema says"));
    } else if (!values.insert(value->node->text).second) {
      report.Add("nonUniquePropertyValue", element, *value->node,
                 absl::StrCat("enumValue ", value->node->text,
                              " stands twice; remove one"));
    }
  }
}

// badType: "MapKey".
void CheckMapKey(const Element& map_key, RuleReport& report) {
  if (!IsStandard(map_key, "schema", {SchemaKind::kString})) {
    report.Add("badType", map_key, PlaceOf(map_key, "schema"),
               "the schema of a MapKey must be \"string\"");
  }
}

// nonUniquePropertyValue: "Object", "Enum" and "Relationship": names of fields,
// of enum values and of properties are unique in them.
void CheckSiblingNames(const Element& element, absl::string_view property,
                       RuleReport& report) {
  absl::flat_hash_set<absl::string_view> names;
  for (const PropertyValue& value : element.values) {
    if (value.rule == nullptr || value.rule->name != property ||
        value.element == nullptr || value.element->name.empty()) {
      continue;
    }
    if (!names.insert(value.element->name).second) {
      report.Add(
          "nonUniquePropertyValue", element, *value.node,
          absl::StrCat("\"", value.element->name, "\" names two values of \"",
                       property, "\"; rename one"));
    }
  }
}

}  // namespace twingraph::dtdl
