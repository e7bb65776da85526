#include "storage/value/value_codec.h"

#include <bit>
#include <cmath>
#include <cstring>

#include "storage/base/bytes.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"

namespace twingraph {
namespace {

static_assert(std::endian::native == std::endian::little,
              "fixed-width integers are stored little endian");

constexpr int kDepthLimit = 256;

uint32_t Fixed32At(absl::string_view bytes, size_t offset) {
  uint32_t number = 0;
  std::memcpy(&number, bytes.data() + offset, sizeof(number));
  return number;
}

void AppendFixed32(std::string& out, size_t number) {
  const auto narrow = static_cast<uint32_t>(number);
  out.append(reinterpret_cast<const char*>(&narrow), sizeof(narrow));
}

void SetFixed32(std::string& out, size_t offset, size_t number) {
  const auto narrow = static_cast<uint32_t>(number);
  std::memcpy(&out[offset], &narrow, sizeof(narrow));
}

void AppendVarint(std::string& out, uint64_t number) {
  while (number >= 0x80) {
    out.push_back(static_cast<char>(number | 0x80));
    number >>= 7;
  }
  out.push_back(static_cast<char>(number));
}

// Reads a varint at the start of `bytes` and removes it; false if it is cut.
bool ReadVarint(absl::string_view& bytes, uint64_t& number) {
  number = 0;
  for (int shift = 0; shift < 64 && !bytes.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    number |= static_cast<uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) {
      return true;
    }
  }
  return false;
}

uint64_t ZigZag(int64_t number) {
  return (static_cast<uint64_t>(number) << 1) ^
         static_cast<uint64_t>(number >> 63);
}

int64_t UnZigZag(uint64_t number) {
  return static_cast<int64_t>((number >> 1) ^ (~(number & 1) + 1));
}

void EncodeList(const Value::List& list, std::string& out) {
  AppendFixed32(out, list.size());
  const size_t table = out.size();
  out.append(list.size() * 4, '\0');
  const size_t base = out.size();
  for (size_t i = 0; i < list.size(); ++i) {
    EncodeValue(list[i], out);
    SetFixed32(out, table + i * 4, out.size() - base);
  }
}

void EncodeMap(const Value::Map& map, std::string& out) {
  AppendFixed32(out, map.size());
  const size_t table = out.size();
  out.append(map.size() * 8, '\0');
  const size_t base = out.size();
  for (size_t i = 0; i < map.size(); ++i) {
    out.append(map[i].first);
    SetFixed32(out, table + i * 8, out.size() - base);
  }
  for (size_t i = 0; i < map.size(); ++i) {
    EncodeValue(map[i].second, out);
    SetFixed32(out, table + i * 8 + 4, out.size() - base);
  }
}

// Where the parts of an encoded map or list lie.
struct Table {
  explicit Table(absl::string_view value_bytes, size_t width)
      : bytes(value_bytes),
        count(Fixed32At(bytes, 1)),
        base(5 + count * width) {}

  absl::string_view bytes;
  size_t count;
  size_t base;

  absl::string_view Slice(size_t begin, size_t end) const {
    return bytes.substr(base + begin, end - begin);
  }
};

absl::Status Damaged(absl::string_view what) {
  return DataLoss("a stored value is damaged", {{"part", what}});
}

absl::Status ValidateAt(absl::string_view bytes, int depth);

absl::Status ValidateTable(absl::string_view bytes, size_t width, int depth) {
  if (bytes.size() < 5) {
    return Damaged("count");
  }
  const uint64_t count = Fixed32At(bytes, 1);
  if (count * width > bytes.size() - 5) {
    return Damaged("table");
  }
  const Table table(bytes, width);
  const size_t length = bytes.size() - table.base;
  size_t key_end = 0;
  absl::string_view last_key;
  if (width == 8) {
    for (size_t i = 0; i < count; ++i) {
      const size_t end = Fixed32At(bytes, 5 + i * 8);
      if (end < key_end || end > length) {
        return Damaged("key");
      }
      const absl::string_view key = table.Slice(key_end, end);
      if ((i > 0 && key <= last_key) || !IsValidUtf8(key)) {
        return Damaged("key");
      }
      last_key = key;
      key_end = end;
    }
  }
  size_t value_end = key_end;
  for (size_t i = 0; i < count; ++i) {
    const size_t end = Fixed32At(bytes, 5 + i * width + width - 4);
    if (end <= value_end || end > length) {
      return Damaged("value");
    }
    RETURN_IF_ERROR(ValidateAt(table.Slice(value_end, end), depth + 1));
    value_end = end;
  }
  return value_end == length ? absl::OkStatus() : Damaged("length");
}

absl::Status ValidateScalar(absl::string_view bytes, ValueKind kind) {
  absl::string_view body = bytes.substr(1);
  uint64_t number = 0;
  switch (kind) {
    case ValueKind::kNull:
      return body.empty() ? absl::OkStatus() : Damaged("null");
    case ValueKind::kBool:
      return body.size() == 1 ? absl::OkStatus() : Damaged("bool");
    case ValueKind::kInt:
    case ValueKind::kUint:
      return ReadVarint(body, number) && body.empty() ? absl::OkStatus()
                                                      : Damaged("integer");
    case ValueKind::kDouble:
      return body.size() == 8 && std::isfinite(ValueView(bytes).as_double())
                 ? absl::OkStatus()
                 : Damaged("double");
    case ValueKind::kString:
      return ReadVarint(body, number) && body.size() == number &&
                     IsValidUtf8(body)
                 ? absl::OkStatus()
                 : Damaged("string");
    case ValueKind::kList:
    case ValueKind::kMap:
      break;
  }
  return Damaged("kind");
}

absl::Status ValidateAt(absl::string_view bytes, int depth) {
  if (bytes.empty() || depth > kDepthLimit) {
    return Damaged("value");
  }
  const ValueKind kind = ValueView(bytes).kind();
  if (kind == ValueKind::kList) {
    return ValidateTable(bytes, 4, depth);
  }
  if (kind == ValueKind::kMap) {
    return ValidateTable(bytes, 8, depth);
  }
  return ValidateScalar(bytes, kind);
}

}  // namespace

