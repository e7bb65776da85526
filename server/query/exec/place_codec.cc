// Covered by tests/server/query/execution_test.cc.
#include "server/query/exec/place_codec.h"

namespace twingraph::query {

void AppendNumber(uint64_t number, std::string& out) {
  while (number >= 0x80) {
    out.push_back(static_cast<char>(number | 0x80));
    number >>= 7;
  }
  out.push_back(static_cast<char>(number));
}

void AppendBytes(absl::string_view bytes, std::string& out) {
  AppendNumber(bytes.size(), out);
  out.append(bytes.data(), bytes.size());
}

void AppendEdge(const EdgeRef& edge, std::string& out) {
  AppendNumber(edge.name, out);
  AppendNumber(edge.source, out);
  AppendNumber(edge.target, out);
  AppendNumber(edge.number, out);
}

bool TakeNumber(absl::string_view& in, uint64_t& number) {
  number = 0;
  for (int shift = 0; shift < 64 && !in.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(in.front());
    in.remove_prefix(1);
    number |= static_cast<uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) {
      return true;
    }
  }
  return false;
}

bool TakeBytes(absl::string_view& in, std::string& bytes) {
  uint64_t size = 0;
  if (!TakeNumber(in, size) || size > in.size()) {
    return false;
  }
  bytes = std::string(in.substr(0, size));
  in.remove_prefix(size);
  return true;
}

bool TakeEdge(absl::string_view& in, EdgeRef& edge) {
  uint64_t name = 0;
  const bool is_whole = TakeNumber(in, name) && TakeNumber(in, edge.source) &&
                        TakeNumber(in, edge.target) &&
                        TakeNumber(in, edge.number);
  edge.name = static_cast<NameNumber>(name);
  return is_whole;
}

}  // namespace twingraph::query
