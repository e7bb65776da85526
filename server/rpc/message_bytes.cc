#include "server/rpc/message_bytes.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/io/coded_stream.h"
#include "grpcpp/support/proto_buffer_reader.h"
#include "grpcpp/support/slice.h"

#include "server/rpc/wire_check.h"
#include "storage/base/status.h"

namespace twingraph::rpc {
namespace {

// A level of JSON in a Struct takes three levels of messages.
constexpr int kDepthLimit = 400;
// Shorter ones are cheaper to copy than to own.
constexpr size_t kCopyLimit = 1024;

bool Parse(const grpc::ByteBuffer& bytes, google::protobuf::Message& message) {
  // The reader takes a pointer that it does not write through.
  grpc::ProtoBufferReader reader(const_cast<grpc::ByteBuffer*>(&bytes));
  if (!reader.status().ok()) {
    return false;
  }
  google::protobuf::io::CodedInputStream input(&reader);
  input.SetRecursionLimit(kDepthLimit);
  return message.ParseFromCodedStream(&input) && input.ConsumedEntireMessage();
}

absl::Status WhyNot(const grpc::ByteBuffer& bytes,
                    const google::protobuf::Message& message) {
  const auto& type = *message.GetDescriptor();
  const std::string field = FindInvalidUtf8(type, FlatBytes(bytes));
  if (!field.empty()) {
    return InvalidArgument(
        v1::ERROR_REASON_INVALID_UTF8,
        absl::StrCat("the field ", field, " of ", type.full_name(),
                     " is not valid UTF-8"),
        {{"message", type.full_name()}, {"field", field}});
  }
  return InvalidArgument(
      v1::ERROR_REASON_MALFORMED_MESSAGE,
      absl::StrCat("the ", bytes.Length(), " bytes received are no valid ",
                   type.full_name(), ", or it is nested too deeply"),
      {{"message", type.full_name()}, {"bytes", absl::StrCat(bytes.Length())}});
}

}  // namespace

absl::Status ReadMessage(const grpc::ByteBuffer& bytes, size_t limit_bytes,
                         google::protobuf::Message& message) {
  if (bytes.Length() > limit_bytes) {
    return MakeError(
        absl::StatusCode::kResourceExhausted,
        v1::ERROR_REASON_MESSAGE_TOO_LARGE,
        absl::StrCat("a message of ", bytes.Length(),
                     " bytes is larger than the limit of ", limit_bytes,
                     "; send less at once, or start the server with a larger "
                     "--message-bytes"),
        {{"bytes", absl::StrCat(bytes.Length())},
         {"limit_bytes", absl::StrCat(limit_bytes)}});
  }
  return Parse(bytes, message) ? absl::OkStatus() : WhyNot(bytes, message);
}

grpc::ByteBuffer ToByteBuffer(std::string bytes) {
  if (bytes.size() <= kCopyLimit) {
    const grpc::Slice slice(bytes.data(), bytes.size());
    return grpc::ByteBuffer(&slice, 1);
  }
  auto* owner = new std::string(std::move(bytes));
  const grpc::Slice slice(
      owner->data(), owner->size(),
      [](void* user_data) { delete static_cast<std::string*>(user_data); },
      owner);
  return grpc::ByteBuffer(&slice, 1);
}

std::string FlatBytes(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string flat;
  flat.reserve(buffer.Length());
  if (buffer.Dump(&slices).ok()) {
    for (const grpc::Slice& slice : slices) {
      flat.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
    }
  }
  return flat;
}

}  // namespace twingraph::rpc
