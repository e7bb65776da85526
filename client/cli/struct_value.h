#pragma once

// Values from and to google.protobuf.Struct, the form in which content travels.
// Pure.

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/struct.pb.h"

#include "storage/value/value.h"

namespace twingraph::cli {

// An integer beyond 2^53, which a double cannot hold exactly, becomes a decimal
// string, as proto3 JSON does for 64-bit integers.
google::protobuf::Value ToProto(const Value& value);
// REQUIRES: value.is_map().
google::protobuf::Struct ToProtoStruct(const Value& value);

// A number without fraction up to 2^53 becomes an integer.
Value FromProto(const google::protobuf::Value& value);
Value FromProto(const google::protobuf::Struct& value);

}  // namespace twingraph::cli
