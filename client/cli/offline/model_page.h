#pragma once

// A model with all that it inherits, as a page for people. Pure.

#include <ostream>
#include <string>

#include "server/dtdl/effective_model.h"

namespace twingraph::cli {

// A schema in short: "double", "Array of double", "Enum off=0, on=1",
// "Object {x: double, y: double}", "Map to string". What stands deep inside is
// left out.
std::string FormatSchema(const dtdl::Schema& schema);

// Title, texts, what it extends, and a table for each kind of content, which
// says where each is declared.
void PrintModel(const dtdl::EffectiveModel& model, std::ostream& out);

// The same as one JSON object, for programs; texts in English or the first
// language.
std::string ModelJson(const dtdl::EffectiveModel& model);

}  // namespace twingraph::cli
