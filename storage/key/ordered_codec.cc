#include "storage/key/ordered_codec.h"

#include <bit>
#include <cmath>
#include <limits>

#include <xxhash.h>

namespace twingraph::key {
namespace {

constexpr double kTwoTo53 = 9007199254740992.0;
constexpr int kDoubleWidth = 8;
constexpr int kTailWidth = 2;
constexpr int kHashWidth = 8;
constexpr char kEscape = '\0';
constexpr char kEscapedZero = '\xFF';
constexpr char kEnd = '\0';
constexpr char kCut = '\1';

void AppendDouble(double number, std::string& out) {
  auto bits = std::bit_cast<uint64_t>(number == 0 ? 0.0 : number);
  constexpr uint64_t kSign = uint64_t{1} << 63;
  bits = (bits & kSign) != 0 ? ~bits : bits | kSign;
  AppendInt(bits, kDoubleWidth, out);
}

double ReadDouble(absl::string_view bytes) {
  uint64_t bits = 0;
  ReadInt(bytes, kDoubleWidth, bits);
  constexpr uint64_t kSign = uint64_t{1} << 63;
  return std::bit_cast<double>((bits & kSign) != 0 ? bits & ~kSign : ~bits);
}

bool HasTail(double number) {
  return std::fabs(number) >= kTwoTo53;
}

void AppendNumber(double floor, uint64_t distance, std::string& out) {
  AppendDouble(floor, out);
  if (HasTail(floor)) {
    AppendInt(distance, kTailWidth, out);
  }
}

// The largest double that is not above an integer, and the distance to it.
void AppendSigned(int64_t number, std::string& out) {
  auto floor = static_cast<double>(number);
  // 2^63 itself does not fit back; every int64 is below it.
  if (floor >= 0x1p63 || static_cast<int64_t>(floor) > number) {
    floor = std::nextafter(floor, -std::numeric_limits<double>::infinity());
  }
  const auto distance = static_cast<uint64_t>(number) -
                        static_cast<uint64_t>(static_cast<int64_t>(floor));
  AppendNumber(floor, distance, out);
}

void AppendUnsigned(uint64_t number, std::string& out) {
  auto floor = static_cast<double>(number);
  if (floor >= 0x1p64 || static_cast<uint64_t>(floor) > number) {
    floor = std::nextafter(floor, 0.0);
  }
  AppendNumber(floor, number - static_cast<uint64_t>(floor), out);
}

void AppendEscaped(absl::string_view text, std::string& out) {
  for (const char byte : text) {
    out.push_back(byte);
    if (byte == kEscape) {
      out.push_back(kEscapedZero);
    }
  }
}

void AppendString(absl::string_view text, std::string& out) {
  AppendEscaped(text.substr(0, kStringKeyLimit), out);
  out.push_back(kEscape);
  if (text.size() <= kStringKeyLimit) {
    out.push_back(kEnd);
    return;
  }
  out.push_back(kCut);
  AppendInt(XXH3_64bits(text.data(), text.size()), kHashWidth, out);
}

// Length of an escaped text with its two-byte end mark; 0 if it has no end.
size_t EscapedLength(absl::string_view bytes) {
  for (size_t i = 0; i + 1 < bytes.size(); ++i) {
    if (bytes[i] != kEscape) {
      continue;
    }
    if (bytes[i + 1] != kEscapedZero) {
      return i + 2;
    }
    ++i;
  }
  return 0;
}

// Length of the string body at the start of `bytes`; 0 if it is damaged.
size_t StringLength(absl::string_view bytes) {
  const size_t length = EscapedLength(bytes);
  if (length == 0 || bytes[length - 1] == kEnd) {
    return length;
  }
  return bytes[length - 1] == kCut ? length + kHashWidth : 0;
}

// Length of an ordered value with its type; 0 if it is damaged.
size_t OrderedLength(absl::string_view bytes) {
  if (bytes.empty()) {
    return 0;
  }
  switch (static_cast<OrderedType>(bytes[0])) {
    case OrderedType::kNull:
    case OrderedType::kObject:
    case OrderedType::kArray:
      return 1;
    case OrderedType::kBool:
      return 2;
    case OrderedType::kNumber: {
      const absl::string_view body = bytes.substr(1);
      if (body.size() < kDoubleWidth) {
        return 0;
      }
      return 1 + kDoubleWidth + (HasTail(ReadDouble(body)) ? kTailWidth : 0);
    }
    case OrderedType::kString: {
      const size_t length = StringLength(bytes.substr(1));
      return length == 0 ? 0 : length + 1;
    }
  }
  return 0;
}

}  // namespace

void AppendInt(uint64_t number, int width, std::string& out) {
  for (int shift = (width - 1) * 8; shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>(number >> shift));
  }
}

