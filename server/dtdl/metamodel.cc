// Covered by tests/server/dtdl/cases_test.cc.
#include "server/dtdl/metamodel.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace twingraph::dtdl {
namespace {

using enum ClassId;
using enum PropertyKind;

constexpr ClassSet kContents = {kProperty, kTelemetry, kCommand, kRelationship,
                                kComponent};
constexpr ClassSet kComplexSchemas = {kArray, kEnum, kMap, kObject};
constexpr ClassSet kSchemas = {kArray, kEnum, kMap, kObject, kPrimitive};
constexpr ClassSet kPayloads = {kCommandPayload, kCommandRequest,
                                kCommandResponse};
constexpr ClassSet kAll = {kInterface,
                           kProperty,
                           kTelemetry,
                           kCommand,
                           kCommandPayload,
                           kCommandRequest,
                           kCommandResponse,
                           kRelationship,
                           kComponent,
                           kArray,
                           kEnum,
                           kEnumValue,
                           kMap,
                           kMapKey,
                           kMapValue,
                           kObject,
                           kField};
constexpr ClassSet kNamed = {kProperty,       kTelemetry,      kCommand,
                             kCommandPayload, kCommandRequest, kCommandResponse,
                             kRelationship,   kComponent,      kEnumValue,
                             kMapKey,         kMapValue,       kField};

constexpr PropertyRule kRules[] = {
    // "Additional properties of all elements".
    {.name = "comment", .owners = kAll, .max = &Limits::comment},
    {.name = "description",
     .owners = kAll,
     .kind = kLanguageString,
     .max = &Limits::description},
    {.name = "displayName",
     .owners = kAll,
     .kind = kLanguageString,
     .max = &Limits::display_name},
    {.name = "name", .owners = kNamed, .min_count = 1, .max = &Limits::name},
    // "Interface".
    {.name = "contents",
     .owners = {kInterface},
     .kind = kElement,
     .is_plural = true,
     .targets = kContents,
     .allows_older = true},
    {.name = "extends",
     .owners = {kInterface},
     .kind = kElement,
     .is_plural = true,
     .max = &Limits::extends,
     .targets = {kInterface},
     .needs_id = true,
     .allows_older = true},
    {.name = "schemas",
     .owners = {kInterface},
     .kind = kElement,
     .is_plural = true,
     .targets = kComplexSchemas,
     .needs_id = true},
    // "Property", "Telemetry", "Command", "Field", "MapValue".
    {.name = "schema",
     .owners = {kProperty, kTelemetry, kField, kMapValue, kCommandPayload,
                kCommandRequest, kCommandResponse},
     .kind = kElement,
     .min_count = 1,
     .targets = kSchemas,
     .allows_older = true},
    {.name = "writable",
     .owners = {kProperty, kRelationship},
     .kind = kBoolean},
    {.name = "commandType",
     .owners = {kCommand},
     .kind = kElement,
     .targets = {kCommandType}},
    {.name = "request",
     .owners = {kCommand},
     .kind = kElement,
     .last_version = 2,
     .targets = {kCommandPayload},
     .inferred = kCommandPayload},
    {.name = "response",
     .owners = {kCommand},
     .kind = kElement,
     .last_version = 2,
     .targets = {kCommandPayload},
     .inferred = kCommandPayload},
    {.name = "request",
     .owners = {kCommand},
     .kind = kElement,
     .first_version = 3,
     .targets = {kCommandRequest},
     .inferred = kCommandRequest},
    {.name = "response",
     .owners = {kCommand},
     .kind = kElement,
     .first_version = 3,
     .targets = {kCommandResponse},
     .inferred = kCommandResponse},
    {.name = "nullable",
     .owners = {kCommandRequest, kCommandResponse},
     .kind = kBoolean,
     .first_version = 4},
    // "Relationship".
    {.name = "target", .owners = {kRelationship}, .kind = kIdentifier},
    {.name = "minMultiplicity", .owners = {kRelationship}, .kind = kInteger},
    {.name = "maxMultiplicity",
     .owners = {kRelationship},
     .kind = kInteger,
     .max = &Limits::max_multiplicity},
    {.name = "properties",
     .owners = {kRelationship},
     .kind = kElement,
     .is_plural = true,
     .max = &Limits::relationship_properties,
     .targets = {kProperty},
     .allows_older = true},
    // "Component".
    {.name = "schema",
     .owners = {kComponent},
     .kind = kElement,
     .min_count = 1,
     .targets = {kInterface},
     .needs_id = true,
     .allows_older = true},
    // "Array".
    {.name = "elementSchema",
     .owners = {kArray},
     .kind = kElement,
     .min_count = 1,
     .targets = kSchemas,
     .allows_older = true},
    // "Enum", "EnumValue".
    {.name = "valueSchema",
     .owners = {kEnum},
     .kind = kElement,
     .min_count = 1,
     .targets = {kPrimitive},
     .needs_id = true},
    {.name = "enumValues",
     .owners = {kEnum},
     .kind = kElement,
     .last_version = 2,
     .is_plural = true,
     .min_count = 1,
     .max = &Limits::enum_values,
     .targets = {kEnumValue},
     .inferred = kEnumValue},
    {.name = "enumValues",
     .owners = {kEnum},
     .kind = kElement,
     .first_version = 3,
     .is_plural = true,
     .targets = {kEnumValue},
     .inferred = kEnumValue},
    {.name = "enumValue",
     .owners = {kEnumValue},
     .kind = kLiteral,
     .min_count = 1},
    // "Map", "MapKey".
    {.name = "mapKey",
     .owners = {kMap},
     .kind = kElement,
     .min_count = 1,
     .targets = {kMapKey},
     .inferred = kMapKey},
    {.name = "mapValue",
     .owners = {kMap},
     .kind = kElement,
     .min_count = 1,
     .targets = {kMapValue},
     .inferred = kMapValue},
    {.name = "schema",
     .owners = {kMapKey},
     .kind = kElement,
     .min_count = 1,
     .targets = {kPrimitive},
     .needs_id = true},
    // "Object".
    {.name = "fields",
     .owners = {kObject},
     .kind = kElement,
     .last_version = 2,
     .is_plural = true,
     .min_count = 1,
     .max = &Limits::fields,
     .targets = {kField},
     .inferred = kField},
    {.name = "fields",
     .owners = {kObject},
     .kind = kElement,
     .first_version = 3,
     .is_plural = true,
     .targets = {kField},
     .inferred = kField},
};

// Rules by class and version, made of kRules once.
class RuleIndex {
 public:
  RuleIndex() {
    for (const PropertyRule& rule : kRules) {
      for (int version = 2; version <= 4; ++version) {
        if (version < rule.first_version || version > rule.last_version) {
          continue;
        }
        for (size_t id = 0; id < kClasses; ++id) {
          if (rule.owners.Has(static_cast<ClassId>(id))) {
            lists_[version - 2][id].push_back(&rule);
          }
        }
      }
    }
  }

