#pragma once

// Does a twin conform to its model? Checks contents and brings values into
// their stored form. Pure.

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "server/catalog/catalog.h"
#include "server/dtdl/twin_instance.h"
#include "storage/base/status.h"
#include "storage/value/value.h"

namespace twingraph::catalog {

using dtdl::MissingComponent;

// Checks `contents`, a map of properties and components, against `model`, and
// canonicalises it (see dtdl::TwinChecker, NumberForm::kStruct). Adds one
// violation for each wrong place, as "contents.thermostat.target".
void CheckTwinContents(const EffectiveModel& model, const Catalog& catalog,
                       MissingComponent missing, Value& contents,
                       std::vector<FieldViolation>& violations);

// A name that belongs to the product: empty, or with "$" in front.
bool IsReservedName(absl::string_view name);

// CheckTwinContents for content from elsewhere that is to be kept as it came:
// a member that does not conform stays as it is, and components that lack are
// added. Violations are reserved names only.
void AcceptTwinContents(const EffectiveModel& model, const Catalog& catalog,
                        Value& contents,
                        std::vector<FieldViolation>& violations);

}  // namespace twingraph::catalog
