#include "server/rpc/convert/value.h"

#include <cmath>
#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"

#include "storage/base/status.h"
#include "storage/base/status_macros.h"

namespace twingraph::rpc {
namespace {

using ProtoList = google::protobuf::ListValue;
using ProtoStruct = google::protobuf::Struct;
using ProtoValue = google::protobuf::Value;

// Numbers of the fields of an entry of a map.
constexpr int kKeyField = 1;
constexpr int kValueField = 2;
// Every integer up to this is a double.
constexpr int64_t kExactIntegers = int64_t{1} << 53;

// A long is text whatever its size, so that clients find one type.
void WriteInteger(int64_t value, bool is_long, WireWriter& writer) {
  const bool is_exact = value <= kExactIntegers && value >= -kExactIntegers;
  if (is_exact && !is_long) {
    return writer.OneofDouble(ProtoValue::kNumberValueFieldNumber,
                              static_cast<double>(value));
  }
  writer.OneofString(ProtoValue::kStringValueFieldNumber,
                     absl::AlphaNum(value).Piece());
}

void WriteList(ValueView list, WireWriter& writer) {
  for (size_t i = 0; i < list.size(); ++i) {
    WriteMessage(writer, ProtoList::kValuesFieldNumber,
                 [&] { WriteValue(list.at(i), writer); });
  }
}

Value ToNumber(double number) {
  const bool is_integer =
      number == std::trunc(number) &&
      std::abs(number) <= static_cast<double>(kExactIntegers) &&
      !(number == 0 && std::signbit(number));
  return is_integer ? Value::Int(static_cast<int64_t>(number))
                    : Value::Double(number);
}

absl::StatusOr<Value> ToList(const ProtoList& list, absl::string_view field) {
  Value::List values;
  values.reserve(static_cast<size_t>(list.values_size()));
  for (int i = 0; i < list.values_size(); ++i) {
    ASSIGN_OR_RETURN(Value value,
                     ToValue(list.values(i), absl::StrCat(field, "[", i, "]")));
    values.push_back(std::move(value));
  }
  return Value::MakeList(std::move(values));
}

absl::string_view OperationName(v1::PatchOperation::Op op) {
  switch (op) {
    case v1::PatchOperation::OP_ADD:
      return "add";
    case v1::PatchOperation::OP_REPLACE:
      return "replace";
    case v1::PatchOperation::OP_REMOVE:
      return "remove";
    default:  // Also what a newer client may send.
      return "unspecified";
  }
}

// Seconds and nanoseconds have the same numbers in both types.
void WriteSecondsAndNanos(int field, int64_t seconds, int64_t nanos,
                          WireWriter& writer) {
  WriteMessage(writer, field, [&] {
    writer.Int(google::protobuf::Timestamp::kSecondsFieldNumber, seconds);
    writer.Int(google::protobuf::Timestamp::kNanosFieldNumber, nanos);
  });
}

}  // namespace

void WriteValue(ValueView value, WireWriter& writer) {
  switch (value.kind()) {
    case ValueKind::kNull:
      return writer.OneofUint(ProtoValue::kNullValueFieldNumber, 0);
    case ValueKind::kBool:
      return writer.OneofUint(ProtoValue::kBoolValueFieldNumber,
                              value.as_bool() ? 1 : 0);
    case ValueKind::kInt:
      return WriteInteger(value.as_int(), value.is_long(), writer);
    case ValueKind::kUint:
      return writer.OneofString(ProtoValue::kStringValueFieldNumber,
                                absl::AlphaNum(value.as_uint()).Piece());
    case ValueKind::kDouble:
      return writer.OneofDouble(ProtoValue::kNumberValueFieldNumber,
                                value.as_double());
    case ValueKind::kString:
      return writer.OneofString(ProtoValue::kStringValueFieldNumber,
                                value.as_string());
    case ValueKind::kList:
      return WriteMessage(writer, ProtoValue::kListValueFieldNumber,
                          [&] { WriteList(value, writer); });
    case ValueKind::kMap:
      return WriteMessage(writer, ProtoValue::kStructValueFieldNumber,
                          [&] { WriteStruct(value, writer); });
  }
}

void WriteStructEntry(absl::string_view key, ValueView value,
                      WireWriter& writer) {
  WriteMessage(writer, ProtoStruct::kFieldsFieldNumber, [&] {
    writer.OneofString(kKeyField, key);
    WriteMessage(writer, kValueField, [&] { WriteValue(value, writer); });
  });
}

void WriteStructEntry(absl::string_view key, absl::string_view text,
                      WireWriter& writer) {
  WriteMessage(writer, ProtoStruct::kFieldsFieldNumber, [&] {
    writer.OneofString(kKeyField, key);
    WriteMessage(writer, kValueField, [&] {
      writer.OneofString(ProtoValue::kStringValueFieldNumber, text);
    });
  });
}

void WriteStruct(ValueView map, WireWriter& writer) {
  for (size_t i = 0; i < map.size(); ++i) {
    const auto [key, value] = map.entry(i);
    WriteStructEntry(key, value, writer);
  }
}

void WriteTime(int field, absl::Time time, WireWriter& writer) {
  if (time == absl::InfinitePast()) {
    return;
  }
  const int64_t seconds = absl::ToUnixSeconds(time);
  const int64_t nanos =
      absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds));
  WriteSecondsAndNanos(field, seconds, nanos, writer);
}

