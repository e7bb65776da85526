#pragma once

// The one thing of a JSON instance that its Value does not show: a minus sign
// before zero, which unsigned schemas refuse. Pure.

#include <string>
#include <vector>

#include "server/dtdl/json_tree.h"
#include "server/dtdl/model.h"
#include "storage/base/status.h"

namespace twingraph::dtdl {

// Adds a violation for each number with a minus sign where `schema` is
// unsigned. REQUIRES: the value conforms in all else.
void CheckSigns(const Schema& schema, const std::string& path,
                const JsonNode& node, std::vector<FieldViolation>& violations);

}  // namespace twingraph::dtdl
