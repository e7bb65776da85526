#include "server/rpc/convert/wire_writer.h"

#include <bit>
#include <cstring>

namespace twingraph::rpc {
namespace {

static_assert(std::endian::native == std::endian::little,
              "doubles travel little endian");

constexpr int kVarint = 0;
constexpr int kFixed64 = 1;
constexpr int kBytes = 2;

size_t VarintSize(uint64_t value) {
  return (static_cast<size_t>(std::bit_width(value | 1)) + 6) / 7;
}

}  // namespace

void WireWriter::Int(int field, int64_t value) {
  Uint(field, static_cast<uint64_t>(value));
}

void WireWriter::Uint(int field, uint64_t value) {
  if (value != 0) {
    OneofUint(field, value);
  }
}

void WireWriter::Double(int field, double value) {
  if (std::bit_cast<uint64_t>(value) != 0) {
    OneofDouble(field, value);
  }
}

void WireWriter::String(int field, absl::string_view value) {
  if (!value.empty()) {
    OneofString(field, value);
  }
}

void WireWriter::OneofUint(int field, uint64_t value) {
  Tag(field, kVarint);
  Varint(value);
}

void WireWriter::OneofDouble(int field, double value) {
  Tag(field, kFixed64);
  char bytes[sizeof(value)];
  std::memcpy(bytes, &value, sizeof(value));
  out_.append(bytes, sizeof(bytes));
}

void WireWriter::OneofString(int field, absl::string_view value) {
  Tag(field, kBytes);
  Varint(value.size());
  out_.append(value.data(), value.size());
}

size_t WireWriter::Begin(int field) {
  Tag(field, kBytes);
  out_.push_back('\0');  // Room for a short length, which most are.
  return out_.size();
}

void WireWriter::End(size_t mark) {
  uint64_t length = out_.size() - mark;
  const size_t size = VarintSize(length);
  if (size > 1) {
    out_.insert(mark, size - 1, '\0');
  }
  char* place = &out_[mark - 1];
  for (; length >= 0x80; length >>= 7) {
    *place++ = static_cast<char>(length | 0x80);
  }
  *place = static_cast<char>(length);
}

void WireWriter::Tag(int field, int wire_type) {
  Varint(static_cast<uint64_t>(field) << 3 | static_cast<uint64_t>(wire_type));
}

void WireWriter::Varint(uint64_t value) {
  while (value >= 0x80) {
    out_.push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out_.push_back(static_cast<char>(value));
}

}  // namespace twingraph::rpc
