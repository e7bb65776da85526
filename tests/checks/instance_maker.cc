#include "tests/checks/instance_maker.h"

#include <cfloat>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace twingraph {
namespace {

using dtdl::NumberForm;
using dtdl::Schema;
using dtdl::SchemaKind;
using enum dtdl::SchemaKind;

constexpr int kMostDepth = 6;
constexpr double kExact = 9007199254740992.0;  // 2^53

struct Bits {
  bool is_signed;
  int count;
};

// How many bits a whole number of the schema has; nothing for others.
std::optional<Bits> BitsOf(SchemaKind kind) {
  switch (kind) {
    case kByte:
      return Bits{true, 8};
    case kShort:
      return Bits{true, 16};
    case kInteger:
      return Bits{true, 32};
    case kLong:
      return Bits{true, 64};
    case kUnsignedByte:
      return Bits{false, 8};
    case kUnsignedShort:
      return Bits{false, 16};
    case kUnsignedInteger:
      return Bits{false, 32};
    case kUnsignedLong:
      return Bits{false, 64};
    default:
      return std::nullopt;
  }
}

bool IsTextKind(SchemaKind kind) {
  switch (kind) {
    case kDate:
    case kDateTime:
    case kTime:
    case kDuration:
    case kBytes:
    case kDecimal:
    case kUuid:
      return true;
    default:
      return false;
  }
}

// Do its instances hold others? An empty one has no place for a wrong value.
bool IsNested(const Schema& schema) {
  return schema.kind == kArray || schema.kind == kMap ||
         (schema.kind == kObject && !schema.fields.empty());
}

}  // namespace

std::optional<Value> InstanceMaker::Make(const Schema& schema, int depth) {
  if (depth > kMostDepth) {
    return std::nullopt;
  }
  if (BitsOf(schema.kind).has_value()) {
    return MakeInteger(schema.kind);
  }
  if (IsTextKind(schema.kind)) {
    return Value::String(MakeText(schema.kind));
  }
  switch (schema.kind) {
    case kBoolean:
      return Value::Bool(random_.OneIn(2));
    case kDouble:
      return MakeDouble(DBL_MAX);
    case kFloat:
      return MakeDouble(FLT_MAX);
    case kScaledDecimal: {
      Value value = Value::MakeMap();
      value.Set("scale", MakeInteger(kShort));
      value.Set("value", Value::String(MakeText(kDecimal)));
      return value;
    }
    case kEnum:
      return MakeEnum(schema);
    case kArray:
    case kMap: {
      Value::List elements;
      for (size_t left = random_.Below(4); left > 0; --left) {
        if (auto element = Make(*schema.element, depth + 1)) {
          elements.push_back(*std::move(element));
        }
      }
      if (schema.kind == kArray) {
        return Value::MakeList(std::move(elements));
      }
      Value map = Value::MakeMap();
      for (Value& element : elements) {
        map.Set(absl::StrCat("key ", random_.Below(9)), std::move(element));
      }
      return map;
    }
    case kObject:
      return MakeObject(schema, depth);
    default:
      return Value::String(random_.OneIn(2) ? "\xC3\xA9 \"" : Digits(3));
  }
}

std::optional<Value> InstanceMaker::MakeObject(const Schema& schema,
                                               int depth) {
  Value object = Value::MakeMap();
  for (const dtdl::Field& field : schema.fields) {
    if (!field.is_required && random_.OneIn(3)) {
      continue;
    }
    if (std::optional<Value> member = Make(*field.schema, depth + 1)) {
      object.Set(field.name, *std::move(member));
    } else if (field.is_required) {
      return std::nullopt;
    }
  }
  return object;
}

