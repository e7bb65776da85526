// Covered by tests/server/dtdl/parser_test.cc.
#include "server/dtdl/metamodel.h"

#include <algorithm>

namespace twingraph::dtdl {
namespace {

using enum ElementClass;
using enum MemberForm;

// Sorted by owner. Members that every element has are added by FindMember.
constexpr MemberRule kMembers[] = {
    {kInterface, "contents", kElementList, false, 2, 4},
    {kInterface, "extends", kReferenceList, false, 2, 4},
    {kInterface, "schemas", kElementList, false, 2, 4},
    {kProperty, "name", kName, true, 2, 4},
    {kProperty, "schema", kSchema, true, 2, 4},
    {kProperty, "writable", kBoolean, false, 2, 4},
    {kProperty, "unit", kAny, false, 2, 4},
    {kTelemetry, "name", kName, true, 2, 4},
    {kTelemetry, "schema", kSchema, true, 2, 4},
    {kTelemetry, "unit", kAny, false, 2, 4},
    {kCommand, "name", kName, true, 2, 4},
    {kCommand, "commandType", kString, false, 2, 2},
    {kCommand, "request", kElement, false, 2, 4},
    {kCommand, "response", kElement, false, 2, 4},
    {kCommandPayload, "name", kName, true, 2, 4},
    {kCommandPayload, "schema", kSchema, true, 2, 4},
    {kCommandPayload, "unit", kAny, false, 3, 4},
    {kCommandPayload, "nullable", kBoolean, false, 4, 4},
    {kRelationship, "name", kName, true, 2, 4},
    {kRelationship, "minMultiplicity", kInteger, false, 2, 4},
    {kRelationship, "maxMultiplicity", kInteger, false, 2, 4},
    {kRelationship, "properties", kElementList, false, 2, 4},
    {kRelationship, "target", kReference, false, 2, 4},
    {kRelationship, "writable", kBoolean, false, 2, 4},
    {kComponent, "name", kName, true, 2, 4},
    {kComponent, "schema", kReference, true, 2, 4},
    {kArray, "elementSchema", kSchema, true, 2, 4},
    {kEnum, "enumValues", kElementList, true, 2, 2},
    {kEnum, "enumValues", kElementList, false, 3, 4},
    {kEnum, "valueSchema", kString, true, 2, 4},
    {kEnumValue, "name", kName, true, 2, 4},
    {kEnumValue, "enumValue", kAny, true, 2, 4},
    {kMap, "mapKey", kElement, true, 2, 4},
    {kMap, "mapValue", kElement, true, 2, 4},
    {kMapKey, "name", kName, true, 2, 4},
    {kMapKey, "schema", kString, true, 2, 4},
    {kMapValue, "name", kName, true, 2, 4},
    {kMapValue, "schema", kSchema, true, 2, 4},
    {kMapValue, "unit", kAny, false, 3, 4},
    {kObject, "fields", kElementList, true, 2, 2},
    {kObject, "fields", kElementList, false, 3, 4},
    {kField, "name", kName, true, 2, 4},
    {kField, "schema", kSchema, true, 2, 4},
    {kField, "unit", kAny, false, 3, 4},
};

constexpr MemberRule kCommonMembers[] = {
    {kInterface, "comment", kString, false, 2, 4},
    {kInterface, "description", kLanguageText, false, 2, 4},
    {kInterface, "displayName", kLanguageText, false, 2, 4},
};

constexpr LanguageLimits kLimits[] = {
    {.contents = 300,
     .extends = 2,
     .extends_depth = 10,
     .schema_depth = 5,
     .enum_values = 100,
     .fields = 30,
     .relationship_properties = 300,
     .name_bytes = 64,
     .display_name_bytes = 64,
     .description_bytes = 512,
     .comment_bytes = 512,
     .interface_bytes = 0,
     .max_multiplicity = 500},
    {.contents = 100'000,
     .extends = 0,
     .extends_depth = 10,
     .schema_depth = 5,
     .enum_values = 0,
     .fields = 0,
     .relationship_properties = 0,
     .name_bytes = 512,
     .display_name_bytes = 512,
     .description_bytes = 512,
     .comment_bytes = 512,
     .interface_bytes = 1 << 20,
     .max_multiplicity = 0},
    {.contents = 100'000,
     .extends = 0,
     .extends_depth = 12,
     .schema_depth = 8,
     .enum_values = 0,
     .fields = 0,
     .relationship_properties = 0,
     .name_bytes = 512,
     .display_name_bytes = 512,
     .description_bytes = 512,
     .comment_bytes = 512,
     .interface_bytes = 1 << 20,
     .max_multiplicity = 0},
};

bool Covers(const MemberRule& rule, absl::string_view member, int version) {
  return rule.name == member && rule.first_version <= version &&
         version <= rule.last_version;
}

}  // namespace

absl::string_view ClassName(ElementClass element_class) {
  switch (element_class) {
    case kInterface:
      return "Interface";
    case kProperty:
      return "Property";
    case kTelemetry:
      return "Telemetry";
    case kCommand:
      return "Command";
    case kCommandPayload:
      return "CommandPayload";
    case kRelationship:
      return "Relationship";
    case kComponent:
      return "Component";
    case kArray:
      return "Array";
    case kEnum:
      return "Enum";
    case kEnumValue:
      return "EnumValue";
    case kMap:
      return "Map";
    case kMapKey:
      return "MapKey";
    case kMapValue:
      return "MapValue";
    case kObject:
      return "Object";
    case kField:
      return "Field";
  }
  return "";
}

std::span<const MemberRule> MembersOf(ElementClass element_class) {
  const auto [first, last] = std::ranges::equal_range(
      kMembers, element_class, std::less<>(), &MemberRule::owner);
  return {first, last};
}

const MemberRule* FindMember(ElementClass element_class,
                             absl::string_view member, int version) {
  for (const MemberRule& rule : MembersOf(element_class)) {
    if (Covers(rule, member, version)) {
      return &rule;
    }
  }
  for (const MemberRule& rule : kCommonMembers) {
    if (Covers(rule, member, version)) {
      return &rule;
    }
  }
  return nullptr;
}

const LanguageLimits& LimitsOf(int version) {
  return kLimits[version - 2];
}

}  // namespace twingraph::dtdl
