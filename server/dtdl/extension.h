#pragma once

// Language extensions as tables: the co-types and properties that a context
// adds, and what they ask of an element. DTDL 2's own semantic types are an
// extension that is always on. Sources: opendigitaltwins-dtdl
// DTDL/v4/DTDL.Extensions.md and the page of each extension. Pure constants;
// safe from any thread.

#include <optional>
#include <span>

#include "absl/strings/string_view.h"

#include "server/dtdl/metamodel.h"
#include "server/dtdl/quantity.h"

namespace twingraph::dtdl {

// What a co-type asks of the schema of its element.
enum class SchemaNeed : uint8_t {
  kNone,
  kNumeric,
  kString,
  kEnum,
  kMap,
  kObject,
  kErrorObject,  // an Object with co-type Error
  kVector,       // IoT Central's vector
  kPlace,        // IoT Central's geopoint, or a geospatial schema
};

// The form of a text beyond its length.
enum class TextForm : uint8_t {
  kAny,
  kTopic,  // MQTT topic pattern
  kLabel,  // printable ASCII without space, quote, +, #, {, } and /
  kGroup,  // letters, digits, underscore; a letter first
};

// A property that a co-type adds.
struct ExtraProperty {
  absl::string_view name;
  PropertyKind kind = PropertyKind::kString;
  bool is_required = false;
  int max_length = 0;
  int min_value = 0;  // of an integer; 0 for none
  TextForm form = TextForm::kAny;
  bool is_unique = false;           // among the siblings of the element
  bool conforms_to_schema = false;  // a number as the element's schema takes it
  // Versions of the extension that have it.
  int first = 1;
  int last = 99;
};

// A co-type.
struct TypeRule {
  absl::string_view name;
  // Classes it may stand on, and a co-type that it may stand on besides.
  ClassSet cotypes;
  absl::string_view host = {};
  std::span<const ExtraProperty> properties = {};
  SchemaNeed schema = SchemaNeed::kNone;
  absl::string_view needs = {};     // a co-type it must stand with
  absl::string_view excludes = {};  // a co-type it must not stand with
  // Co-types, separated by blanks, one of which the enclosing element must
  // have, and one of which each field must have.
  absl::string_view parent = {};
  absl::string_view fields = {};
  bool is_single = false;          // at most one of the siblings has it
  absl::string_view sibling = {};  // a co-type that some sibling must have
  // A semantic type: the name of its unit type, and whether `unit` may be left
  // out.
  absl::string_view unit_type = {};
  bool is_unit_optional = false;
  bool is_abstract = false;
  int first = 1;
  int last = 99;
};

// One version of an extension.
struct Extension {
  // Context specifier without version, "dtmi:dtdl:extension:mqtt".
  absl::string_view id;
  int version = 1;
  // DTDL versions whose elements may have its co-types.
  int first_dtdl = 2;
  int last_dtdl = 4;
  std::span<const TypeRule> types = {};
  // The semantic types and units of quantity.h that are in it.
  std::optional<QuantityEdition> quantities = std::nullopt;
  // Prefix of ids that belong to the partner under this context.
  absl::string_view reserved_prefix = {};

  // The co-type of a term; null where there is none.
  const TypeRule* FindType(absl::string_view term) const;
};

// A co-type and the extension that it comes from.
struct Cotype {
  const Extension* extension = nullptr;
  const TypeRule* type = nullptr;
};

// The extension of a context; null where it is unknown.
const Extension* FindExtension(absl::string_view id, int version);

// Is there any version of that extension?
bool IsExtensionKnown(absl::string_view id);

// DTDL 2's semantic types and units.
const Extension& BuiltInExtension();

// Does that version of the extension have the property?
bool HasProperty(const Extension& extension, const ExtraProperty& property);

// The co-type's property of that name; null where there is none.
const ExtraProperty* FindProperty(const Extension& extension,
                                  const TypeRule& type, absl::string_view name);

// Is `name` a property of any co-type of the extension?
bool IsExtraPropertyTerm(const Extension& extension, absl::string_view name);

}  // namespace twingraph::dtdl