Value InstanceMaker::MakeInteger(SchemaKind kind) {
  const Bits bits = *BitsOf(kind);
  const int unused =
      64 - bits.count +
      static_cast<int>(random_.Below(static_cast<size_t>(bits.count)));
  Value value = bits.is_signed
                    ? Value::Int(static_cast<int64_t>(random_.Bits()) >> unused)
                    : Value::Uint(random_.Bits() >> unused);
  if (form_ == NumberForm::kJson || random_.OneIn(2)) {
    return value;
  }
  if (bits.count == 64 && random_.OneIn(2)) {
    return Value::String(value.kind() == ValueKind::kUint
                             ? absl::StrCat(value.as_uint())
                             : absl::StrCat(value.as_int()));
  }
  return std::fabs(value.ToDouble()) <= kExact ? Value::Double(value.ToDouble())
                                               : value;
}

Value InstanceMaker::MakeDouble(double limit) {
  switch (random_.Below(4)) {
    case 0:
      return Value::Int(static_cast<int64_t>(random_.Bits()));
    case 1:
      return Value::Double(random_.OneIn(2) ? limit : -limit);
    case 2:
      return Value::Double(limit /
                           static_cast<double>(1 + random_.Below(1000)));
    default:
      return Value::Double(static_cast<double>(random_.Below(2000)) / 8);
  }
}

std::optional<Value> InstanceMaker::MakeEnum(const Schema& schema) {
  if (schema.enum_values.empty()) {
    return std::nullopt;
  }
  const Value& value = random_.Of(schema.enum_values).value;
  return form_ == NumberForm::kStruct && schema.is_integer_enum
             ? Value::Double(value.ToDouble())
             : value;
}

std::string InstanceMaker::Digits(size_t count) {
  std::string digits;
  for (; count > 0; --count) {
    digits += static_cast<char>('0' + random_.Below(10));
  }
  return digits;
}

std::string InstanceMaker::Day() {
  return absl::StrFormat("%04d-%02d-%02d", 1 + random_.Below(9999),
                         1 + random_.Below(12), 1 + random_.Below(28));
}

std::string InstanceMaker::Clock() {
  const std::string fraction =
      random_.OneIn(2) ? absl::StrCat(".", Digits(1 + random_.Below(9))) : "";
  const std::string zone =
      random_.OneIn(2)
          ? "Z"
          : absl::StrFormat("%c%02d:%02d", random_.OneIn(2) ? '+' : '-',
                            random_.Below(24), random_.Below(60));
  return absl::StrFormat("%02d:%02d:%02d%s%s", random_.Below(24),
                         random_.Below(60), random_.Below(60), fraction, zone);
}

std::string InstanceMaker::MakeText(SchemaKind kind) {
  switch (kind) {
    case kDate:
      return Day();
    case kDateTime:
      return absl::StrCat(Day(), "T", Clock());
    case kTime:
      return Clock();
    case kDuration:
      return random_.OneIn(2) ? absl::StrCat("P", random_.Below(99), "DT",
                                             random_.Below(99), ".5H")
                              : absl::StrCat("PT", random_.Below(99), "M",
                                             random_.Below(99), "S");
    case kBytes: {
      std::string text;
      absl::Base64Escape(Digits(random_.Below(20)), &text);
      return text;
    }
    case kDecimal:
      return absl::StrCat(random_.OneIn(2) ? "-" : "", 1 + random_.Below(1000),
                          ".", Digits(random_.Below(30)));
    default: {
      const uint64_t bits = random_.Bits();
      return absl::StrFormat("%08x-%04x-%04x-%04x-%012x", bits >> 32,
                             bits & 0xFFFF, bits >> 48, (bits >> 16) & 0xFFFF,
                             bits >> 20);
    }
  }
}

WrongValue InstanceMaker::MakeWrong(const Schema& schema,
                                    const std::string& place, int depth) {
  if (IsNested(schema) && !random_.OneIn(4)) {
    if (auto inside = MakeWrongInside(schema, place, depth)) {
      return *std::move(inside);
    }
  }
  return {MakeOther(schema), place};
}

