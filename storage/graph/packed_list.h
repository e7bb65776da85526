#pragma once

// The relationships of one twin in one direction as few bytes of memory, in the
// order of their keys in the store: by name, other end and number. Never
// stored. A PackedList borrows its bytes; immutable, safe from any thread.
//
//   size:varint  names:varint  widths:1 (bytes of an end, of a number: 4 bits
//   each)  then per name: name:varint count:varint
//   ends: size x its width     numbers: size x its width
//
// Ends and numbers lie in columns of one width, so a place is found by binary
// search, and who wants only the ends touches nothing else.

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>

#include "absl/types/span.h"

#include "storage/graph/number.h"

namespace twingraph::graph {

// A relationship as one of its ends sees it.
struct Neighbour {
  NameNumber name{};
  TwinNumber other{};
  RelationshipNumber number{};

  friend auto operator<=>(const Neighbour&, const Neighbour&) = default;
};

// An owned list and its length; null bytes are the empty list.
struct PackedBytes {
  std::unique_ptr<char[]> bytes;
  size_t size = 0;
};

// REQUIRES: ascending, no two alike.
PackedBytes PackNeighbours(absl::Span<const Neighbour> neighbours);

class PackedList {
 public:
  // Of PackNeighbours, or null: the empty list.
  explicit PackedList(const char* bytes) {
    if (bytes != nullptr) {
      bytes_ = bytes;
      size_ = TakeVarint(bytes);
      name_count_ = TakeVarint(bytes);
      end_width_ = *bytes & 15;
      number_width_ = *bytes >> 4;
      names_ = bytes + 1;
    }
  }

  size_t size() const { return size_; }

  // Length of its bytes.
  size_t byte_count() const {
    return static_cast<size_t>(FindColumns().numbers - bytes_) +
           size_ * number_width_;
  }

  // Calls `visit` with each neighbour from `from` on in order until it returns
  // false; false if it did.
  template <typename Visit>
  bool VisitFrom(const Neighbour& from, Visit visit) const {
    const Columns columns = FindColumns();
    const char* at = names_;
    size_t begin = 0;
    for (size_t i = 0; i < name_count_; ++i) {
      const NameNumber name{static_cast<uint32_t>(TakeVarint(at))};
      const size_t end = begin + TakeVarint(at);
      if (name >= from.name) {
        size_t index =
            name == from.name ? LowerBound(columns, begin, end, from) : begin;
        for (; index < end; ++index) {
          if (!visit(Neighbour{name, EndAt(columns, index),
                               NumberAt(columns, index)})) {
            return false;
          }
        }
      }
      begin = end;
    }
    return true;
  }

  // Calls `visit` with the other ends of one name, or (0) of all, in order.
  template <typename Visit>
  void VisitEnds(NameNumber wanted, Visit visit) const {
    const Columns columns = FindColumns();
    const char* at = names_;
    size_t begin = 0;
    for (size_t i = 0; i < name_count_; ++i) {
      const NameNumber name{static_cast<uint32_t>(TakeVarint(at))};
      const size_t end = begin + TakeVarint(at);
      if (wanted == NameNumber{} || wanted == name) {
        for (size_t index = begin; index < end; ++index) {
          visit(EndAt(columns, index));
        }
      }
      begin = end;
    }
  }

  // Neighbours of one name, or (0) of all.
  size_t Count(NameNumber wanted) const;

 private:
  struct Columns {
    const char* ends = nullptr;
    const char* numbers = nullptr;
  };

  static size_t TakeVarint(const char*& at) {
    auto byte = static_cast<uint8_t>(*at++);
    size_t number = byte & 0x7F;
    for (int shift = 7; (byte & 0x80) != 0; shift += 7) {
      byte = static_cast<uint8_t>(*at++);
      number |= static_cast<size_t>(byte & 0x7F) << shift;
    }
    return number;
  }

  // The number of `width` bytes at `at`. Reads up to five bytes before it,
  // which belong to the list: its head is as long.
  static uint64_t Load(const char* at, size_t width) {
    uint64_t number = 0;
    std::memcpy(&number, at + width - sizeof(number), sizeof(number));
    return number >> (8 * (sizeof(number) - width));
  }

  Columns FindColumns() const {
    const char* at = names_;
    for (size_t i = 0; i < 2 * name_count_; ++i) {
      TakeVarint(at);
    }
    return {at, at + size_ * end_width_};
  }

  TwinNumber EndAt(const Columns& columns, size_t index) const {
    return TwinNumber{Load(columns.ends + index * end_width_, end_width_)};
  }

  RelationshipNumber NumberAt(const Columns& columns, size_t index) const {
    return RelationshipNumber{
        Load(columns.numbers + index * number_width_, number_width_)};
  }

  // The first of [begin, end), all of from.name, that is not before `from`.
  size_t LowerBound(const Columns& columns, size_t begin, size_t end,
                    const Neighbour& from) const;

  const char* bytes_ = nullptr;
  size_t size_ = 0;
  size_t name_count_ = 0;
  size_t end_width_ = 0;
  size_t number_width_ = 0;
  const char* names_ = nullptr;
};

}  // namespace twingraph::graph
