#pragma once

// What a name means at a place of a document: the terms of DTDL and of the
// extensions in force, and DTMIs that stand for them. Pure; safe from any
// thread.

#include <optional>

#include "absl/strings/string_view.h"

#include "server/dtdl/context.h"
#include "server/dtdl/extension.h"
#include "server/dtdl/metamodel.h"
#include "server/dtdl/model.h"

namespace twingraph::dtdl {

// How a name is unknown. The versions of DTDL differ in which they let pass.
enum class NameKind {
  kIrrelevant,     // a DTMI, or a term that does not fit here
  kInvalidDtmi,    // begins with "dtmi:" and is none
  kNotDtmiOrTerm,  // "http://..."
  kUndefined,      // a plain word
};

// REQUIRES: the name has no meaning where it stands.
NameKind KindOfName(const Context& context, absl::string_view name);

// What a value of @type names.
struct TypeMeaning {
  ClassId class_id = ClassId::kNone;
  bool is_other_class = false;  // a class that no document defines
  Cotype cotype = {};
};

// The class or co-type of a term or DTMI; nullopt where it is neither.
std::optional<TypeMeaning> MeaningOfType(const Context& context,
                                         absl::string_view name);

// The term of a property that `key`, a term or DTMI, stands for: "name" of
// "name" and of "dtmi:dtdl:property:name;3". Of other keys the key itself.
absl::string_view PropertyTerm(const Context& context, absl::string_view key);

// The schema of the language or of an extension that a name in place of an
// element stands for; null where there is none.
const Schema* FindSchemaByName(const Context& context, absl::string_view name);

// The unit that a name stands for, and its unit type.
struct UnitMeaning {
  absl::string_view unit;
  absl::string_view unit_type;
};

std::optional<UnitMeaning> MeaningOfUnit(const Context& context,
                                         absl::string_view name);

// Is `name` the DTMI or term of an instance of CommandType?
bool IsCommandType(absl::string_view name);

// Does the name stand for something of the language or of an extension that is
// no schema: a class, a unit, a command type?
bool IsOtherElement(const Context& context, absl::string_view name);

// Does the id lie in a namespace that belongs to the language or to a partner
// whose context is in force?
bool IsReservedId(const Context& context, absl::string_view id);

}  // namespace twingraph::dtdl