  std::span<const PropertyRule* const> Get(ClassId id, int version) const {
    return lists_[version - 2][static_cast<size_t>(id)];
  }

 private:
  static constexpr size_t kClasses = static_cast<size_t>(kLatent) + 1;
  std::array<std::array<std::vector<const PropertyRule*>, kClasses>, 3> lists_;
};

constexpr Limits kLimits[] = {
    {.name = 64,
     .display_name = 64,
     .description = 512,
     .comment = 512,
     .interface_id = 128,
     .other_id = 2048,
     .contents = 300,
     .relationship_properties = 300,
     .enum_values = 100,
     .fields = 30,
     .extends = 2,
     .extends_depth = 10,
     .extends_total = 0,
     .schema_depth = 5,
     .max_multiplicity = 500,
     .content_total = 0,
     .interface_bytes = 0},
    {.name = 512,
     .display_name = 512,
     .description = 512,
     .comment = 512,
     .interface_id = 128,
     .other_id = 2048,
     .contents = 0,
     .relationship_properties = 0,
     .enum_values = 0,
     .fields = 0,
     .extends = 0,
     .extends_depth = 10,
     .extends_total = 1024,
     .schema_depth = 5,
     .max_multiplicity = 0,
     .content_total = 100'000,
     .interface_bytes = 1 << 20},
    {.name = 512,
     .display_name = 512,
     .description = 512,
     .comment = 512,
     .interface_id = 128,
     .other_id = 2048,
     .contents = 0,
     .relationship_properties = 0,
     .enum_values = 0,
     .fields = 0,
     .extends = 0,
     .extends_depth = 12,
     .extends_total = 1024,
     .schema_depth = 8,
     .max_multiplicity = 0,
     .content_total = 100'000,
     .interface_bytes = 1 << 20},
};

// Classes of the metamodel that no document defines elements of.
constexpr absl::string_view kOtherClasses[] = {
    "Entity",        "NamedEntity",     "Content",       "Schema",
    "ComplexSchema", "PrimitiveSchema", "NumericSchema", "TemporalSchema",
    "SchemaField",   "Boolean",         "Date",          "DateTime",
    "Double",        "Duration",        "Float",         "Integer",
    "Long",          "String",          "Time",          "CommandType",
    "Unit",          "UnitAttribute",   "NamedUnit",
};
constexpr absl::string_view kOtherClassesOf4[] = {
    "Byte",         "Bytes",           "Decimal",      "Short",
    "UnsignedByte", "UnsignedInteger", "UnsignedLong", "UnsignedShort",
    "Uuid",         "ScaledDecimal",
};

}  // namespace

