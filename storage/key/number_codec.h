#pragma once

// Numbers as key parts: big endian in the width of their kind. Pure.

// Covered by tests/storage/key/key_golden_test.cc.

#include <string>
#include <type_traits>

#include "absl/strings/string_view.h"

#include "storage/key/number.h"
#include "storage/key/ordered_codec.h"

namespace twingraph::key {

// Bytes that a kind of number takes in a key.
template <typename Number>
constexpr int WidthOf() {
  if constexpr (std::is_same_v<Number, TwinNumber>) {
    return kTwinWidth;
  } else if constexpr (std::is_same_v<Number, RelationshipNumber>) {
    return kRelationshipWidth;
  } else {
    static_assert(sizeof(Number) == 4);
    return 4;
  }
}

template <typename Number>
void AppendNumber(Number number, std::string& out) {
  AppendInt(ToInt(number), WidthOf<Number>(), out);
}

// Takes a number from the start of `bytes`; false if there are too few.
template <typename Number>
bool ReadNumber(absl::string_view& bytes, Number& number) {
  uint64_t wide = 0;
  if (!ReadInt(bytes, WidthOf<Number>(), wide)) {
    return false;
  }
  number = static_cast<Number>(wide);
  return true;
}

// The `AppendNumber` of several numbers in one string.
template <typename... Numbers>
std::string JoinNumbers(Numbers... numbers) {
  std::string out;
  (AppendNumber(numbers, out), ...);
  return out;
}

}  // namespace twingraph::key
