#pragma once

// Values from and to JSON text. Pure.

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "storage/value/value.h"
#include "storage/value/value_codec.h"

namespace twingraph {

// Reads one JSON document. A number without fraction and exponent that fits 64
// bits is an integer, any other a double.
// Errors: INVALID_ARGUMENT / INVALID_FIELD for text that is not JSON, a member
// named twice, or a number beyond double; with line and column.
absl::StatusOr<Value> ParseJsonValue(absl::string_view text);

// Appends compact JSON; map members in key order.
void AppendJson(const Value& value, std::string& out);
void AppendJson(ValueView view, std::string& out);

// AppendJson into a new string.
std::string FormatJson(const Value& value);

}  // namespace twingraph
