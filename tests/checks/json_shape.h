#pragma once

// The same JSON in other words: what means nothing to a reader of JSON is left
// to chance.

#include <string>

#include "storage/value/value.h"
#include "tests/checks/random_choice.h"

namespace twingraph {

// The value as text with members in any order, white space and escapes where
// they may be.
std::string ReshapeJson(const Value& value, RandomChoice& random);

}  // namespace twingraph
