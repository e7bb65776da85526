#pragma once

// Semantic types and units: DTDL.v2.md "Semantic types", and the pages of the
// QuantitativeTypes extension. Pure constants; safe from any thread.

#include <span>

#include "absl/strings/string_view.h"

namespace twingraph::dtdl {

// Which edition of the tables: DTDL 2 or a version of the extension.
enum class QuantityEdition { kDtdl2, kExtension1, kExtension2, kExtension3 };

struct Quantity {
  absl::string_view unit_type;       // "VelocityUnit"
  absl::string_view semantic_types;  // names, separated by blanks
  absl::string_view units;
  // Names that DTDL 2 lacks, in both lists.
  absl::string_view not_in_dtdl2 = {};
  bool only_in_extension3 = false;
};

std::span<const Quantity> Quantities();

// The unit type of a semantic type; empty where the edition has none.
absl::string_view UnitTypeOfSemantic(absl::string_view name,
                                     QuantityEdition edition);

// The unit type that a unit is of; empty where the edition has none.
absl::string_view UnitTypeOfUnit(absl::string_view name,
                                 QuantityEdition edition);

// Is `name` a unit type?
bool IsUnitType(absl::string_view name, QuantityEdition edition);

}  // namespace twingraph::dtdl
