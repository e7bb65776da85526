#pragma once

// Does a value conform to a schema? One implementation for every write and for
// offline checks. Wire forms of the primitive schemas: DTDL.v4.md, "Primitive
// schemas", and what the reference parser accepts. Pure; safe from any thread.

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "server/dtdl/model.h"
#include "storage/base/status.h"
#include "storage/value/value.h"

namespace twingraph::dtdl {

// How numbers arrived.
enum class NumberForm {
  // As JSON text: an integer has no fraction; long and unsignedLong are
  // numbers.
  kJson,
  // In a google.protobuf.Struct, whose numbers are all doubles: an integral one
  // stands for an integer as long as it is exact (up to 2^53), and integers may
  // also be decimal strings where the schema is long or unsignedLong.
  kStruct,
};

// Checks `value` against `schema` and brings it into its stored form: integers
// as integers, doubles as doubles. Adds one violation per wrong place, with
// `path` ("contents.level") in front. True if there was none; the value is of
// no use otherwise.
bool CheckInstance(const Schema& schema, NumberForm form,
                   const std::string& path, Value& value,
                   std::vector<FieldViolation>& violations);

}  // namespace twingraph::dtdl
