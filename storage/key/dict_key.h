#pragma once

// Keys of the dictionary, which gives each model id, relationship name and
// property path a number for good, and of the sequences that numbers come from.
//
//   dict      text key     kind:1 'n' name      -> number:4
//             number key   kind:1 '#' number:4  -> the text
//   sequence  sequence:1                        -> limit given out (counter)
//
//   name := 00 text              up to 512 bytes
//         | 01 first 512 bytes, XXH3-128 of all:16
//
// Fixed-width integers are big endian. Frozen; golden test key_golden_test.
// Pure.

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace twingraph::key {

// What a dictionary entry is the name of. Stored.
enum class DictKind : uint8_t {
  kModel = 'm',
  kRelationshipName = 'r',
  kPath = 'p',
};

inline constexpr DictKind kDictKinds[] = {
    DictKind::kModel, DictKind::kRelationshipName, DictKind::kPath};

// Sequences of numbers. The first three have the letters of DictKind. Stored.
enum class Sequence : uint8_t {
  kModel = 'm',
  kRelationshipName = 'r',
  kPath = 'p',
  kTwin = 't',
  kRelationship = 'e',
};

// Appends a text of any length in at most 529 bytes: whole, or cut and with its
// hash. Byte order is that of the texts as far as they are whole.
void AppendName(absl::string_view text, std::string& out);

std::string EncodeDictTextKey(DictKind kind, absl::string_view text);

std::string EncodeDictNumberKey(DictKind kind, uint32_t number);

// What the number keys of a kind begin with.
std::string DictNumberPrefix(DictKind kind);

// False for anything but a number key.
bool DecodeDictNumberKey(absl::string_view key, DictKind& kind,
                         uint32_t& number);

// Of a row of the text key; false for any other row, and where the text in the
// key was cut.
bool DecodeDictTextRow(absl::string_view key, absl::string_view value,
                       DictKind& kind, std::string& text, uint32_t& number);

std::string EncodeSequenceKey(Sequence sequence);

}  // namespace twingraph::key