bool ReadInt(absl::string_view& bytes, int width, uint64_t& number) {
  const auto size = static_cast<size_t>(width);
  if (bytes.size() < size) {
    return false;
  }
  number = 0;
  for (size_t i = 0; i < size; ++i) {
    number = number << 8 | static_cast<unsigned char>(bytes[i]);
  }
  bytes.remove_prefix(size);
  return true;
}

OrderedType OrderedTypeOf(ValueKind kind) {
  switch (kind) {
    case ValueKind::kNull:
      return OrderedType::kNull;
    case ValueKind::kBool:
      return OrderedType::kBool;
    case ValueKind::kInt:
    case ValueKind::kUint:
    case ValueKind::kDouble:
      return OrderedType::kNumber;
    case ValueKind::kString:
      return OrderedType::kString;
    case ValueKind::kMap:
      return OrderedType::kObject;
    case ValueKind::kList:
      return OrderedType::kArray;
  }
  return OrderedType::kNull;
}

void AppendOrdered(ValueView view, std::string& out) {
  out.push_back(static_cast<char>(OrderedTypeOf(view.kind())));
  switch (view.kind()) {
    case ValueKind::kNull:
    case ValueKind::kMap:
    case ValueKind::kList:
      return;
    case ValueKind::kBool:
      out.push_back(view.as_bool() ? 1 : 0);
      return;
    case ValueKind::kInt:
      AppendSigned(view.as_int(), out);
      return;
    case ValueKind::kUint:
      AppendUnsigned(view.as_uint(), out);
      return;
    case ValueKind::kDouble:
      AppendNumber(view.as_double(), /*distance=*/0, out);
      return;
    case ValueKind::kString:
      AppendString(view.as_string(), out);
      return;
  }
}

void AppendOrderedStringPrefix(absl::string_view prefix, std::string& out) {
  out.push_back(static_cast<char>(OrderedType::kString));
  AppendEscaped(prefix.substr(0, kStringKeyLimit), out);
}

bool ReadOrdered(absl::string_view& bytes, absl::string_view& value) {
  const size_t length = OrderedLength(bytes);
  if (length == 0 || length > bytes.size()) {
    return false;
  }
  value = bytes.substr(0, length);
  bytes.remove_prefix(length);
  return true;
}

bool IsCut(absl::string_view ordered) {
  if (ordered.empty() ||
      ordered[0] != static_cast<char>(OrderedType::kString)) {
    return false;
  }
  const size_t length = EscapedLength(ordered.substr(1));
  return length != 0 && ordered[length] == kCut;
}

void AppendText(absl::string_view text, std::string& out) {
  AppendEscaped(text, out);
  out.push_back(kEscape);
  out.push_back(kEnd);
}

bool ReadText(absl::string_view& bytes, std::string& text) {
  const size_t length = EscapedLength(bytes);
  if (length == 0 || bytes[length - 1] != kEnd) {
    return false;
  }
  text.clear();
  for (size_t i = 0; i + 2 < length; ++i) {
    text.push_back(bytes[i]);
    i += bytes[i] == kEscape ? 1 : 0;
  }
  bytes.remove_prefix(length);
  return true;
}

}  // namespace twingraph::key