// A value that would conform but for one place in it.
std::optional<WrongValue> InstanceMaker::MakeWrongInside(
    const Schema& schema, const std::string& place, int depth) {
  std::optional<Value> around = Make(schema, depth);
  if (!around.has_value()) {
    return std::nullopt;
  }
  if (schema.kind == kArray) {
    Value::List& list = around->as_list();
    WrongValue wrong = MakeWrong(
        *schema.element, absl::StrCat(place, "[", list.size(), "]"), depth + 1);
    list.push_back(std::move(wrong.value));
    return WrongValue{*std::move(around), std::move(wrong.place)};
  }
  if (schema.kind == kMap) {
    WrongValue wrong =
        MakeWrong(*schema.element, absl::StrCat(place, ".wrong"), depth + 1);
    around->Set("wrong", std::move(wrong.value));
    return WrongValue{*std::move(around), std::move(wrong.place)};
  }
  const dtdl::Field& field = random_.Of(schema.fields);
  const std::string member = absl::StrCat(place, ".", field.name);
  if (random_.OneIn(4)) {
    around->Set("no such field", Value::Int(1));
    return WrongValue{*std::move(around),
                      absl::StrCat(place, ".no such field")};
  }
  if (field.is_required && random_.OneIn(2)) {
    around->Erase(field.name);
    return WrongValue{*std::move(around), member};
  }
  WrongValue wrong = MakeWrong(*field.schema, member, depth + 1);
  around->Set(field.name, std::move(wrong.value));
  return WrongValue{*std::move(around), std::move(wrong.place)};
}

Value InstanceMaker::MakeOther(const Schema& schema) {
  if (random_.OneIn(2)) {
    return MakeOutOfRange(schema);
  }
  const bool takes_map = schema.kind == kMap || schema.kind == kObject ||
                         schema.kind == kScaledDecimal;
  switch (random_.Below(4)) {
    case 0:
      return {};
    case 1:
      return takes_map ? Value::Bool(true) : Value::MakeMap();
    case 2:
      return schema.kind == kArray ? Value::Int(1) : Value::MakeList();
    default:
      return schema.kind == kBoolean ? Value::String("true")
                                     : Value::Bool(true);
  }
}

Value InstanceMaker::MakeOutOfRange(const Schema& schema) {
  if (const auto bits = BitsOf(schema.kind)) {
    if (bits->count == 64) {
      return bits->is_signed ? Value::Uint(UINT64_MAX) : Value::Int(-1);
    }
    const int64_t above = int64_t{1} << (bits->count - bits->is_signed);
    if (random_.OneIn(3)) {
      return Value::Double(0.5);
    }
    return Value::Int(random_.OneIn(2) ? above
                                       : (bits->is_signed ? -above : 0) - 1);
  }
  if (IsTextKind(schema.kind)) {
    return Value::String(MakeText(schema.kind) + "?");
  }
  switch (schema.kind) {
    case kFloat:
      return Value::Double(1e39);
    case kEnum:
      return schema.is_integer_enum ? Value::String("1")
                                    : Value::String("no such value");
    default:
      return {};
  }
}

std::optional<Value> InstanceMaker::MakeTwin(
    const dtdl::EffectiveModel& model, dtdl::EffectiveModelLookup models) {
  Value twin = Value::MakeMap();
  for (const dtdl::EffectiveContent& each : model.contents) {
    const dtdl::Content& content = *each.content;
    if (content.kind == dtdl::ContentKind::kComponent) {
      const auto inner = models(content.component_model);
      Value component = Value::MakeMap();
      for (const dtdl::EffectiveContent& member : inner->contents) {
        if (member.content->kind == dtdl::ContentKind::kProperty &&
            random_.OneIn(2)) {
          if (auto value = Make(*member.content->schema)) {
            component.Set(member.content->name, *std::move(value));
          }
        }
      }
      twin.Set(content.name, std::move(component));
    } else if (content.kind == dtdl::ContentKind::kProperty &&
               !random_.OneIn(3)) {
      if (auto value = Make(*content.schema)) {
        twin.Set(content.name, *std::move(value));
      }
    }
  }
  return twin;
}

}  // namespace twingraph
