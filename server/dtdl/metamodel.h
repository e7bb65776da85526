#pragma once

// DTDL's classes as a table: which properties an element of a class may have,
// of what kind, how many, and of which classes their values are, for each
// version of the language. Generic checks walk it; what a table cannot say is a
// function in validator/. Sources: opendigitaltwins-dtdl DTDL/v2/DTDL.v2.md,
// v3/DTDL.v3.md and v4/DTDL.v4.md, the sections named after the classes. Pure
// constants; safe from any thread.

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>

#include "absl/strings/string_view.h"

namespace twingraph::dtdl {

// The concrete classes that a document may instantiate, then those that only
// the language itself has instances of.
enum class ClassId : uint8_t {
  kNone,  // not known, an element that is broken
  kInterface,
  kProperty,
  kTelemetry,
  kCommand,
  kCommandPayload,   // DTDL 2
  kCommandRequest,   // from DTDL 3
  kCommandResponse,  // from DTDL 3
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
  // Language instances only.
  kPrimitive,
  kCommandType,
  kUnit,
  kUnitAttribute,
  kLatent,
};

// A set of classes.
class ClassSet {
 public:
  constexpr ClassSet() = default;

  constexpr ClassSet(std::initializer_list<ClassId> classes) {
    for (const ClassId id : classes) {
      bits_ |= Bit(id);
    }
  }

  constexpr bool Has(ClassId id) const { return (bits_ & Bit(id)) != 0; }

  constexpr bool is_empty() const { return bits_ == 0; }

 private:
  static constexpr uint32_t Bit(ClassId id) {
    return uint32_t{1} << static_cast<unsigned>(id);
  }

  uint32_t bits_ = 0;
};

// The term of a class, "Interface".
absl::string_view ClassName(ClassId id);

// A term with its article, for messages: "an Interface".
std::string WithArticle(absl::string_view term);

// The classes of a set that a version has, for messages: "Property or
// Telemetry".
std::string ListOf(const ClassSet& classes, int version);

// May documents of that version define elements of the class?
bool IsDefinable(ClassId id, int version);

// The classes of that name which documents cannot define: abstract ones
// ("Schema") and those of language instances ("Double"). True if `term` is one.
bool IsOtherClassTerm(absl::string_view term, int version);

// What the value of a property is.
enum class PropertyKind : uint8_t {
  kString,
  kInteger,
  kNumeric,  // integer or not
  kBoolean,
  kDuration,
  kLanguageString,
  kLiteral,     // integer or string, of an EnumValue
  kIdentifier,  // a DTMI that need not be defined
  kTermOrIri,   // name of a property
  kElement,     // elements: nested or referred to
};

// Numbers that differ between language versions and limit contexts; 0 is "no
// limit".
struct Limits {
  int name;  // characters
  int display_name;
  int description;
  int comment;
  int interface_id;  // characters of an Interface's @id
  int other_id;      // of any other @id, and of a target
  int contents;      // of an interface, inherited ones included
  int relationship_properties;
  int enum_values;
  int fields;
  int extends;        // direct
  int extends_depth;  // edges in one chain
  int extends_total;  // interfaces in the whole hierarchy
  int schema_depth;   // complex schemas in one another
  int max_multiplicity;
  int content_total;  // elements in the whole contents tree
  int interface_bytes;
};

// REQUIRES: version is 2, 3 or 4.
const Limits& LimitsOf(int version);

// One property of one or more classes, in a range of versions.
struct PropertyRule {
  absl::string_view name;
  ClassSet owners;
  PropertyKind kind = PropertyKind::kString;
  int first_version = 2;
  int last_version = 4;
  bool is_plural = false;
  int min_count = 0;
  // Member of Limits that bounds the count or the length; null for none.
  int Limits::* max = nullptr;
  // kElement: classes of the values, and the class of one without @type.
  ClassSet targets = {};
  ClassId inferred = ClassId::kNone;
  // kElement: a nested value needs an @id of its own.
  bool needs_id = false;
  // kElement: the versions a value of this property may be defined in, when
  // the owner is of version 3 or 4; DTDL 2 allows only 2.
  bool allows_older = false;
};

// The rule of a property of a class; null where there is none.
const PropertyRule* FindRule(ClassId owner, absl::string_view name,
                             int version);

// Every rule of a class in a version.
std::span<const PropertyRule* const> RulesOf(ClassId owner, int version);

// Is `name` a property of any class in that version?
bool IsPropertyTerm(absl::string_view name, int version);

}  // namespace twingraph::dtdl