void WriteDuration(int field, absl::Duration duration, WireWriter& writer) {
  const int64_t seconds =
      absl::IDivDuration(duration, absl::Seconds(1), &duration);
  WriteSecondsAndNanos(field, seconds, absl::ToInt64Nanoseconds(duration),
                       writer);
}

absl::StatusOr<Value> ToValue(const ProtoValue& value,
                              absl::string_view field) {
  switch (value.kind_case()) {
    case ProtoValue::kNullValue:
      return Value();
    case ProtoValue::kBoolValue:
      return Value::Bool(value.bool_value());
    case ProtoValue::kNumberValue:
      if (!std::isfinite(value.number_value())) {
        return InvalidField(field, "a number must be finite");
      }
      return ToNumber(value.number_value());
    case ProtoValue::kStringValue:
      return Value::String(value.string_value());
    case ProtoValue::kListValue:
      return ToList(value.list_value(), field);
    case ProtoValue::kStructValue:
      return ToValue(value.struct_value(), field);
    case ProtoValue::KIND_NOT_SET:
      break;
  }
  return InvalidField(field, "a google.protobuf.Value without a kind");
}

absl::StatusOr<Value> ToValue(const ProtoStruct& content,
                              absl::string_view field) {
  Value::Map entries;
  entries.reserve(content.fields().size());
  for (const auto& [key, member] : content.fields()) {
    ASSIGN_OR_RETURN(Value value,
                     ToValue(member, absl::StrCat(field, ".", key)));
    entries.emplace_back(key, std::move(value));
  }
  return Value::MakeMap(std::move(entries));
}

absl::StatusOr<absl::Time> ToTime(const google::protobuf::Timestamp& time,
                                  absl::string_view field) {
  constexpr int64_t kFirstSecond = -62'135'596'800;  // year 1
  constexpr int64_t kLastSecond = 253'402'300'799;   // year 9999
  if (time.seconds() < kFirstSecond || time.seconds() > kLastSecond ||
      time.nanos() < 0 || time.nanos() > 999'999'999) {
    return InvalidField(field,
                        "a time must lie in the years 1 to 9999, with 0 to "
                        "999,999,999 nanoseconds");
  }
  return absl::FromUnixSeconds(time.seconds()) +
         absl::Nanoseconds(time.nanos());
}

absl::StatusOr<std::vector<engine::PatchOperation>> ToPatch(
    const google::protobuf::RepeatedPtrField<v1::PatchOperation>& operations) {
  std::vector<engine::PatchOperation> patch;
  patch.reserve(static_cast<size_t>(operations.size()));
  for (int i = 0; i < operations.size(); ++i) {
    const v1::PatchOperation& operation = operations.at(i);
    engine::PatchOperation& step = patch.emplace_back();
    step.op = std::string(OperationName(operation.op()));
    step.path = operation.path();
    if (operation.has_value()) {
      ASSIGN_OR_RETURN(step.value,
                       ToValue(operation.value(),
                               absl::StrCat("operations[", i, "].value")));
    }
  }
  return patch;
}

}  // namespace twingraph::rpc
