#pragma once

// DTDL's classes as a table: which members an element of a class may have, of
// what form, and which it must have; and the limits of each language version.
// Generic checks walk it. Sources: opendigitaltwins-dtdl DTDL/v2/DTDL.v2.md,
// v3/DTDL.v3.md, v4/DTDL.v4.md, sections named after the classes.

#include <cstddef>
#include <span>

#include "absl/strings/string_view.h"

namespace twingraph::dtdl {

enum class ElementClass {
  kInterface,
  kProperty,
  kTelemetry,
  kCommand,
  kCommandPayload,
  kRelationship,
  kComponent,
  kArray,
  kEnum,
  kEnumValue,
  kMap,
  kMapKey,
  kMapValue,
  kObject,
  kField,
};

// The DTDL term of a class, "Interface".
absl::string_view ClassName(ElementClass element_class);

// The form of a member.
enum class MemberForm {
  kBoolean,
  kInteger,
  kString,
  kName,           // a string by the rules of names
  kLanguageText,   // a string, or strings by language
  kReference,      // a DTMI
  kReferenceList,  // one or several
  kSchema,         // a schema term, a DTMI or an element
  kElement,        // one element
  kElementList,    // one or several
  kAny,            // checked where it is read
};

struct MemberRule {
  ElementClass owner;
  absl::string_view name;
  MemberForm form;
  bool is_required;
  int first_version;
  int last_version;
};

// All rules of a class.
std::span<const MemberRule> MembersOf(ElementClass element_class);

// The rule of a member in a language version; null where there is none.
const MemberRule* FindMember(ElementClass element_class,
                             absl::string_view member, int version);

// Numbers that differ between language versions. 0 means no limit.
struct LanguageLimits {
  size_t contents;  // of an interface, inherited ones included
  size_t extends;   // named directly
  int extends_depth;
  int schema_depth;  // Array, Map, Object in one another
  size_t enum_values;
  size_t fields;
  size_t relationship_properties;
  size_t name_bytes;
  size_t display_name_bytes;
  size_t description_bytes;
  size_t comment_bytes;
  size_t interface_bytes;
  int max_multiplicity;
};

// REQUIRES: version is 2, 3 or 4.
const LanguageLimits& LimitsOf(int version);

}  // namespace twingraph::dtdl
