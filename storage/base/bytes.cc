#include "storage/base/bytes.h"

#include <cstdint>

#include "absl/strings/escaping.h"

namespace twingraph {
namespace {

bool IsContinuation(unsigned char byte) {
  return (byte & 0xC0) == 0x80;
}

// Length of the character at the start of `text`, or 0 if it is not valid.
size_t Utf8Length(absl::string_view text) {
  const auto at = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = at(0);
  if (lead < 0x80) {
    return 1;
  }
  if (lead >= 0xC2 && lead <= 0xDF) {
    return text.size() >= 2 && IsContinuation(at(1)) ? 2 : 0;
  }
  if (lead >= 0xE0 && lead <= 0xEF) {
    if (text.size() < 3 || !IsContinuation(at(1)) || !IsContinuation(at(2))) {
      return 0;
    }
    const bool is_overlong = lead == 0xE0 && at(1) < 0xA0;
    const bool is_surrogate = lead == 0xED && at(1) > 0x9F;
    return is_overlong || is_surrogate ? 0 : 3;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    if (text.size() < 4 || !IsContinuation(at(1)) || !IsContinuation(at(2)) ||
        !IsContinuation(at(3))) {
      return 0;
    }
    const bool is_overlong = lead == 0xF0 && at(1) < 0x90;
    const bool is_too_large = lead == 0xF4 && at(1) > 0x8F;
    return is_overlong || is_too_large ? 0 : 4;
  }
  return 0;
}

}  // namespace

std::string PrefixSuccessor(absl::string_view prefix) {
  std::string successor(prefix);
  while (!successor.empty() && successor.back() == '\xFF') {
    successor.pop_back();
  }
  if (!successor.empty()) {
    successor.back() = static_cast<char>(successor.back() + 1);
  }
  return successor;
}

std::string ToHex(absl::string_view bytes) {
  return absl::BytesToHexString(bytes);
}

bool IsValidUtf8(absl::string_view text) {
  while (!text.empty()) {
    // Most text is ASCII: skip it eight bytes at a time.
    while (text.size() >= 8) {
      uint64_t word = 0;
      __builtin_memcpy(&word, text.data(), sizeof(word));
      if ((word & 0x8080808080808080ULL) != 0) {
        break;
      }
      text.remove_prefix(8);
    }
    if (text.empty()) {
      return true;
    }
    const size_t length = Utf8Length(text);
    if (length == 0) {
      return false;
    }
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace twingraph
