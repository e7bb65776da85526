// Covered by tests/server/dtdl/cases_test.cc.
#include "server/dtdl/term.h"

#include <algorithm>
#include <string>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "server/dtdl/dtmi.h"
#include "server/dtdl/quantity.h"
#include "server/dtdl/standard_schema.h"

namespace twingraph::dtdl {
namespace {

// Terms of DTDL 2 and 3 that stand for nothing a document uses, but are
// defined: unit prefixes, classes and properties of units.
const absl::flat_hash_set<absl::string_view>& RareTerms() {
  static const absl::flat_hash_set<absl::string_view> terms = {
      "atto",         "centi",      "deci",          "deka",
      "exa",          "exbi",       "femto",         "gibi",
      "giga",         "hecto",      "kibi",          "kilo",
      "mebi",         "mega",       "micro",         "milli",
      "nano",         "pebi",       "peta",          "pico",
      "tebi",         "tera",       "yobi",          "yocto",
      "yotta",        "zebi",       "zepto",         "zetta",
      "BinaryPrefix", "BinaryUnit", "DecimalPrefix", "DecimalUnit",
      "RatioUnit",    "baseUnit",   "bottomUnit",    "topUnit",
      "exponent",     "prefix",     "symbol",        "languageMajorVersion",
      "asynchronous", "synchronous"};
  return terms;
}

bool ConsumeVersion(absl::string_view& name, int version) {
  return absl::ConsumeSuffix(&name, absl::StrCat(";", version));
}

// The rest of `name` behind the namespace of an extension, if it lies there:
// "class:Length" of "dtmi:dtdl:extension:quantitativeTypes:v1:class:Length".
std::optional<absl::string_view> InExtension(const Extension& extension,
                                             absl::string_view name) {
  if (extension.quantities == QuantityEdition::kDtdl2) {
    return absl::ConsumePrefix(&name, "dtmi:standard:") &&
                   ConsumeVersion(name, 2)
               ? std::optional(name)
               : std::nullopt;
  }
  if (!extension.reserved_prefix.empty()) {
    if (!absl::ConsumePrefix(&name, extension.reserved_prefix)) {
      return std::nullopt;
    }
    ConsumeVersion(name, extension.version);
    return name;
  }
  return absl::ConsumePrefix(
             &name, absl::StrCat(extension.id, ":v", extension.version, ":"))
             ? std::optional(name)
             : std::nullopt;
}

// A name as a plain term of `extension`: itself, or what its DTMI ends with.
absl::string_view TermIn(const Extension& extension, absl::string_view name,
                         absl::string_view kind) {
  if (!absl::StartsWith(name, "dtmi:")) {
    return name;
  }
  std::optional<absl::string_view> rest = InExtension(extension, name);
  if (!rest.has_value()) {
    return {};
  }
  absl::ConsumePrefix(&*rest, absl::StrCat(kind, ":"));
  return *rest;
}

ClassId ClassOfTerm(absl::string_view term, int version) {
  for (int id = 1; id <= static_cast<int>(ClassId::kField); ++id) {
    const auto class_id = static_cast<ClassId>(id);
    if (ClassName(class_id) == term && IsDefinable(class_id, version)) {
      return class_id;
    }
  }
  return ClassId::kNone;
}

bool IsTermOf(const Extension& extension, absl::string_view name) {
  if (extension.FindType(name) != nullptr ||
      IsExtraPropertyTerm(extension, name)) {
    return true;
  }
  return extension.quantities.has_value() &&
         (name == "unit" || IsUnitType(name, *extension.quantities) ||
          !UnitTypeOfUnit(name, *extension.quantities).empty());
}

bool IsTerm(const Context& context, absl::string_view name) {
  return MeaningOfType(context, name).has_value() ||
         IsPropertyTerm(name, context.version) ||
         FindSchemaByName(context, name) != nullptr ||
         (context.version == 2 && RareTerms().contains(name)) ||
         std::any_of(context.extensions.begin(), context.extensions.end(),
                     [name](const Extension* extension) {
                       return IsTermOf(*extension, name);
                     });
}

}  // namespace

NameKind KindOfName(const Context& context, absl::string_view name) {
  if (absl::StartsWith(name, "dtmi:")) {
    return IsDtmiText(name) ? NameKind::kIrrelevant : NameKind::kInvalidDtmi;
  }
  if (name.find(':') != absl::string_view::npos) {
    return NameKind::kNotDtmiOrTerm;
  }
  return IsTerm(context, name) ? NameKind::kIrrelevant : NameKind::kUndefined;
}

std::optional<TypeMeaning> MeaningOfType(const Context& context,
                                         absl::string_view name) {
  absl::string_view term = name;
  const bool is_language = absl::ConsumePrefix(&term, "dtmi:dtdl:class:") &&
                           ConsumeVersion(term, context.version);
  if (is_language || !absl::StartsWith(name, "dtmi:")) {
    const ClassId class_id = ClassOfTerm(term, context.version);
    if (class_id != ClassId::kNone) {
      return TypeMeaning{.class_id = class_id};
    }
    if (IsOtherClassTerm(term, context.version)) {
      return TypeMeaning{.is_other_class = true};
    }
  }
  // In DTDL 2 unit types are classes; later they are enumerations.
  if (context.version == 2 &&
      IsUnitType(TermIn(BuiltInExtension(), name, "class"),
                 QuantityEdition::kDtdl2)) {
    return TypeMeaning{.is_other_class = true};
  }
  for (const Extension* extension : context.extensions) {
    const absl::string_view own = TermIn(*extension, name, "class");
    if (const TypeRule* type = extension->FindType(own)) {
      return TypeMeaning{.cotype = {extension, type}};
    }
  }
  return std::nullopt;
}

absl::string_view PropertyTerm(const Context& context, absl::string_view key) {
  if (!absl::StartsWith(key, "dtmi:")) {
    return key;
  }
  absl::string_view term = key;
  if (absl::ConsumePrefix(&term, "dtmi:dtdl:property:")) {
    return ConsumeVersion(term, context.version) ? term : key;
  }
  for (const Extension* extension : context.extensions) {
    const std::optional<absl::string_view> rest = InExtension(*extension, key);
    if (rest.has_value()) {
      const size_t colon = rest->rfind(':');
      return colon == absl::string_view::npos ? *rest : rest->substr(colon + 1);
    }
  }
  return key;
}

const Schema* FindSchemaByName(const Context& context, absl::string_view name) {
  if (const Schema* schema = FindStandardSchema(name, context.version)) {
    return schema;
  }
  // IoT Central's schemas are known by their DTMI without its context too.
  absl::string_view central = name;
  if (context.version == 2 &&
      absl::ConsumePrefix(&central, "dtmi:iotcentral:schema:") &&
      ConsumeVersion(central, 2)) {
    return FindPartnerSchema(central, 2);
  }
  for (const Extension* extension : context.extensions) {
    if (extension->id == "dtmi:iotcentral:context") {
      if (const Schema* schema = FindPartnerSchema(name, context.version)) {
        return schema;
      }
    } else if (extension->quantities.has_value() && context.version >= 3) {
      const absl::string_view term = TermIn(*extension, name, "enum");
      if (const Schema* schema = FindUnitSchema(term, *extension->quantities)) {
        return schema;
      }
    }
  }
  return nullptr;
}

std::optional<UnitMeaning> MeaningOfUnit(const Context& context,
                                         absl::string_view name) {
  for (const Extension* extension : context.extensions) {
    if (!extension->quantities.has_value()) {
      continue;
    }
    const absl::string_view unit = TermIn(*extension, name, "unit");
    const absl::string_view type = UnitTypeOfUnit(unit, *extension->quantities);
    if (!type.empty()) {
      return UnitMeaning{unit, type};
    }
  }
  return std::nullopt;
}

bool IsCommandType(absl::string_view name) {
  if (absl::ConsumePrefix(&name, "dtmi:dtdl:instance:CommandType:")) {
    name = name.substr(0, name.find(';'));
  }
  return name == "synchronous" || name == "asynchronous";
}

bool IsOtherElement(const Context& context, absl::string_view name) {
  return IsCommandType(name) || MeaningOfType(context, name).has_value() ||
         MeaningOfUnit(context, name).has_value();
}

bool IsReservedId(const Context& context, absl::string_view id) {
  if (absl::StartsWith(id, "dtmi:dtdl:") ||
      absl::StartsWith(id, "dtmi:standard:")) {
    return true;
  }
  return std::any_of(context.extensions.begin(), context.extensions.end(),
                     [id](const Extension* extension) {
                       return !extension->reserved_prefix.empty() &&
                              absl::StartsWith(id, extension->reserved_prefix);
                     });
}

}  // namespace twingraph::dtdl
