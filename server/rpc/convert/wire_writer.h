#pragma once

// Writes the bytes of protobuf messages without building messages: responses
// are written straight from what the store holds. As in proto3, a scalar field
// that has its default is left out. Not shared between threads.

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace twingraph::rpc {

class WireWriter {
 public:
  // Appends to `out`, which outlives the writer.
  explicit WireWriter(std::string& out) : out_(out) {}

  void Int(int field, int64_t value);
  // The same wire form for int32, int64, uint64, bool and enumerations.
  void Uint(int field, uint64_t value);

  void Bool(int field, bool value) { Uint(field, value ? 1 : 0); }

  void Double(int field, double value);
  void String(int field, absl::string_view value);

  // Members of a oneof are written also where they have their default.
  void OneofUint(int field, uint64_t value);
  void OneofDouble(int field, double value);
  void OneofString(int field, absl::string_view value);

  // Begins a message in `field`; what is written until End(mark) is its
  // content. Messages nest.
  size_t Begin(int field);
  void End(size_t mark);

  // A message whose bytes exist.
  void Message(int field, absl::string_view bytes) {
    OneofString(field, bytes);
  }

 private:
  void Tag(int field, int wire_type);
  void Varint(uint64_t value);

  std::string& out_;
};

// Writes a message in `field` with the content that `write` writes.
template <typename Write>
void WriteMessage(WireWriter& writer, int field, Write write) {
  const size_t mark = writer.Begin(field);
  write();
  writer.End(mark);
}

}  // namespace twingraph::rpc
