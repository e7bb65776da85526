// Covered by tests/server/dtdl/cases_test.cc.
#include "server/dtdl/literal.h"

#include <cstdint>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace twingraph::dtdl {
namespace {

using enum PropertyKind;

constexpr absl::string_view kXmlSchema = "http://www.w3.org/2001/XMLSchema#";

// The words of a kind in rule ids and messages.
struct KindWords {
  absl::string_view rule;  // prefix of rule ids
  absl::string_view json;  // what the value must be
  absl::string_view xsd;   // its @type
};

KindWords WordsOf(PropertyKind kind) {
  switch (kind) {
    case kString:
    case kLanguageString:
    case kTermOrIri:
      return {"string", "a JSON string", "string"};
    case kInteger:
      return {"integer", "a JSON integer", "integer"};
    case kNumeric:
      return {"numeric", "a JSON number", "decimal"};
    case kBoolean:
      return {"boolean", "true or false", "boolean"};
    case kDuration:
      return {"string", "a JSON string", "duration"};
    case kIdentifier:
      return {"identifier", "a JSON string with a DTMI", "string"};
    case kLiteral:
    case kElement:
      break;
  }
  return {"literal", "a JSON string or integer", ""};
}

// "stringNotString", "booleanTypeNotBoolean": the ids of rules on forms.
std::string NotRule(absl::string_view kind, absl::string_view what) {
  return absl::StrCat(kind, what, "Not",
                      absl::AsciiStrToUpper(kind.substr(0, 1)), kind.substr(1));
}

bool HasJsonForm(const JsonNode& node, PropertyKind kind) {
  switch (kind) {
    case kInteger:
      return node.is_number() && IsIntegerToken(node.text);
    case kNumeric:
      return node.is_number();
    case kBoolean:
      return node.is_bool();
    case kLiteral:
      // Whether it fits the Enum is another rule's matter.
      return node.is_string() || node.is_number() || node.is_bool();
    default:
      return node.is_string();
  }
}

// "xsd:string" or the full IRI.
bool IsXsd(absl::string_view type, absl::string_view name) {
  return type == absl::StrCat("xsd:", name) ||
         type == absl::StrCat(kXmlSchema, name);
}

// Checks a member of a value object other than @value and @type.
void CheckValueMember(const JsonNode& member, const LiteralPlace& place) {
  if (member.key == "@id") {
    place.Report("valueObjectId", member, "a value object has no @id");
  } else if (member.key == "@context") {
    place.Report("valueObjectContext", member,
                 "a value object has no @context");
  } else if (member.key == "@graph") {
    place.Report("valueObjectGraph", member, "a value object has no @graph");
  } else if (!absl::StartsWith(member.key, "@")) {
    place.Report("valueObjectInvalidProp", member,
                 absl::StrCat("a value object has only @value and @type; "
                              "remove \"",
                              member.key, "\""));
  } else if (place.version >= 3) {
    place.Report(member.key == "@language" ? "valueObjectLanguage"
                                           : "valueObjectKeyword",
                 member,
                 absl::StrCat("a value object has only @value and @type; "
                              "remove ",
                              member.key));
  }
}

// The kind that the @type of a value object gives to a kLiteral.
PropertyKind KindOfType(absl::string_view type) {
  return IsXsd(type, "integer")   ? kInteger
         : IsXsd(type, "string")  ? kString
         : IsXsd(type, "boolean") ? kBoolean
                                  : kLiteral;
}

const JsonNode* ReadValueObject(const JsonNode& object, PropertyKind kind,
                                const LiteralPlace& place) {
  const KindWords words = WordsOf(kind);
  for (const JsonNode& member : JsonChildren(object)) {
    if (member.key != "@value" && member.key != "@type") {
      CheckValueMember(member, place);
    }
  }
  const JsonNode* value = object.Find("@value");
  if (value == nullptr) {
    place.Report(absl::StrCat(words.rule, "ObjectNoValue"), object,
                 "the object has no @value; add it, or give the value itself");
    return nullptr;
  }
  const JsonNode* type = object.Find("@type");
  if (type != nullptr && type->is_array() && type->count == 1) {
    type = type->child;
  }
  if (type != nullptr && !type->is_string()) {
    place.Report("literalTypeNotSingular", *type,
                 "@type of a value must be one string, \"xsd:string\"");
    return nullptr;
  }
  if (type != nullptr && kind == kLiteral) {
    const PropertyKind given = KindOfType(type->text);
    if (given == kBoolean) {
      place.Report("literalNotValid", *type,
                   "the value must be a string or an integer");
    }
    kind = given;
  } else if (type != nullptr && !IsXsd(type->text, words.xsd)) {
    place.Report(NotRule(words.rule, "Type"), *type,
                 absl::StrCat("@type must be \"xsd:", words.xsd, "\""));
    return nullptr;
  }
  if (!HasJsonForm(*value, kind)) {
    const KindWords given = WordsOf(kind);
    place.Report(NotRule(given.rule, "Value"), *value,
                 absl::StrCat("@value must be ", given.json));
    return nullptr;
  }
  return value;
}

const JsonNode* ReadSingle(const JsonNode& node, PropertyKind kind,
                           const LiteralPlace& place) {
  if (node.is_object() && kind != kIdentifier) {
    return ReadValueObject(node, kind, place);
  }
  if (HasJsonForm(node, kind)) {
    return &node;
  }
  const KindWords words = WordsOf(kind);
  const std::string rule = kind == kLiteral      ? "literalNotValid"
                           : kind == kIdentifier ? "identifierNotString"
                                                 : NotRule(words.rule, "");
  place.Report(rule, node, absl::StrCat("the value must be ", words.json));
  return nullptr;
}

}  // namespace

bool LiteralPlace::Report(absl::string_view rule, const JsonNode& node,
                          absl::string_view message) const {
  problems.Add(rule, element, node,
               absl::StrCat("property \"", property, "\": ", message));
  return false;
}

const JsonNode* ReadLiteral(const JsonNode& member, PropertyKind kind,
                            const LiteralPlace& place) {
  if (!member.is_array()) {
    return ReadSingle(member, kind, place);
  }
  const JsonNode* literal = nullptr;
  for (const JsonNode& element : JsonChildren(member)) {
    const JsonNode* read = ReadSingle(element, kind, place);
    literal = literal == nullptr ? read : literal;
  }
  if (member.count > 1) {
    place.Report(absl::StrCat(WordsOf(kind).rule, "MultipleValues"), member,
                 "only one value is allowed; remove the others");
  }
  return literal;
}

bool IsIntegerToken(absl::string_view token) {
  int32_t number = 0;
  return token.find_first_of(".eE") == absl::string_view::npos &&
         absl::SimpleAtoi(token, &number);
}

int LengthOf(absl::string_view text) {
  int length = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    // One unit for each lead byte, two where it begins four bytes.
    length += (byte & 0xC0) == 0x80 ? 0 : byte >= 0xF0 ? 2 : 1;
  }
  return length;
}

}  // namespace twingraph::dtdl
