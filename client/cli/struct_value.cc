#include "client/cli/struct_value.h"

#include <cmath>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

namespace twingraph::cli {
namespace {

constexpr int64_t kExactLimit = int64_t{1} << 53;

void SetInt(google::protobuf::Value& proto, int64_t value) {
  if (value >= -kExactLimit && value <= kExactLimit) {
    proto.set_number_value(static_cast<double>(value));
  } else {
    proto.set_string_value(absl::StrCat(value));
  }
}

Value FromNumber(double number) {
  const bool is_exact_integer =
      std::trunc(number) == number &&
      std::abs(number) <= static_cast<double>(kExactLimit);
  // Minus zero is a double.
  if (!is_exact_integer || (number == 0 && std::signbit(number))) {
    return Value::Double(number);
  }
  return Value::Int(static_cast<int64_t>(number));
}

}  // namespace

google::protobuf::Value ToProto(const Value& value) {
  google::protobuf::Value proto;
  switch (value.kind()) {
    case ValueKind::kNull:
      proto.set_null_value(google::protobuf::NULL_VALUE);
      break;
    case ValueKind::kBool:
      proto.set_bool_value(value.as_bool());
      break;
    case ValueKind::kInt:
      SetInt(proto, value.as_int());
      break;
    case ValueKind::kUint:
      proto.set_string_value(absl::StrCat(value.as_uint()));
      break;
    case ValueKind::kDouble:
      proto.set_number_value(value.as_double());
      break;
    case ValueKind::kString:
      proto.set_string_value(value.as_string());
      break;
    case ValueKind::kList:
      proto.mutable_list_value();
      for (const Value& element : value.as_list()) {
        *proto.mutable_list_value()->add_values() = ToProto(element);
      }
      break;
    case ValueKind::kMap:
      *proto.mutable_struct_value() = ToProtoStruct(value);
      break;
  }
  return proto;
}

google::protobuf::Struct ToProtoStruct(const Value& value) {
  google::protobuf::Struct proto;
  for (const auto& [key, member] : value.as_map()) {
    (*proto.mutable_fields())[key] = ToProto(member);
  }
  return proto;
}

Value FromProto(const google::protobuf::Value& value) {
  switch (value.kind_case()) {
    case google::protobuf::Value::kNumberValue:
      return FromNumber(value.number_value());
    case google::protobuf::Value::kStringValue:
      return Value::String(value.string_value());
    case google::protobuf::Value::kBoolValue:
      return Value::Bool(value.bool_value());
    case google::protobuf::Value::kStructValue:
      return FromProto(value.struct_value());
    case google::protobuf::Value::kListValue: {
      Value::List list;
      for (const auto& element : value.list_value().values()) {
        list.push_back(FromProto(element));
      }
      return Value::MakeList(std::move(list));
    }
    case google::protobuf::Value::kNullValue:
    case google::protobuf::Value::KIND_NOT_SET:
      return Value();
  }
  return Value();
}

Value FromProto(const google::protobuf::Struct& value) {
  Value::Map map;
  for (const auto& [key, member] : value.fields()) {
    map.emplace_back(key, FromProto(member));
  }
  return Value::MakeMap(std::move(map));
}

}  // namespace twingraph::cli
