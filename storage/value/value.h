#pragma once

// A property value in memory: what JSON can hold, with exact integers. Used
// where values are built or changed (requests, patches, validation); stored and
// queried data is read in place as ValueView (value_codec.h). Value type; a
// const Value may be read from many threads.

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/string_view.h"

namespace twingraph {

// Kinds of values. The numbers are stored: frozen, see value_codec_test.
enum class ValueKind : uint8_t {
  kNull = 0,
  kBool = 1,
  kInt = 2,     // signed 64 bit
  kUint = 3,    // above the signed range only
  kDouble = 4,  // finite
  kString = 5,  // UTF-8
  kList = 6,
  kMap = 7,
};

class Value {
 public:
  using List = std::vector<Value>;
  // Sorted by key, keys unique.
  using Map = std::vector<std::pair<std::string, Value>>;

  // Null.
  Value() = default;

  static Value Bool(bool value) { return Value(Data(value)); }

  static Value Int(int64_t value) { return Value(Data(value)); }

  // An integer of a schema of 64 bits (long, unsignedLong): the same kind and
  // number as Int, but it travels as decimal text, whatever its size.
  static Value Long(int64_t value) { return Value(Data(LongInt{value})); }

  // An integer up to 2^64-1; becomes kInt where that holds it.
  static Value Uint(uint64_t value);

  // REQUIRES: finite.
  static Value Double(double value) { return Value(Data(value)); }

  static Value String(absl::string_view value) {
    return Value(Data(std::string(value)));
  }

  static Value MakeList(List list = {}) { return Value(Data(std::move(list))); }

  static Value MakeMap() { return Value(Data(Map())); }

  // Sorts the entries. REQUIRES: keys are unique.
  static Value MakeMap(Map entries);

  ValueKind kind() const;

  bool is_null() const { return kind() == ValueKind::kNull; }

  bool is_string() const { return kind() == ValueKind::kString; }

  bool is_list() const { return kind() == ValueKind::kList; }

  bool is_map() const { return kind() == ValueKind::kMap; }

  // An integer or a double.
  bool is_number() const;

  // Made by Long.
  bool is_long() const { return std::holds_alternative<LongInt>(data_); }

  // REQUIRES, for each: kind() is the matching one.
  bool as_bool() const { return std::get<bool>(data_); }

  int64_t as_int() const {
    const auto* wide = std::get_if<LongInt>(&data_);
    return wide != nullptr ? wide->value : std::get<int64_t>(data_);
  }

  uint64_t as_uint() const { return std::get<uint64_t>(data_); }

  double as_double() const { return std::get<double>(data_); }

  const std::string& as_string() const { return std::get<std::string>(data_); }

  const List& as_list() const { return std::get<List>(data_); }

  List& as_list() { return std::get<List>(data_); }

  const Map& as_map() const { return std::get<Map>(data_); }

  Map& as_map() { return std::get<Map>(data_); }

  // A number as double; an integer above 2^53 is rounded. REQUIRES:
  // is_number().
  double ToDouble() const;

  // The entry of a map; null if absent or if this is not a map.
  const Value* Find(absl::string_view key) const;
  Value* Find(absl::string_view key);

  // Adds or replaces an entry of a map and returns it. REQUIRES: is_map().
  Value& Set(absl::string_view key, Value value);

  // Removes an entry of a map; false if absent. REQUIRES: is_map().
  bool Erase(absl::string_view key);

  // Same kind and content; 1, 1.0 and the long 1 differ (compare.h has equality
  // by value).
  friend bool operator==(const Value&, const Value&) = default;

 private:
  struct LongInt {
    int64_t value = 0;
    friend bool operator==(const LongInt&, const LongInt&) = default;
  };

  // In order of the kinds; LongInt has the kind of int64_t.
  using Data = std::variant<std::monostate, bool, int64_t, uint64_t, double,
                            std::string, List, Map, LongInt>;

  explicit Value(Data data) : data_(std::move(data)) {}

  Data data_;
};

// Name of a kind for messages: "null", "boolean", "number", "string", "array",
// "object".
absl::string_view KindName(ValueKind kind);

}  // namespace twingraph
