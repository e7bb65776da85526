#include "storage/value/compare.h"

#include <cmath>
#include <cstdint>
#include <limits>

namespace twingraph {
namespace {

enum class Type { kNull, kBool, kNumber, kString, kList, kMap };

Type TypeOf(ValueView view) {
  switch (view.kind()) {
    case ValueKind::kNull:
      return Type::kNull;
    case ValueKind::kBool:
      return Type::kBool;
    case ValueKind::kInt:
    case ValueKind::kUint:
    case ValueKind::kDouble:
      return Type::kNumber;
    case ValueKind::kString:
      return Type::kString;
    case ValueKind::kList:
      return Type::kList;
    case ValueKind::kMap:
      return Type::kMap;
  }
  return Type::kNull;
}

std::strong_ordering Flipped(std::strong_ordering order) {
  return 0 <=> order;
}

std::strong_ordering CompareDoubles(double a, double b) {
  if (a < b) {
    return std::strong_ordering::less;
  }
  return a > b ? std::strong_ordering::greater : std::strong_ordering::equal;
}

// An integer as sign and magnitude, so that both 64-bit ranges fit.
struct Integer {
  bool is_negative;
  uint64_t magnitude;

  friend std::strong_ordering operator<=>(const Integer& a, const Integer& b) {
    if (a.is_negative != b.is_negative) {
      return a.is_negative ? std::strong_ordering::less
                           : std::strong_ordering::greater;
    }
    const std::strong_ordering order = a.magnitude <=> b.magnitude;
    return a.is_negative ? Flipped(order) : order;
  }
};

Integer IntegerOf(ValueView view) {
  if (view.kind() == ValueKind::kUint) {
    return {false, view.as_uint()};
  }
  const int64_t number = view.as_int();
  const auto bits = static_cast<uint64_t>(number);
  return number < 0 ? Integer{true, ~bits + 1} : Integer{false, bits};
}

// Compares without rounding the integer: its floor neighbours decide.
std::strong_ordering CompareIntegerToDouble(ValueView integer, double number) {
  constexpr double kTwoTo64 = 18446744073709551616.0;
  if (number >= kTwoTo64) {
    return std::strong_ordering::less;
  }
  if (number < -9223372036854775808.0) {
    return std::strong_ordering::greater;
  }
  const double whole = std::trunc(number);
  const Integer truncated = {std::signbit(whole) && whole != 0,
                             static_cast<uint64_t>(std::fabs(whole))};
  const std::strong_ordering order = IntegerOf(integer) <=> truncated;
  return order != 0 ? order : CompareDoubles(whole, number);
}

bool EqualLists(ValueView a, ValueView b) {
  if (a.size() != b.size()) {
    return false;
  }
  for (size_t i = 0; i < a.size(); ++i) {
    if (!EqualByMeaning(a.at(i), b.at(i))) {
      return false;
    }
  }
  return true;
}

bool EqualMaps(ValueView a, ValueView b) {
  if (a.size() != b.size()) {
    return false;
  }
  for (size_t i = 0; i < a.size(); ++i) {
    const auto left = a.entry(i);
    const auto right = b.entry(i);
    if (left.first != right.first ||
        !EqualByMeaning(left.second, right.second)) {
      return false;
    }
  }
  return true;
}

std::optional<std::strong_ordering> EqualOrNothing(bool is_equal) {
  if (!is_equal) {
    return std::nullopt;
  }
  return std::strong_ordering::equal;
}

}  // namespace

std::strong_ordering CompareNumbers(ValueView a, ValueView b) {
  const bool a_is_double = a.kind() == ValueKind::kDouble;
  const bool b_is_double = b.kind() == ValueKind::kDouble;
  if (a_is_double && b_is_double) {
    return CompareDoubles(a.as_double(), b.as_double());
  }
  if (a_is_double) {
    return Flipped(CompareIntegerToDouble(b, a.as_double()));
  }
  if (b_is_double) {
    return CompareIntegerToDouble(a, b.as_double());
  }
  return IntegerOf(a) <=> IntegerOf(b);
}

std::optional<std::strong_ordering> CompareValues(ValueView a, ValueView b) {
  if (!a.is_defined() || !b.is_defined() || TypeOf(a) != TypeOf(b)) {
    return std::nullopt;
  }
  switch (TypeOf(a)) {
    case Type::kNull:
      return std::strong_ordering::equal;
    case Type::kBool:
      return static_cast<int>(a.as_bool()) <=> static_cast<int>(b.as_bool());
    case Type::kNumber:
      return CompareNumbers(a, b);
    case Type::kString: {
      const int order = a.as_string().compare(b.as_string());
      return order <=> 0;
    }
    case Type::kList:
      return EqualOrNothing(EqualLists(a, b));
    case Type::kMap:
      return EqualOrNothing(EqualMaps(a, b));
  }
  return std::nullopt;
}

bool EqualByMeaning(ValueView a, ValueView b) {
  const auto order = CompareValues(a, b);
  return order.has_value() && *order == 0;
}

}  // namespace twingraph
