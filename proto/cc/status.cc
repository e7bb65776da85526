#include "proto/cc/status.h"

#include <string>
#include <utility>

#include "absl/strings/cord.h"
#include "absl/strings/string_view.h"

#include "twingraph/internal/rpc_status.pb.h"

namespace twingraph {
namespace {

constexpr char kErrorInfo[] = "type.googleapis.com/google.rpc.ErrorInfo";
constexpr char kBadRequest[] = "type.googleapis.com/google.rpc.BadRequest";
// What the grpc-message trailer may take, percent-encoded.
constexpr size_t kMessageTrailerLimit = 1500;

// Room for one more detail, the bytes that frame it included.
int RoomIn(const internal::Status& details) {
  constexpr int kFrame = 8;
  return kDetailBytesLimit - static_cast<int>(details.ByteSizeLong()) - kFrame;
}

void AddDetail(absl::string_view url, std::string bytes,
               internal::Status& details) {
  google::protobuf::Any& any = *details.add_details();
  any.set_type_url(url.data(), url.size());
  any.set_value(std::move(bytes));
}

int SizeOf(absl::string_view url, size_t bytes) {
  return static_cast<int>(url.size() + bytes);
}

void AddErrorInfo(std::string bytes, internal::Status& details) {
  if (SizeOf(kErrorInfo, bytes.size()) > RoomIn(details)) {
    internal::ErrorInfo info;
    info.ParseFromString(bytes);
    info.clear_metadata();
    bytes = info.SerializeAsString();
  }
  AddDetail(kErrorInfo, std::move(bytes), details);
}

void AddBadRequest(std::string bytes, internal::Status& details) {
  if (SizeOf(kBadRequest, bytes.size()) > RoomIn(details)) {
    internal::BadRequest request;
    request.ParseFromString(bytes);
    while (request.field_violations_size() > 0 &&
           SizeOf(kBadRequest, request.ByteSizeLong()) > RoomIn(details)) {
      request.mutable_field_violations()->RemoveLast();
    }
    bytes = request.SerializeAsString();
  }
  AddDetail(kBadRequest, std::move(bytes), details);
}

// gRPC percent-encodes what is not printable ASCII, which triples it.
size_t EncodedSize(char c) {
  return c >= ' ' && c <= '~' && c != '%' ? 1 : 3;
}

// Cuts a message that would crowd out the details, between two characters.
std::string ForTrailer(absl::string_view message) {
  size_t encoded = 0;
  size_t end = 0;
  while (end < message.size() && encoded < kMessageTrailerLimit) {
    encoded += EncodedSize(message[end++]);
  }
  while (end > 0 && end < message.size() &&
         (static_cast<unsigned char>(message[end]) & 0xC0) == 0x80) {
    --end;
  }
  return std::string(message.substr(0, end));
}

}  // namespace

grpc::Status ToGrpcStatus(const absl::Status& status) {
  if (status.ok()) {
    return grpc::Status::OK;
  }
  const std::string message = ForTrailer(status.message());
  internal::Status details;
  details.set_code(static_cast<int>(status.code()));
  details.set_message(message);
  if (const auto info = status.GetPayload(kErrorInfo)) {
    AddErrorInfo(std::string(*info), details);
  }
  status.ForEachPayload([&](absl::string_view url, const absl::Cord& payload) {
    if (url == kBadRequest) {
      AddBadRequest(std::string(payload), details);
    } else if (url != kErrorInfo &&
               SizeOf(url, payload.size()) <= RoomIn(details)) {
      AddDetail(url, std::string(payload), details);
    }
  });
  return {static_cast<grpc::StatusCode>(status.code()), message,
          details.SerializeAsString()};
}

absl::Status FromGrpcStatus(const grpc::Status& status) {
  if (status.ok()) {
    return absl::OkStatus();
  }
  absl::Status result(static_cast<absl::StatusCode>(status.error_code()),
                      status.error_message());
  internal::Status details;
  if (details.ParseFromString(status.error_details())) {
    for (const google::protobuf::Any& any : details.details()) {
      result.SetPayload(any.type_url(),
                        absl::Cord(absl::string_view(any.value())));
    }
  }
  return result;
}

}  // namespace twingraph
