#pragma once

// Schemas that need no definition: the primitive ones and the geospatial ones.
// They live for ever. Safe from any thread.

#include "absl/strings/string_view.h"

#include "server/dtdl/model.h"
#include "server/dtdl/quantity.h"

namespace twingraph::dtdl {

// The schema of a term ("double", "point") or of a standard id
// ("dtmi:dtdl:instance:Schema:double;2",
// "dtmi:standard:schema:geospatial:point;3") in a language version; null where
// that version has none.
const Schema* FindStandardSchema(absl::string_view name, int version);

// The schema of a term that a partner's context adds: IoT Central's "vector"
// and "geopoint"; null for others.
const Schema* FindPartnerSchema(absl::string_view term, int version);

// The Enum of the units of a unit type, "TemperatureUnit", in a version of the
// QuantitativeTypes extension; null where there is none.
const Schema* FindUnitSchema(absl::string_view unit_type,
                             QuantityEdition edition);

}  // namespace twingraph::dtdl