void EncodeValue(const Value& value, std::string& out) {
  out.push_back(value.is_long() ? ValueView::kLongByte
                                : static_cast<char>(value.kind()));
  switch (value.kind()) {
    case ValueKind::kNull:
      return;
    case ValueKind::kBool:
      out.push_back(value.as_bool() ? 1 : 0);
      return;
    case ValueKind::kInt:
      AppendVarint(out, ZigZag(value.as_int()));
      return;
    case ValueKind::kUint:
      AppendVarint(out, value.as_uint());
      return;
    case ValueKind::kDouble: {
      const double number = value.as_double();
      out.append(reinterpret_cast<const char*>(&number), sizeof(number));
      return;
    }
    case ValueKind::kString:
      AppendVarint(out, value.as_string().size());
      out.append(value.as_string());
      return;
    case ValueKind::kList:
      EncodeList(value.as_list(), out);
      return;
    case ValueKind::kMap:
      EncodeMap(value.as_map(), out);
      return;
  }
}

bool ValueView::is_number() const {
  return kind() == ValueKind::kInt || kind() == ValueKind::kUint ||
         kind() == ValueKind::kDouble;
}

int64_t ValueView::as_int() const {
  return UnZigZag(as_uint());
}

uint64_t ValueView::as_uint() const {
  absl::string_view body = bytes_.substr(1);
  uint64_t number = 0;
  ReadVarint(body, number);
  return number;
}

double ValueView::as_double() const {
  double number = 0;
  std::memcpy(&number, bytes_.data() + 1, sizeof(number));
  return number;
}

absl::string_view ValueView::as_string() const {
  absl::string_view body = bytes_.substr(1);
  uint64_t length = 0;
  ReadVarint(body, length);
  return body.substr(0, length);
}

double ValueView::ToDouble() const {
  if (kind() == ValueKind::kInt) {
    return static_cast<double>(as_int());
  }
  if (kind() == ValueKind::kUint) {
    return static_cast<double>(as_uint());
  }
  return as_double();
}

size_t ValueView::size() const {
  return kind() == ValueKind::kList || kind() == ValueKind::kMap
             ? Fixed32At(bytes_, 1)
             : 0;
}

ValueView ValueView::at(size_t i) const {
  const Table table(bytes_, 4);
  const size_t begin = i == 0 ? 0 : Fixed32At(bytes_, 5 + (i - 1) * 4);
  return ValueView(table.Slice(begin, Fixed32At(bytes_, 5 + i * 4)));
}

std::pair<absl::string_view, ValueView> ValueView::entry(size_t i) const {
  const Table table(bytes_, 8);
  const size_t row = 5 + i * 8;
  const size_t key_begin = i == 0 ? 0 : Fixed32At(bytes_, row - 8);
  const size_t keys_end = Fixed32At(bytes_, 5 + (table.count - 1) * 8);
  const size_t value_begin = i == 0 ? keys_end : Fixed32At(bytes_, row - 4);
  return {table.Slice(key_begin, Fixed32At(bytes_, row)),
          ValueView(table.Slice(value_begin, Fixed32At(bytes_, row + 4)))};
}

ValueView ValueView::Find(absl::string_view key) const {
  if (kind() != ValueKind::kMap) {
    return ValueView();
  }
  size_t low = 0;
  size_t high = size();
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    const auto [name, value] = entry(middle);
    if (name == key) {
      return value;
    }
    if (name < key) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return ValueView();
}

Value DecodeValue(ValueView view) {
  switch (view.kind()) {
    case ValueKind::kNull:
      return Value();
    case ValueKind::kBool:
      return Value::Bool(view.as_bool());
    case ValueKind::kInt:
      return view.is_long() ? Value::Long(view.as_int())
                            : Value::Int(view.as_int());
    case ValueKind::kUint:
      return Value::Uint(view.as_uint());
    case ValueKind::kDouble:
      return Value::Double(view.as_double());
    case ValueKind::kString:
      return Value::String(view.as_string());
    case ValueKind::kList: {
      Value::List list;
      list.reserve(view.size());
      for (size_t i = 0; i < view.size(); ++i) {
        list.push_back(DecodeValue(view.at(i)));
      }
      return Value::MakeList(std::move(list));
    }
    case ValueKind::kMap: {
      Value::Map map;
      map.reserve(view.size());
      for (size_t i = 0; i < view.size(); ++i) {
        const auto [key, value] = view.entry(i);
        map.emplace_back(std::string(key), DecodeValue(value));
      }
      return Value::MakeMap(std::move(map));
    }
  }
  return Value();
}

absl::Status ValidateEncoded(absl::string_view bytes) {
  return ValidateAt(bytes, 0);
}

}  // namespace twingraph
