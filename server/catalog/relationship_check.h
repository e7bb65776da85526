#pragma once

// Does a relationship conform to the model of its source? Pure.

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "server/catalog/catalog.h"
#include "storage/base/status.h"
#include "storage/value/value.h"

namespace twingraph::catalog {

// Finds the declaration of the relationship `name` of a twin of `source_model`
// and checks that a twin of `target_model` may be its target.
// Errors: INVALID_ARGUMENT / RELATIONSHIP_NOT_ALLOWED that says which rule
// fails, with metadata name, model and target_model.
absl::StatusOr<const dtdl::Content*> FindRelationship(
    const EffectiveModel& source_model, const Catalog& catalog,
    absl::string_view name, absl::string_view target_model);

// Checks and canonicalises the properties of a relationship; violations name
// "relationship.properties.x".
void CheckRelationshipProperties(const dtdl::Content& relationship,
                                 Value& properties,
                                 std::vector<FieldViolation>& violations);

// CheckRelationshipProperties for content from elsewhere that is to be kept as
// it came; violations are reserved names only.
void AcceptRelationshipProperties(const dtdl::Content& relationship,
                                  Value& properties,
                                  std::vector<FieldViolation>& violations);

}  // namespace twingraph::catalog
