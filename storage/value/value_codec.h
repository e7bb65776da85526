#pragma once

// The stored form of a value and a view that reads it in place: one property of
// a twin is reached without decoding the others. Format, byte by byte, in
// storage/README.md ("Values"); frozen, golden test value_codec_test.
//
//   value  := kind:1 body
//   null   := (nothing)              bool   := 0 | 1
//   int    := zigzag varint          uint   := varint
//   long   := zigzag varint, kind byte 8: an int of a schema of 64 bits
//   double := 8 bytes little endian  string := varint length, bytes
//   list   := count:4 (end_offset:4){count} values
//   map    := count:4 (key_end:4 value_end:4){count} keys values
//
// End offsets count from the end of the table (values) and from the start of
// the keys (keys); keys are sorted, so a lookup is a binary search. Fixed-width
// integers are little endian.

#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "storage/value/value.h"

namespace twingraph {

// Appends the stored form of `value`.
void EncodeValue(const Value& value, std::string& out);

// A borrowed value in stored form. Cheap to copy; valid while the bytes are.
// Safe on damaged bytes that ValidateEncoded accepted; anything read from
// another process or an untrusted file is validated first, rows of the store
// carry their own checksums.
class ValueView {
 public:
  // Undefined: no value at all, which differs from null.
  ValueView() = default;

  // REQUIRES: `bytes` begins with an encoded value.
  explicit ValueView(absl::string_view bytes) : bytes_(bytes) {}

  // False for a property that is absent.
  bool is_defined() const { return !bytes_.empty(); }

  // REQUIRES, from here on: is_defined().
  ValueKind kind() const {
    return is_long() ? ValueKind::kInt : static_cast<ValueKind>(bytes_[0]);
  }

  // An integer that travels as decimal text (Value::Long); its kind is kInt.
  bool is_long() const { return bytes_[0] == kLongByte; }

  bool is_number() const;

  // REQUIRES, for each: kind() is the matching one.
  bool as_bool() const { return bytes_[1] != 0; }

  int64_t as_int() const;
  uint64_t as_uint() const;
  double as_double() const;
  absl::string_view as_string() const;

  // A number as double; an integer above 2^53 is rounded. REQUIRES:
  // is_number().
  double ToDouble() const;

  // Elements of a list or entries of a map; 0 for all other kinds.
  size_t size() const;
  // REQUIRES: kind() is kList, i < size().
  ValueView at(size_t i) const;
  // Entry i of a map in key order. REQUIRES: kind() is kMap, i < size().
  std::pair<absl::string_view, ValueView> entry(size_t i) const;
  // The entry of a map; undefined if absent or if this is not a map.
  ValueView Find(absl::string_view key) const;

  // The encoded bytes, kind first.
  absl::string_view bytes() const { return bytes_; }

 private:
  friend void EncodeValue(const Value& value, std::string& out);

  static constexpr char kLongByte = 8;

  absl::string_view bytes_;
};

// Builds a Value from a stored one. REQUIRES: view.is_defined().
Value DecodeValue(ValueView view);

// Checks that bytes from outside are one well-formed encoded value.
// Errors: DATA_LOSS / STORE_CORRUPT.
absl::Status ValidateEncoded(absl::string_view bytes);

}  // namespace twingraph
