#pragma once

// Property values, times and patches between their protos and the domain.
// Responses are written as bytes; requests are read from parsed messages. The
// rules of numbers: proto/twingraph/v1/value.proto. Pure.

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/timestamp.pb.h"

#include "server/engine/twin.h"
#include "server/rpc/convert/wire_writer.h"
#include "storage/value/value.h"
#include "storage/value/value_codec.h"
#include "twingraph/v1/value.pb.h"

namespace twingraph::rpc {

// Writes the content of a google.protobuf.Value. REQUIRES: value.is_defined().
void WriteValue(ValueView value, WireWriter& writer);

// Writes one entry of a google.protobuf.Struct.
void WriteStructEntry(absl::string_view key, ValueView value,
                      WireWriter& writer);
void WriteStructEntry(absl::string_view key, absl::string_view text,
                      WireWriter& writer);

// Writes the content of a google.protobuf.Struct. REQUIRES: `map` is a map.
void WriteStruct(ValueView map, WireWriter& writer);

// Writes a google.protobuf.Timestamp or Duration in `field`; InfinitePast is
// left out.
void WriteTime(int field, absl::Time time, WireWriter& writer);
void WriteDuration(int field, absl::Duration duration, WireWriter& writer);

// Reads content of a request. A number without fraction up to 2^53 becomes an
// integer. `field` is the path of the content, for errors.
// Errors: INVALID_ARGUMENT / INVALID_FIELD for a value without a kind and for
// numbers that are not finite.
absl::StatusOr<Value> ToValue(const google::protobuf::Value& value,
                              absl::string_view field);
absl::StatusOr<Value> ToValue(const google::protobuf::Struct& content,
                              absl::string_view field);

// Reads a time.
// Errors: INVALID_ARGUMENT / INVALID_FIELD outside the years 1 to 9999.
absl::StatusOr<absl::Time> ToTime(const google::protobuf::Timestamp& time,
                                  absl::string_view field);

// Reads the steps of a patch. What a step may be is for the engine to say.
// Errors: those of ToValue.
absl::StatusOr<std::vector<engine::PatchOperation>> ToPatch(
    const google::protobuf::RepeatedPtrField<v1::PatchOperation>& operations);

}  // namespace twingraph::rpc
