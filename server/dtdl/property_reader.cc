// The members of elements by the metamodel table.
// Covered by tests/server/dtdl/parser_test.cc.
#include <algorithm>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "server/dtdl/dtmi.h"
#include "server/dtdl/element_reader.h"
#include "server/dtdl/term.h"
#include "server/dtdl/text_form.h"

namespace twingraph::dtdl {
namespace {

using enum PropertyKind;

bool HasElements(PropertyKind kind) {
  return kind == kElement;
}

// Does the document have a member for the rule, if only an empty one?
bool IsGiven(const Element& element, const PropertyRule& rule) {
  for (const JsonNode& member : JsonChildren(*element.node)) {
    if (PropertyTerm(*element.context, member.key) == rule.name) {
      return true;
    }
  }
  return false;
}

}  // namespace

void ElementReader::ReadMembers(Element& element) {
  size_t count = 0;
  for (const JsonNode& member : JsonChildren(*element.node)) {
    count += member.is_array() ? member.count : 1;
  }
  element.values.reserve(count);
  GivenTerms given;
  for (const JsonNode& member : JsonChildren(*element.node)) {
    if (!absl::StartsWith(member.key, "@")) {
      ReadMember(element, member, given);
    }
  }
  CheckRequired(element);
  CheckRequiredExtras(element);
}

void ElementReader::ReadMember(Element& element, const JsonNode& member,
                               GivenTerms& given) {
  const absl::string_view term = PropertyTerm(*element.context, member.key);
  if (std::find(given.begin(), given.end(), term) != given.end()) {
    Report("duplicatePropertyName", element, member,
           absl::StrCat("property \"", term, "\" is given twice; remove one"));
    return;
  }
  const PropertyRule* rule =
      FindRule(element.class_id, term, element.version());
  if (rule != nullptr) {
    ReadRule(element, *rule, member);
  } else if (!ReadExtra(element, member, term)) {
    ReportUnknownMember(element, member);
    return;
  }
  given.push_back(term);
}

bool ElementReader::ReadExtra(Element& element, const JsonNode& member,
                              absl::string_view term) {
  for (const Cotype& cotype : element.cotypes) {
    if (!cotype.type->unit_type.empty() && term == "unit") {
      ReadUnit(element, cotype, member);
      return true;
    }
    const ExtraProperty* property =
        FindProperty(*cotype.extension, *cotype.type, term);
    if (property != nullptr) {
      ReadExtraLiteral(element, *property, member);
      return true;
    }
  }
  return false;
}

void ElementReader::ReadRule(Element& element, const PropertyRule& rule,
                             const JsonNode& member) {
  if (HasElements(rule.kind)) {
    ReadElements(element, rule, member);
    return;
  }
  const LiteralPlace place = PlaceOf(element, rule.name);
  if (rule.kind == kLanguageString) {
    CheckLanguageText(member, element.context->limits.*rule.max, place);
    element.values.push_back(
        {.rule = &rule, .member = &member, .node = &member});
    return;
  }
  const JsonNode* literal = ReadLiteral(member, rule.kind, place);
  element.values.push_back({.rule = &rule, .member = &member, .node = literal});
  if (member.is_array() && member.count == 0 && rule.min_count > 0) {
    place.Report(
        rule.kind == kLiteral ? "literalCountBelowMin" : "stringCountBelowMin",
        member, "a value is needed; there is none");
  }
  if (literal == nullptr) {
    return;
  }
  if (rule.kind == kString) {
    CheckText(element, rule, *literal);
  } else if (rule.kind == kInteger) {
    CheckNumber(element, rule, *literal);
  } else if (rule.kind == kIdentifier) {
    CheckTarget(element, *literal);
  }
}

void ElementReader::CheckText(const Element& element, const PropertyRule& rule,
                              const JsonNode& literal) {
  const LiteralPlace place = PlaceOf(element, rule.name);
  const int limit = rule.max == nullptr ? 0 : element.context->limits.*rule.max;
  if (limit > 0 && LengthOf(literal.text) > limit) {
    place.Report("stringTooLong", literal,
                 absl::StrCat("the text has ", LengthOf(literal.text),
                              " characters; shorten it to ", limit));
  }
  if (rule.name == "name" && !IsElementName(literal.text)) {
    place.Report("stringInvalid", literal,
                 absl::StrCat("\"", literal.text,
                              "\" is no name; use letters, digits and "
                              "underscores, a letter first, no underscore "
                              "last"));
  }
}

// DTDL.v4.md, "Relationship".
void ElementReader::CheckNumber(const Element& element,
                                const PropertyRule& rule,
                                const JsonNode& literal) {
  const LiteralPlace place = PlaceOf(element, rule.name);
  int number = 0;
  if (!absl::SimpleAtoi(literal.text, &number)) {
    return;
  }
  if (rule.name == "minMultiplicity") {
    if (number != 0) {
      place.Report("valueNotExact", literal, "the value must be 0");
    }
    return;
  }
  const int max = element.context->limits.max_multiplicity;
  if (number < 1) {
    place.Report(max > 0 ? "valueBelowRange" : "valueBelowMin", literal,
                 "the value must be 1 or more");
  } else if (max > 0 && number > max) {
    place.Report("valueAboveRange", literal,
                 absl::StrCat("the value must be ", max, " or less"));
  }
}

// DTDL.v4.md, "Relationship": a target is an id that users can define.
void ElementReader::CheckTarget(const Element& element,
                                const JsonNode& literal) {
  const std::optional<Dtmi> dtmi = ParseDtmi(literal.text);
  const bool is_old = element.version() == 2;
  if (!dtmi.has_value() || dtmi->is_system ||
      (is_old && (!dtmi->has_version() || dtmi->has_minor))) {
    PlaceOf(element, "target")
        .Report("identifierNotDtmi", literal,
                absl::StrCat("\"", literal.text,
                             "\" is no valid DTMI of an interface"));
  } else if (static_cast<int>(literal.text.size()) >
             element.context->limits.other_id) {
    PlaceOf(element, "target")
        .Report("identifierTooLong", literal, "the DTMI is too long");
  }
}

void ElementReader::ReadElements(Element& element, const PropertyRule& rule,
                                 const JsonNode& member) {
  const size_t before = element.values.size();
  if (member.is_array()) {
    for (const JsonNode& node : JsonChildren(member)) {
      ReadElementValue(element, rule, member, node);
    }
  } else {
    ReadElementValue(element, rule, member, member);
  }
  const auto count = static_cast<int>(element.values.size() - before);
  const LiteralPlace place = PlaceOf(element, rule.name);
  if (member.is_array() && static_cast<int>(member.count) < rule.min_count) {
    place.Report("objectCountBelowMin", member,
                 absl::StrCat("at least ", rule.min_count,
                              " value is needed; there is none"));
  }
  const int max = rule.max == nullptr ? 0 : element.context->limits.*rule.max;
  if (!rule.is_plural && count > 1) {
    place.Report("objectMultipleValues", member,
                 "only one value is allowed; remove the others");
  } else if (rule.is_plural && max > 0 && count > max) {
    place.Report("objectCountAboveMax", member,
                 absl::StrCat("at most ", max,
                              " values are allowed; there are ", count));
  }
}

void ElementReader::ReadElementValue(Element& element, const PropertyRule& rule,
                                     const JsonNode& member,
                                     const JsonNode& node) {
  const LiteralPlace place = PlaceOf(element, rule.name);
  if (node.is_string()) {
    ReadReference(element, rule, member, node);
    return;
  }
  if (!node.is_object()) {
    place.Report("refNotStringOrObject", node,
                 "the value must be a DTMI, a term or a JSON object");
    return;
  }
  if (node.count == 1 && node.child->key == "@id") {
    place.Report("idReference", node,
                 "a reference is the DTMI itself, not an object with @id");
    return;
  }
  const size_t at = element.values.size();
  element.values.push_back({.rule = &rule, .member = &member, .node = &node});
  Element* nested = ReadElement(node, {.parent = &element,
                                       .rule = &rule,
                                       .allowed = rule.targets,
                                       .inferred = rule.inferred});
  element.values[at].element = nested;
}

void ElementReader::ReadReference(Element& element, const PropertyRule& rule,
                                  const JsonNode& member,
                                  const JsonNode& node) {
  PropertyValue value{
      .rule = &rule, .member = &member, .node = &node, .reference = node.text};
  if (rule.targets.Has(ClassId::kCommandType)) {
    if (!IsCommandType(node.text)) {
      PlaceOf(element, rule.name)
          .Report("badDtmiOrTerm", node,
                  "the value must be \"synchronous\" or \"asynchronous\"");
    }
    element.values.push_back(value);
    return;
  }
  value.standard = FindSchemaByName(*element.context, node.text);
  if (value.standard != nullptr) {
    element.values.push_back(value);
    return;
  }
  const std::optional<Dtmi> dtmi = ParseDtmi(node.text);
  const bool is_old = element.version() == 2;
  if (IsOtherElement(*element.context, node.text)) {
    PlaceOf(element, rule.name)
        .Report(
            "badType", node,
            absl::StrCat("\"", node.text, "\" is of the language, but is no ",
                         ListOf(rule.targets, element.version())));
    return;
  }
  if (!dtmi.has_value()) {
    PlaceOf(element, rule.name)
        .Report("badDtmiOrTerm", node,
                absl::StrCat("\"", node.text,
                             "\" is neither a valid DTMI nor a term of DTDL"));
    return;
  }
  if (is_old && (!dtmi->has_version() || dtmi->has_minor)) {
    PlaceOf(element, rule.name)
        .Report("badDtmiOrTerm", node,
                "in DTDL 2 a reference ends with a whole version, \";1\"");
    return;
  }
  element.values.push_back(value);
}

// "Semantic types": the unit of a quantity.
void ElementReader::ReadUnit(Element& element, const Cotype& cotype,
                             const JsonNode& member) {
  const size_t before = element.values.size();
  if (member.is_array()) {
    for (const JsonNode& node : JsonChildren(member)) {
      ReadUnitValue(element, cotype, member, node);
    }
  } else {
    ReadUnitValue(element, cotype, member, member);
  }
  const LiteralPlace place = PlaceOf(element, "unit");
  const size_t count = element.values.size() - before;
  if (count == 0 && !cotype.type->is_unit_optional) {
    place.Report("objectCountBelowMin", member, "a unit is needed");
  } else if (count > 1) {
    place.Report("objectMultipleValues", member,
                 "only one unit is allowed; remove the others");
  }
}

void ElementReader::ReadUnitValue(Element& element, const Cotype& cotype,
                                  const JsonNode& member,
                                  const JsonNode& node) {
  static constexpr ExtraProperty kUnit = {
      .name = "unit", .kind = kTermOrIri, .is_required = true};
  const LiteralPlace place = PlaceOf(element, "unit");
  if (!node.is_string()) {
    place.Report(
        node.is_object() ? "refObjectNotAllowed" : "refNotStringOrObject", node,
        "the value must be the name of a unit");
    return;
  }
  const std::optional<UnitMeaning> unit =
      MeaningOfUnit(*element.context, node.text);
  if (!unit.has_value()) {
    const bool is_known =
        FindSchemaByName(*element.context, node.text) != nullptr ||
        ParseDtmi(node.text).has_value();
    place.Report(is_known ? "notRequiredType" : "badDtmiOrTerm", node,
                 absl::StrCat("\"", node.text, "\" is no unit"));
  } else if (unit->unit_type != cotype.type->unit_type) {
    place.Report(
        element.version() == 2 ? "notRequiredType" : "wrongParent", node,
        absl::StrCat("\"", node.text, "\" is ", WithArticle(unit->unit_type),
                     "; \"", cotype.type->name, "\" needs ",
                     WithArticle(cotype.type->unit_type)));
  }
  element.values.push_back({.extra = &kUnit,
                            .member = &member,
                            .node = &node,
                            .reference = node.text});
}

void ElementReader::ReadExtraLiteral(Element& element,
                                     const ExtraProperty& property,
                                     const JsonNode& member) {
  const LiteralPlace place = PlaceOf(element, property.name);
  const JsonNode* literal = ReadLiteral(member, property.kind, place);
  element.values.push_back(
      {.extra = &property, .member = &member, .node = literal});
  if (literal == nullptr) {
    return;
  }
  int number = 0;
  switch (property.kind) {
    case kDuration:
      if (!IsDurationText(literal->text)) {
        place.Report("durationInvalid", *literal,
                     "the value must be an ISO 8601 duration, \"PT30S\"");
      }
      return;
    case kInteger:
      if (property.min_value > 0 && absl::SimpleAtoi(literal->text, &number) &&
          number < property.min_value) {
        place.Report(
            "valueBelowMin", *literal,
            absl::StrCat("the value must be ", property.min_value, " or more"));
      }
      return;
    case kString:
      CheckExtraText(element, property, *literal);
      return;
    default:
      return;
  }
}

void ElementReader::CheckExtraText(const Element& element,
                                   const ExtraProperty& property,
                                   const JsonNode& literal) {
  const LiteralPlace place = PlaceOf(element, property.name);
  if (property.max_length > 0 && LengthOf(literal.text) > property.max_length) {
    place.Report("stringTooLong", literal,
                 absl::StrCat("shorten the text to ", property.max_length,
                              " characters"));
  }
  bool is_valid = true;
  switch (property.form) {
    case TextForm::kAny:
      break;
    case TextForm::kTopic:
      is_valid = IsTopicPattern(literal.text);
      break;
    case TextForm::kLabel:
      is_valid = IsTopicLabel(literal.text);
      break;
    case TextForm::kGroup:
      is_valid = IsElementName(literal.text);
      break;
  }
  if (!is_valid) {
    place.Report("stringInvalid", literal,
                 absl::StrCat("\"", literal.text,
                              "\" has not the form that the extension asks "
                              "for"));
  }
}

void ElementReader::ReportUnknownMember(const Element& element,
                                        const JsonNode& member) {
  const bool is_old = element.version() == 2;
  const bool is_tenable = is_old || element.context->has_unknown_extension;
  const absl::string_view key = member.key;
  absl::string_view rule;
  switch (KindOfName(*element.context, key)) {
    case NameKind::kIrrelevant:
      rule = is_tenable ? "" : "propertyIrrelevantDtmiOrTerm";
      break;
    case NameKind::kInvalidDtmi:
      rule = is_old ? "" : "propertyInvalidDtmi";
      break;
    case NameKind::kNotDtmiOrTerm:
      rule = is_old ? "" : "propertyNotDtmiNorTerm";
      break;
    case NameKind::kUndefined:
      rule = is_tenable ? "" : "propertyUndefinedTerm";
      break;
  }
  if (rule.empty() && !element.has_undefined_type) {
    rule = element.node->Find("@type") == nullptr ? "inferredTypeDoesNotAllow"
                                                  : "noTypeThatAllows";
  }
  if (!rule.empty()) {
    Report(rule, element, member,
           absl::StrCat("property \"", key, "\" is not one of ",
                        WithArticle(ClassName(element.class_id)),
                        "; correct its name or remove it"));
  }
}

void ElementReader::CheckRequired(const Element& element) {
  for (const PropertyRule* rule :
       RulesOf(element.class_id, element.version())) {
    if (rule->min_count == 0 || element.Find(rule->name) != nullptr ||
        IsGiven(element, *rule)) {
      continue;
    }
    Report(HasElements(rule->kind) ? "missingObjectProperty"
                                   : "missingLiteralProperty",
           element, *element.node,
           absl::StrCat("property \"", rule->name, "\" is missing on this ",
                        ClassName(element.class_id), "; add it"));
  }
  const bool has_slot_name = element.parent_rule != nullptr &&
                             element.parent_rule->is_plural &&
                             !element.parent_rule->needs_id;
  if (!has_slot_name || element.has_own_id) {
    return;
  }
  const PropertyValue* name = element.Find("name");
  if (name == nullptr) {
    Report("missingDtmiSegPropertyValue", element, *element.node,
           "the element has neither \"name\" nor \"@id\"; add a name");
  } else if (element.name.empty() && name->node == nullptr) {
    Report("dtmiSegPropertyNotStringOrNumber", element, *name->member,
           "\"name\" must be a string");
  }
}

void ElementReader::CheckRequiredExtras(const Element& element) {
  for (const Cotype& cotype : element.cotypes) {
    const TypeRule& type = *cotype.type;
    if (!element.MayHave(type)) {
      continue;
    }
    const auto report = [&](absl::string_view rule, absl::string_view name) {
      Report(rule, element, *element.node,
             absl::StrCat("\"", type.name, "\" needs property \"", name,
                          "\"; add it"));
    };
    if (!type.unit_type.empty() && !type.is_unit_optional &&
        element.node->Find("unit") == nullptr &&
        element.Find("unit") == nullptr) {
      report("missingSupplementalObjectProperty", "unit");
    }
    for (const ExtraProperty& property : type.properties) {
      if (property.is_required && HasProperty(*cotype.extension, property) &&
          element.Find(property.name) == nullptr) {
        report("missingSupplementalLiteralProperty", property.name);
      }
    }
  }
}

}  // namespace twingraph::dtdl
