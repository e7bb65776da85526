// Rules that co-types bring: DTDL.v2.md "Semantic types", and the pages of the
// extensions.
// Covered by tests/server/dtdl/cases_test.cc.
#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

#include "server/dtdl/literal.h"
#include "server/dtdl/standard_schema.h"
#include "server/dtdl/validator/validator.h"

namespace twingraph::dtdl {
namespace {

bool IsNumeric(SchemaKind kind) {
  switch (kind) {
    case SchemaKind::kByte:
    case SchemaKind::kDecimal:
    case SchemaKind::kDouble:
    case SchemaKind::kFloat:
    case SchemaKind::kInteger:
    case SchemaKind::kLong:
    case SchemaKind::kScaledDecimal:
    case SchemaKind::kShort:
    case SchemaKind::kUnsignedByte:
    case SchemaKind::kUnsignedInteger:
    case SchemaKind::kUnsignedLong:
    case SchemaKind::kUnsignedShort:
      return true;
    default:
      return false;
  }
}

bool IsFractional(SchemaKind kind) {
  return kind == SchemaKind::kDouble || kind == SchemaKind::kFloat ||
         kind == SchemaKind::kDecimal || kind == SchemaKind::kScaledDecimal;
}

bool IsPrimitive(const PropertyValue& schema, bool (*predicate)(SchemaKind)) {
  return schema.standard != nullptr && predicate(schema.standard->kind);
}

// Does a geospatial object, or IoT Central's geopoint, stand there?
bool IsPlace(const PropertyValue& schema) {
  if (schema.standard == nullptr ||
      schema.standard->kind != SchemaKind::kObject) {
    return false;
  }
  return schema.standard != FindPartnerSchema("vector", 2);
}

bool Meets(const PropertyValue& schema, SchemaNeed need) {
  switch (need) {
    case SchemaNeed::kNone:
      return true;
    case SchemaNeed::kNumeric:
      return IsPrimitive(schema, IsNumeric);
    case SchemaNeed::kString:
      return schema.standard != nullptr &&
             schema.standard->kind == SchemaKind::kString;
    case SchemaNeed::kEnum:
      return ClassOf(schema) == ClassId::kEnum;
    case SchemaNeed::kMap:
      return ClassOf(schema) == ClassId::kMap;
    case SchemaNeed::kObject:
      return ClassOf(schema) == ClassId::kObject;
    case SchemaNeed::kErrorObject:
      return schema.element != nullptr &&
             schema.element->Is(ClassId::kObject) &&
             schema.element->HasCotype("Error");
    case SchemaNeed::kVector:
      return schema.standard != nullptr &&
             schema.standard == FindPartnerSchema("vector", 2);
    case SchemaNeed::kPlace:
      return IsPlace(schema);
  }
  return true;
}

absl::string_view NameOfNeed(SchemaNeed need) {
  switch (need) {
    case SchemaNeed::kNone:
      return "any schema";
    case SchemaNeed::kNumeric:
      return "a numeric schema";
    case SchemaNeed::kString:
      return "string";
    case SchemaNeed::kEnum:
      return "an Enum";
    case SchemaNeed::kMap:
      return "a Map";
    case SchemaNeed::kObject:
      return "an Object";
    case SchemaNeed::kErrorObject:
      return "an Object with co-type Error";
    case SchemaNeed::kVector:
      return "vector";
    case SchemaNeed::kPlace:
      return "geopoint or a geospatial schema";
  }
  return "";
}

// "A or B" of "A B".
std::string Alternatives(absl::string_view terms) {
  return absl::StrJoin(absl::StrSplit(terms, ' '), " or ");
}

// The elements that stand in the same property of the same parent.
std::vector<const Element*> SiblingsOf(const Element& element) {
  std::vector<const Element*> siblings;
  for (const PropertyValue& value : element.parent->values) {
    if (value.rule == element.parent_rule && value.element != nullptr &&
        value.element != &element) {
      siblings.push_back(value.element);
    }
  }
  return siblings;
}

void CheckSiblings(const Element& element, const TypeRule& type,
                   RuleReport& report) {
  if (!type.parent.empty() && !element.parent->HasCotypeOf(type.parent)) {
    report.Add("parentMissingCotype", element, *element.node,
               absl::StrCat("\"", type.name,
                            "\" may stand only inside an element with "
                            "co-type ",
                            Alternatives(type.parent), "; add it there"));
  }
  const std::vector<const Element*> siblings = SiblingsOf(element);
  const auto has = [&siblings](absl::string_view cotype) {
    return std::any_of(
        siblings.begin(), siblings.end(),
        [cotype](const Element* each) { return each->HasCotype(cotype); });
  };
  if (type.is_single && has(type.name)) {
    report.Add("siblingDuplicatesCotype", element, *element.node,
               absl::StrCat("only one of the siblings may have co-type \"",
                            type.name, "\""));
  }
  if (!type.sibling.empty() && !has(type.sibling)) {
    report.Add(
        "siblingMissingCotype", element, *element.node,
        absl::StrCat("\"", type.name, "\" needs a sibling with co-type \"",
                     type.sibling, "\"; add one"));
  }
}

}  // namespace

// notRequiredType, notRequiredValue: the schema that a co-type asks for.
void CheckCotypeSchemas(const Element& element, RuleReport& report) {
  for (const Cotype& cotype : element.cotypes) {
    const SchemaNeed need = cotype.type->schema;
    const PropertyValue* schema =
        need == SchemaNeed::kNone ? nullptr : element.Find("schema");
    if (schema == nullptr ||
        (schema->element == nullptr && schema->standard == nullptr) ||
        Meets(*schema, need)) {
      continue;
    }
    const bool is_value =
        need == SchemaNeed::kVector || need == SchemaNeed::kPlace;
    report.Add(is_value ? "notRequiredValue" : "notRequiredType", element,
               *schema->node,
               absl::StrCat("\"", cotype.type->name, "\" needs ",
                            NameOfNeed(need), " as schema"));
  }
}

// notRequiredType: the co-types of which each field must have one.
void CheckCotypeFields(const Element& element, RuleReport& report) {
  for (const Cotype& cotype : element.cotypes) {
    if (cotype.type->fields.empty()) {
      continue;
    }
    for (const PropertyValue& value : element.values) {
      if (value.rule == nullptr || value.rule->name != "fields" ||
          value.element == nullptr ||
          value.element->HasCotypeOf(cotype.type->fields)) {
        continue;
      }
      report.Add("notRequiredType", element, *value.node,
                 absl::StrCat("each field of a ", cotype.type->name,
                              " needs one of the co-types ",
                              Alternatives(cotype.type->fields)));
    }
  }
}

// parentMissingCotype, siblingDuplicatesCotype, siblingMissingCotype.
void CheckCotypeSiblings(const Element& element, RuleReport& report) {
  if (element.parent == nullptr) {
    return;
  }
  for (const Cotype& cotype : element.cotypes) {
    CheckSiblings(element, *cotype.type, report);
  }
}

// nonUniquePropertyValue for properties such as MQTT's `index`.
void CheckUniqueExtras(const Element& element, RuleReport& report) {
  absl::flat_hash_map<absl::string_view, absl::flat_hash_set<absl::string_view>>
      values;
  for (const PropertyValue& child : element.values) {
    if (child.rule == nullptr || child.element == nullptr ||
        child.element->cotypes.empty()) {
      continue;
    }
    for (const PropertyValue& value : child.element->values) {
      if (value.extra == nullptr || !value.extra->is_unique ||
          value.node == nullptr) {
        continue;
      }
      if (!values[value.extra->name].insert(value.node->text).second) {
        report.Add(
            "nonUniquePropertyValue", *child.element, *value.node,
            absl::StrCat("\"", value.extra->name, "\" ", value.node->text,
                         " is taken by a sibling; use another"));
      }
    }
  }
}

// nonConformantPropertyValue: a number that the element's schema cannot hold.
void CheckConformingNumbers(const Element& element, RuleReport& report) {
  const PropertyValue* schema = element.Find("schema");
  if (schema == nullptr || element.cotypes.empty()) {
    return;
  }
  for (const PropertyValue& value : element.values) {
    if (value.extra == nullptr || !value.extra->conforms_to_schema ||
        value.node == nullptr) {
      continue;
    }
    const bool conforms =
        IsPrimitive(*schema, IsFractional) ||
        (IsPrimitive(*schema, IsNumeric) && IsIntegerToken(value.node->text));
    if (!conforms) {
      report.Add("nonConformantPropertyValue", element, *value.node,
                 absl::StrCat("\"", value.extra->name, "\" ", value.node->text,
                              " is no value of the element's schema"));
    }
  }
}

}  // namespace twingraph::dtdl
