#include "server/dtdl/instance.h"

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "server/dtdl/text_form.h"
#include "storage/value/json.h"

namespace twingraph::dtdl {
namespace {

// The integers of a schema. `max` is unsigned to hold all of unsignedLong.
struct IntegerRange {
  int64_t min;
  uint64_t max;
};

std::optional<IntegerRange> RangeOf(SchemaKind kind) {
  switch (kind) {
    case SchemaKind::kByte:
      return IntegerRange{INT8_MIN, INT8_MAX};
    case SchemaKind::kShort:
      return IntegerRange{INT16_MIN, INT16_MAX};
    case SchemaKind::kInteger:
      return IntegerRange{INT32_MIN, INT32_MAX};
    case SchemaKind::kLong:
      return IntegerRange{INT64_MIN, INT64_MAX};
    case SchemaKind::kUnsignedByte:
      return IntegerRange{0, UINT8_MAX};
    case SchemaKind::kUnsignedShort:
      return IntegerRange{0, UINT16_MAX};
    case SchemaKind::kUnsignedInteger:
      return IntegerRange{0, UINT32_MAX};
    case SchemaKind::kUnsignedLong:
      return IntegerRange{0, UINT64_MAX};
    default:
      return std::nullopt;
  }
}

class Checker {
 public:
  Checker(NumberForm form, std::vector<FieldViolation>& violations)
      : form_(form), violations_(violations) {}

  void Check(const Schema& schema, const std::string& path, Value& value) {
    if (const auto range = RangeOf(schema.kind)) {
      return CheckInteger(schema, *range, path, value);
    }
    switch (schema.kind) {
      case SchemaKind::kBoolean:
        Require(value.kind() == ValueKind::kBool, schema, path, value);
        return;
      case SchemaKind::kDouble:
        return CheckDouble(DBL_MAX, schema, path, value);
      case SchemaKind::kFloat:
        return CheckDouble(FLT_MAX, schema, path, value);
      case SchemaKind::kString:
        Require(value.is_string(), schema, path, value);
        return;
      case SchemaKind::kDate:
        return CheckText(IsDateText, schema, path, value);
      case SchemaKind::kDateTime:
        return CheckText(IsDateTimeText, schema, path, value);
      case SchemaKind::kTime:
        return CheckText(IsTimeText, schema, path, value);
      case SchemaKind::kDuration:
        return CheckText(IsDurationText, schema, path, value);
      case SchemaKind::kBytes:
        return CheckText(IsBytesText, schema, path, value);
      case SchemaKind::kDecimal:
        return CheckText(IsDecimalText, schema, path, value);
      case SchemaKind::kUuid:
        return CheckText(IsUuidText, schema, path, value);
      case SchemaKind::kScaledDecimal:
        return CheckScaledDecimal(schema, path, value);
      case SchemaKind::kArray:
        return CheckArray(schema, path, value);
      case SchemaKind::kEnum:
        return CheckEnum(schema, path, value);
      case SchemaKind::kMap:
        return CheckMap(schema, path, value);
      case SchemaKind::kObject:
        return CheckObject(schema, path, value);
      default:
        return;
    }
  }

 private:
  void Add(const std::string& path, std::string description) {
    violations_.push_back({path, std::move(description)});
  }

  bool Require(bool holds, const Schema& schema, const std::string& path,
               const Value& value) {
    if (!holds) {
      Add(path, absl::StrCat("schema ", SchemaName(schema.kind), ": ",
                             Shown(value), " does not conform"));
    }
    return holds;
  }

  // The value in a message: itself if short, else its kind.
  static std::string Shown(const Value& value) {
    if (value.is_list() || value.is_map()) {
      return std::string(KindName(value.kind()));
    }
    std::string text = FormatJson(value);
    return text.size() <= 60 ? text : std::string(KindName(value.kind()));
  }

  void CheckInteger(const Schema& schema, const IntegerRange& range,
                    const std::string& path, Value& value) {
    if (!Require(ToInteger(schema, value), schema, path, value)) {
      return;
    }
    const bool is_in_range =
        value.kind() == ValueKind::kUint
            ? value.as_uint() <= range.max
            : value.as_int() >= range.min &&
                  (value.as_int() < 0 ||
                   static_cast<uint64_t>(value.as_int()) <= range.max);
    if (!is_in_range) {
      Add(path, absl::StrCat("schema ", SchemaName(schema.kind), ": ",
                             FormatJson(value), " is outside ", range.min,
                             " to ", range.max));
    } else if (IsLong(schema) && value.kind() == ValueKind::kInt) {
      value = Value::Long(value.as_int());  // Travels as decimal text.
    }
  }

  static bool IsLong(const Schema& schema) {
    return schema.kind == SchemaKind::kLong ||
           schema.kind == SchemaKind::kUnsignedLong;
  }

