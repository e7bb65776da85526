#pragma once

// A model as one document that stands alone. Pure.

#include <string>

#include "absl/status/statusor.h"

#include "server/catalog/catalog.h"

namespace twingraph::engine {

// The interface of `model` as JSON with the contents and schemas of all that it
// extends, nearest first, with the extension contexts of those, and without
// "extends". For reading: names and ids are as they were, so it cannot be
// stored beside the models that it is made of. Errors: DATA_LOSS /
// STORE_CORRUPT for a stored document that is no JSON object.
absl::StatusOr<std::string> FlatDefinition(
    const catalog::EffectiveModel& model);

}  // namespace twingraph::engine
