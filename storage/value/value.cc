#include "storage/value/value.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace twingraph {
namespace {

constexpr auto kKeyLess = [](const std::pair<std::string, Value>& entry,
                             absl::string_view key) {
  return absl::string_view(entry.first) < key;
};

}  // namespace

Value Value::Uint(uint64_t value) {
  if (value <= static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) {
    return Int(static_cast<int64_t>(value));
  }
  return Value(Data(value));
}

Value Value::MakeMap(Map entries) {
  std::sort(entries.begin(), entries.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  return Value(Data(std::move(entries)));
}

ValueKind Value::kind() const {
  return is_long() ? ValueKind::kInt : static_cast<ValueKind>(data_.index());
}

bool Value::is_number() const {
  return kind() == ValueKind::kInt || kind() == ValueKind::kUint ||
         kind() == ValueKind::kDouble;
}

double Value::ToDouble() const {
  if (kind() == ValueKind::kInt) {
    return static_cast<double>(as_int());
  }
  if (kind() == ValueKind::kUint) {
    return static_cast<double>(as_uint());
  }
  return as_double();
}

const Value* Value::Find(absl::string_view key) const {
  if (!is_map()) {
    return nullptr;
  }
  const Map& map = as_map();
  const auto found = std::lower_bound(map.begin(), map.end(), key, kKeyLess);
  return found != map.end() && found->first == key ? &found->second : nullptr;
}

Value* Value::Find(absl::string_view key) {
  return const_cast<Value*>(std::as_const(*this).Find(key));
}

Value& Value::Set(absl::string_view key, Value value) {
  Map& map = as_map();
  auto found = std::lower_bound(map.begin(), map.end(), key, kKeyLess);
  if (found != map.end() && found->first == key) {
    found->second = std::move(value);
  } else {
    found = map.emplace(found, std::string(key), std::move(value));
  }
  return found->second;
}

bool Value::Erase(absl::string_view key) {
  Map& map = as_map();
  const auto found = std::lower_bound(map.begin(), map.end(), key, kKeyLess);
  if (found == map.end() || found->first != key) {
    return false;
  }
  map.erase(found);
  return true;
}

absl::string_view KindName(ValueKind kind) {
  switch (kind) {
    case ValueKind::kNull:
      return "null";
    case ValueKind::kBool:
      return "boolean";
    case ValueKind::kInt:
    case ValueKind::kUint:
    case ValueKind::kDouble:
      return "number";
    case ValueKind::kString:
      return "string";
    case ValueKind::kList:
      return "array";
    case ValueKind::kMap:
      return "object";
  }
  return "unknown";
}

}  // namespace twingraph