  // Brings what stands for an integer into integer form; false if nothing does.
  bool ToInteger(const Schema& schema, Value& value) const {
    if (value.kind() == ValueKind::kInt || value.kind() == ValueKind::kUint) {
      return true;
    }
    if (form_ == NumberForm::kJson) {
      return false;
    }
    if (value.is_string() && IsLong(schema)) {
      return FromDecimalText(value);
    }
    constexpr double kExactLimit = 9007199254740992.0;  // 2^53
    if (value.kind() != ValueKind::kDouble ||
        std::fabs(value.as_double()) > kExactLimit ||
        value.as_double() != std::trunc(value.as_double())) {
      return false;
    }
    value = Value::Int(static_cast<int64_t>(value.as_double()));
    return true;
  }

  static bool FromDecimalText(Value& value) {
    const std::string text = value.as_string();
    int64_t integer = 0;
    uint64_t natural = 0;
    if (!IsDecimalText(text) || text.front() == '+') {
      return false;
    }
    if (absl::SimpleAtoi(text, &integer)) {
      value = Value::Int(integer);
      return true;
    }
    if (absl::SimpleAtoi(text, &natural)) {
      value = Value::Uint(natural);
      return true;
    }
    return false;
  }

  void CheckDouble(double limit, const Schema& schema, const std::string& path,
                   Value& value) {
    if (!Require(value.is_number(), schema, path, value)) {
      return;
    }
    const double number = value.ToDouble();
    if (Require(std::fabs(number) <= limit, schema, path, value)) {
      value = Value::Double(number);
    }
  }

  void CheckText(bool (*is_form)(absl::string_view), const Schema& schema,
                 const std::string& path, const Value& value) {
    Require(value.is_string() && is_form(value.as_string()), schema, path,
            value);
  }

  void CheckScaledDecimal(const Schema& schema, const std::string& path,
                          Value& value) {
    if (!Require(value.is_map(), schema, path, value)) {
      return;
    }
    Schema scale;
    scale.kind = SchemaKind::kShort;
    Schema number;
    number.kind = SchemaKind::kDecimal;
    for (auto& [name, member] : value.as_map()) {
      const std::string member_path = absl::StrCat(path, ".", name);
      if (name == "scale") {
        Check(scale, member_path, member);
      } else if (name == "value") {
        Check(number, member_path, member);
      } else {
        Add(member_path, "a scaledDecimal has only scale and value");
      }
    }
  }

  void CheckArray(const Schema& schema, const std::string& path, Value& value) {
    if (!Require(value.is_list(), schema, path, value)) {
      return;
    }
    Value::List& list = value.as_list();
    for (size_t i = 0; i < list.size(); ++i) {
      Check(*schema.element, absl::StrCat(path, "[", i, "]"), list[i]);
    }
  }

  void CheckEnum(const Schema& schema, const std::string& path, Value& value) {
    Schema integer;
    integer.kind = SchemaKind::kInteger;
    const bool has_form =
        schema.is_integer_enum ? ToInteger(integer, value) : value.is_string();
    const bool is_known = has_form && std::any_of(schema.enum_values.begin(),
                                                  schema.enum_values.end(),
                                                  [&](const EnumValue& known) {
                                                    return known.value == value;
                                                  });
    if (!is_known) {
      std::string allowed;
      for (const EnumValue& known : schema.enum_values) {
        absl::StrAppend(&allowed, allowed.empty() ? "" : ", ",
                        FormatJson(known.value));
      }
      Add(path, absl::StrCat("schema Enum: ", Shown(value),
                             " is none of its values ", allowed));
    }
  }

  void CheckMap(const Schema& schema, const std::string& path, Value& value) {
    if (!Require(value.is_map(), schema, path, value)) {
      return;
    }
    for (auto& [key, entry] : value.as_map()) {
      Check(*schema.element, absl::StrCat(path, ".", key), entry);
    }
  }

  void CheckObject(const Schema& schema, const std::string& path,
                   Value& value) {
    if (!Require(value.is_map(), schema, path, value)) {
      return;
    }
    for (auto& [name, member] : value.as_map()) {
      const auto field =
          std::find_if(schema.fields.begin(), schema.fields.end(),
                       [&](const Field& each) { return each.name == name; });
      const std::string member_path = absl::StrCat(path, ".", name);
      if (field == schema.fields.end()) {
        Add(member_path, "the Object schema has no field of this name");
      } else {
        Check(*field->schema, member_path, member);
      }
    }
    for (const Field& field : schema.fields) {
      if (field.is_required && value.Find(field.name) == nullptr) {
        Add(absl::StrCat(path, ".", field.name),
            "the Object schema requires this field");
      }
    }
  }

  const NumberForm form_;
  std::vector<FieldViolation>& violations_;
};

}  // namespace

bool CheckInstance(const Schema& schema, NumberForm form,
                   const std::string& path, Value& value,
                   std::vector<FieldViolation>& violations) {
  const size_t before = violations.size();
  Checker(form, violations).Check(schema, path, value);
  return violations.size() == before;
}

}  // namespace twingraph::dtdl
