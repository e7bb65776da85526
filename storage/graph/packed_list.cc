#include "storage/graph/packed_list.h"

#include <bit>

namespace twingraph::graph {
namespace {

// Fewer would make a number begin less than eight bytes behind the list's
// first, see PackedList::Load.
constexpr size_t kMinWidth = 3;

static_assert(std::endian::native == std::endian::little);

size_t WidthOf(uint64_t largest) {
  const auto bits = static_cast<size_t>(std::bit_width(largest));
  return std::max(kMinWidth, (bits + 7) / 8);
}

// Bytes of a list in the making: counted first, then written.
class Writer {
 public:
  // Null only counts.
  explicit Writer(char* bytes) : bytes_(bytes) {}

  size_t size() const { return size_; }

  void Byte(uint64_t byte) {
    if (bytes_ != nullptr) {
      bytes_[size_] = static_cast<char>(byte);
    }
    ++size_;
  }

  void Varint(uint64_t number) {
    for (; number >= 0x80; number >>= 7) {
      Byte(number | 0x80);
    }
    Byte(number);
  }

  void Number(uint64_t number, size_t width) {
    if (bytes_ != nullptr) {
      std::memcpy(bytes_ + size_, &number, width);
    }
    size_ += width;
  }

 private:
  char* const bytes_;
  size_t size_ = 0;
};

// How many from `begin` on have its name.
size_t RunLength(absl::Span<const Neighbour> neighbours, size_t begin) {
  size_t end = begin + 1;
  while (end < neighbours.size() &&
         neighbours[end].name == neighbours[begin].name) {
    ++end;
  }
  return end - begin;
}

void WriteHead(absl::Span<const Neighbour> neighbours, size_t end_width,
               size_t number_width, Writer& out) {
  size_t names = 0;
  for (size_t i = 0; i < neighbours.size(); i += RunLength(neighbours, i)) {
    ++names;
  }
  out.Varint(neighbours.size());
  out.Varint(names);
  out.Byte(end_width | (number_width << 4));
  for (size_t i = 0; i < neighbours.size(); i += RunLength(neighbours, i)) {
    out.Varint(ToInt(neighbours[i].name));
    out.Varint(RunLength(neighbours, i));
  }
}

}  // namespace

PackedBytes PackNeighbours(absl::Span<const Neighbour> neighbours) {
  if (neighbours.empty()) {
    return {};
  }
  uint64_t ends = 0;
  uint64_t numbers = 0;
  for (const Neighbour& each : neighbours) {
    ends |= ToInt(each.other);
    numbers |= ToInt(each.number);
  }
  const size_t end_width = WidthOf(ends);
  const size_t number_width = WidthOf(numbers);
  Writer head(nullptr);
  WriteHead(neighbours, end_width, number_width, head);
  const size_t size =
      head.size() + neighbours.size() * (end_width + number_width);
  PackedBytes packed{std::unique_ptr<char[]>(new char[size]), size};
  Writer out(packed.bytes.get());
  WriteHead(neighbours, end_width, number_width, out);
  for (const Neighbour& each : neighbours) {
    out.Number(ToInt(each.other), end_width);
  }
  for (const Neighbour& each : neighbours) {
    out.Number(ToInt(each.number), number_width);
  }
  return packed;
}

size_t PackedList::Count(NameNumber wanted) const {
  if (wanted == NameNumber{}) {
    return size_;
  }
  const char* at = names_;
  for (size_t i = 0; i < name_count_; ++i) {
    const NameNumber name{static_cast<uint32_t>(TakeVarint(at))};
    const size_t count = TakeVarint(at);
    if (name == wanted) {
      return count;
    }
  }
  return 0;
}

size_t PackedList::LowerBound(const Columns& columns, size_t begin, size_t end,
                              const Neighbour& from) const {
  while (begin < end) {
    const size_t middle = begin + (end - begin) / 2;
    const Neighbour each{from.name, EndAt(columns, middle),
                         NumberAt(columns, middle)};
    if (each < from) {
      begin = middle + 1;
    } else {
      end = middle;
    }
  }
  return begin;
}

}  // namespace twingraph::graph