absl::string_view ClassName(ClassId id) {
  constexpr absl::string_view kNames[] = {"element",
                                          "Interface",
                                          "Property",
                                          "Telemetry",
                                          "Command",
                                          "CommandPayload",
                                          "CommandRequest",
                                          "CommandResponse",
                                          "Relationship",
                                          "Component",
                                          "Array",
                                          "Enum",
                                          "EnumValue",
                                          "Map",
                                          "MapKey",
                                          "MapValue",
                                          "Object",
                                          "Field",
                                          "primitive schema",
                                          "CommandType",
                                          "Unit",
                                          "UnitAttribute",
                                          "LatentType"};
  return kNames[static_cast<size_t>(id)];
}

std::string WithArticle(absl::string_view term) {
  const bool has_vowel =
      !term.empty() && absl::StrContains("AEIOaeio", term.substr(0, 1));
  return absl::StrCat(has_vowel ? "an " : "a ", term);
}

bool IsDefinable(ClassId id, int version) {
  switch (id) {
    case kCommandPayload:
      return version == 2;
    case kCommandRequest:
    case kCommandResponse:
      return version >= 3;
    default:
      return kAll.Has(id);
  }
}

std::string ListOf(const ClassSet& classes, int version) {
  std::string list;
  for (int id = 1; id <= static_cast<int>(kPrimitive); ++id) {
    const auto class_id = static_cast<ClassId>(id);
    if (classes.Has(class_id) &&
        (IsDefinable(class_id, version) || class_id == kPrimitive)) {
      absl::StrAppend(&list, list.empty() ? "" : " or ", ClassName(class_id));
    }
  }
  return list;
}

bool IsOtherClassTerm(absl::string_view term, int version) {
  const auto is_in = [term](std::span<const absl::string_view> terms) {
    return std::find(terms.begin(), terms.end(), term) != terms.end();
  };
  return is_in(kOtherClasses) || (version >= 4 && is_in(kOtherClassesOf4)) ||
         (version >= 3 && term == "CommandPayload");
}

const Limits& LimitsOf(int version) {
  return kLimits[version - 2];
}

std::span<const PropertyRule* const> RulesOf(ClassId owner, int version) {
  static const RuleIndex index;
  return index.Get(owner, version);
}

const PropertyRule* FindRule(ClassId owner, absl::string_view name,
                             int version) {
  for (const PropertyRule* rule : RulesOf(owner, version)) {
    if (rule->name == name) {
      return rule;
    }
  }
  return nullptr;
}

bool IsPropertyTerm(absl::string_view name, int version) {
  return std::any_of(
      std::begin(kRules), std::end(kRules), [&](const PropertyRule& rule) {
        return rule.name == name && rule.first_version <= version &&
               version <= rule.last_version;
      });
}

}  // namespace twingraph::dtdl
