#include "client/cli/output/json.h"

#include "google/protobuf/util/json_util.h"

#include "client/cli/struct_value.h"
#include "storage/value/json.h"

namespace twingraph::cli {

std::string MessageToJson(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string json;
  // Fails only for messages that cannot be JSON, such as an unknown Any; ours
  // hold none.
  const auto status =
      google::protobuf::util::MessageToJsonString(message, &json, options);
  return status.ok() ? json : "{}";
}

std::string ValueToJson(const google::protobuf::Value& value) {
  return FormatJson(FromProto(value));
}

std::string StructToJson(const google::protobuf::Struct& value) {
  return FormatJson(FromProto(value));
}

std::string ValueToCell(const google::protobuf::Value& value) {
  return value.has_string_value() ? value.string_value() : ValueToJson(value);
}

}  // namespace twingraph::cli
