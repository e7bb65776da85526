#include "server/rpc/wire_check.h"

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/wire_format_lite.h"

#include "storage/base/bytes.h"

namespace twingraph::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

// As deep as the parser goes.
constexpr int kDepthLimit = 400;

std::string Find(const Descriptor& type, absl::string_view bytes, int depth);

// What a length-delimited field says.
std::string FindInField(const FieldDescriptor& field, absl::string_view bytes,
                        int depth) {
  if (field.type() == FieldDescriptor::TYPE_STRING) {
    return IsValidUtf8(bytes) ? "" : field.name();
  }
  if (field.type() != FieldDescriptor::TYPE_MESSAGE) {
    return "";
  }
  const std::string inner = Find(*field.message_type(), bytes, depth + 1);
  return inner.empty() ? "" : absl::StrCat(field.name(), ".", inner);
}

std::string Find(const Descriptor& type, absl::string_view bytes, int depth) {
  if (depth > kDepthLimit) {
    return "";
  }
  CodedInputStream input(reinterpret_cast<const uint8_t*>(bytes.data()),
                         static_cast<int>(bytes.size()));
  while (const uint32_t tag = input.ReadTag()) {
    if (WireFormatLite::GetTagWireType(tag) !=
        WireFormatLite::WIRETYPE_LENGTH_DELIMITED) {
      if (!WireFormatLite::SkipField(&input, tag)) {
        return "";
      }
      continue;
    }
    uint32_t length = 0;
    const bool has_length = input.ReadVarint32(&length);
    const size_t start = static_cast<size_t>(input.CurrentPosition());
    if (!has_length || length > bytes.size() - start) {
      return "";
    }
    const auto* field =
        type.FindFieldByNumber(WireFormatLite::GetTagFieldNumber(tag));
    if (field != nullptr) {
      std::string found =
          FindInField(*field, bytes.substr(start, length), depth);
      if (!found.empty()) {
        return found;
      }
    }
    input.Skip(static_cast<int>(length));
  }
  return "";
}

}  // namespace

std::string FindInvalidUtf8(const Descriptor& type, absl::string_view bytes) {
  return Find(type, bytes, 0);
}

}  // namespace twingraph::rpc
