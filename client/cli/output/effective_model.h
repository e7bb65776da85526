#pragma once

// An effective model as a page for people. Pure.

#include <ostream>
#include <string>

#include "twingraph/v1/model.pb.h"

namespace twingraph::cli {

// What values look like, in the words of `twingraph dtdl doc`: "double", "Map
// to boolean", "Enum off=0, on=1", "Object {w: double, h: double}"; one with an
// id is named by it.
std::string FormatSchema(const v1::ModelSchema& schema);

// What a content is for its twin: schema, unit, target, and so on.
std::string FormatContent(const v1::ModelContent& content);

// Head lines, then one row for each content, then the schemas with an id.
void PrintEffectiveModel(const v1::EffectiveModel& model, std::ostream& out);

}  // namespace twingraph::cli
