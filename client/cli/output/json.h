#pragma once

// Messages of the API as JSON text, one line each, for programs. Pure.

#include <string>

#include "google/protobuf/message.h"
#include "google/protobuf/struct.pb.h"

namespace twingraph::cli {

// The proto3 JSON mapping with the field names of the .proto files; fields at
// their default are left out.
std::string MessageToJson(const google::protobuf::Message& message);

// A value as plain JSON, members in key order, numbers in their shortest form.
std::string ValueToJson(const google::protobuf::Value& value);
std::string StructToJson(const google::protobuf::Struct& value);

// A value in a cell of a table: a string without quotes, else its JSON.
std::string ValueToCell(const google::protobuf::Value& value);

}  // namespace twingraph::cli
