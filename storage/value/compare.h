#pragma once

// Equality and order of values by meaning, as the query language defines them
// (reference: comparison of different types is undefined). Pure.

#include <compare>
#include <optional>

#include "storage/value/value.h"
#include "storage/value/value_codec.h"

namespace twingraph {

// Exact order of two numbers whatever their kinds: no integer is rounded.
// REQUIRES: both are numbers.
std::strong_ordering CompareNumbers(ValueView a, ValueView b);

// Order of two values of one type: numbers by value, strings by code point
// (which is byte order in UTF-8), false before true, null equal to null, lists
// and maps equal when their parts are. nullopt where the language says
// undefined: different types, undefined, or an order between two lists or two
// maps that are not equal.
std::optional<std::strong_ordering> CompareValues(ValueView a, ValueView b);

// Equality by meaning: 1 equals 1.0; lists and maps by their parts. False for
// different types.
bool EqualByMeaning(ValueView a, ValueView b);

}  // namespace twingraph
