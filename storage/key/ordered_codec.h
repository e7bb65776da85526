#pragma once

// Integers, numbers and property values as bytes whose unsigned byte order is
// the order of what they stand for. Building blocks of keys; frozen, golden and
// property tests in ordered_codec_test. Pure.
//
//   value  := type:1 body                   type as OrderedType
//   null, object, array := (nothing)        bool := 0 | 1
//   number := double:8 [tail:2]
//   string := escaped bytes, 00 00                      up to 128 bytes
//           | escaped first 128 bytes, 00 01, hash:8    longer: "cut"
//
// A double is big endian with the sign bit flipped, all bits where negative;
// -0 is 0. From a magnitude of 2^53 on, integers lie between doubles: the
// double is then the next one at or below the number, and the tail the distance
// to it, so that every 64-bit integer has its exact place. In a string the byte
// 00 is written 00 FF. Cut strings with the same beginning are in the order of
// their hashes (XXH3), not of their text.

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

#include "storage/value/value_codec.h"

namespace twingraph::key {

// Types in their order; stored, frozen.
enum class OrderedType : uint8_t {
  kNull = 1,
  kBool = 2,
  kNumber = 3,
  kString = 4,
  kObject = 5,
  kArray = 6,
};

// Bytes of a string that a key holds.
inline constexpr size_t kStringKeyLimit = 128;

// Appends the low `width` bytes of `number`, big endian.
void AppendInt(uint64_t number, int width, std::string& out);

// Reads a big-endian integer of `width` bytes at the start of `bytes` and
// removes it; false, changing nothing, if there are fewer bytes.
bool ReadInt(absl::string_view& bytes, int width, uint64_t& number);

// The type that a kind of value is ordered under.
OrderedType OrderedTypeOf(ValueKind kind);

// Appends a value with its type. Lists and maps have no body: only that they
// are there is ordered. REQUIRES: view.is_defined().
void AppendOrdered(ValueView view, std::string& out);

// Appends what the ordered forms of all strings that begin with `prefix` begin
// with. For a prefix longer than kStringKeyLimit that is the common beginning
// of more strings.
void AppendOrderedStringPrefix(absl::string_view prefix, std::string& out);

// Takes one ordered value from the start of `bytes` and gives it in `value`;
// false, changing nothing, if there is none.
bool ReadOrdered(absl::string_view& bytes, absl::string_view& value);

// Does an ordered value stand for a string that was cut? Then only the string
// itself decides about equality and order.
bool IsCut(absl::string_view ordered);

// Appends `text` in escaped form with its end mark (00 00), so that a longer
// key part may follow: byte order is that of the texts.
void AppendText(absl::string_view text, std::string& out);

// Reads what AppendText wrote and removes it from `bytes`; false if it is not
// well formed.
bool ReadText(absl::string_view& bytes, std::string& text);

}  // namespace twingraph::key
