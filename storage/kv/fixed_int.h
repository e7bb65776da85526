#pragma once

// Fixed-width and variable-width integers of the stored formats. Little endian
// in values and records; big endian in keys, where byte order is number order.
// Pure; safe from any thread.

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>

#include "absl/strings/string_view.h"

namespace twingraph::kv {

static_assert(std::endian::native == std::endian::little,
              "fixed-width integers are stored little endian");

inline void AppendFixed64(uint64_t number, std::string& out) {
  out.append(reinterpret_cast<const char*>(&number), sizeof(number));
}

inline uint64_t ReadFixed64(const char* bytes) {
  uint64_t number = 0;
  std::memcpy(&number, bytes, sizeof(number));
  return number;
}

inline void AppendFixed32(uint32_t number, std::string& out) {
  out.append(reinterpret_cast<const char*>(&number), sizeof(number));
}

inline uint32_t ReadFixed32(const char* bytes) {
  uint32_t number = 0;
  std::memcpy(&number, bytes, sizeof(number));
  return number;
}

inline void AppendKey64(uint64_t number, std::string& out) {
  AppendFixed64(__builtin_bswap64(number), out);
}

inline uint64_t ReadKey64(const char* bytes) {
  return __builtin_bswap64(ReadFixed64(bytes));
}

inline void AppendVarint(uint64_t number, std::string& out) {
  while (number >= 0x80) {
    out.push_back(static_cast<char>(number | 0x80));
    number >>= 7;
  }
  out.push_back(static_cast<char>(number));
}

// Takes a varint off the front of `bytes`; false where there is none.
inline bool TakeVarint(absl::string_view& bytes, uint64_t& number) {
  number = 0;
  for (int shift = 0; shift < 64 && !bytes.empty(); shift += 7) {
    const auto byte = static_cast<uint8_t>(bytes.front());
    bytes.remove_prefix(1);
    number |= uint64_t{byte & 0x7Fu} << shift;
    if (byte < 0x80) {
      return true;
    }
  }
  return false;
}

// Small magnitudes of either sign to small numbers.
inline uint64_t ZigZag(int64_t number) {
  return (static_cast<uint64_t>(number) << 1) ^
         static_cast<uint64_t>(number >> 63);
}

inline int64_t UnZigZag(uint64_t number) {
  return static_cast<int64_t>(number >> 1) ^ -static_cast<int64_t>(number & 1);
}

}  // namespace twingraph::kv
