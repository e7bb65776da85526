#include "server/rpc/raw_service.h"

#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"
#include "grpcpp/impl/codegen/server_callback_handlers.h"
#include "grpcpp/impl/rpc_service_method.h"

#include "storage/base/log.h"

namespace twingraph::rpc {
namespace {

using grpc::ByteBuffer;
using grpc::internal::RpcMethod;

RpcMethod::RpcType TypeOf(const google::protobuf::MethodDescriptor& method) {
  if (method.client_streaming()) {
    return method.server_streaming() ? RpcMethod::BIDI_STREAMING
                                     : RpcMethod::CLIENT_STREAMING;
  }
  return method.server_streaming() ? RpcMethod::SERVER_STREAMING
                                   : RpcMethod::NORMAL_RPC;
}

[[noreturn]] void Stop(absl::string_view problem, absl::string_view method) {
  LogError("service_not_complete", {{"problem", problem}, {"method", method}});
  FlushLog();
  std::abort();
}

}  // namespace

RawService::RawService(const google::protobuf::ServiceDescriptor& descriptor)
    : descriptor_(descriptor),
      bound_(static_cast<size_t>(descriptor.method_count()), false) {
  for (int i = 0; i < descriptor.method_count(); ++i) {
    const auto& method = *descriptor.method(i);
    paths_.push_back(std::make_unique<std::string>(
        absl::StrCat("/", descriptor.full_name(), "/", method.name())));
    AddMethod(new grpc::internal::RpcServiceMethod(
        paths_.back()->c_str(), TypeOf(method), /*handler=*/nullptr));
  }
}

int RawService::Claim(absl::string_view method, bool client_streams,
                      bool server_streams) {
  const auto* found = descriptor_.FindMethodByName(std::string(method));
  if (found == nullptr) {
    Stop("no such method", absl::StrCat(name(), "/", method));
  }
  if (found->client_streaming() != client_streams ||
      found->server_streaming() != server_streams) {
    Stop("handler of another shape", found->full_name());
  }
  const size_t index = static_cast<size_t>(found->index());
  if (bound_[index]) {
    Stop("bound twice", found->full_name());
  }
  bound_[index] = true;
  return found->index();
}

void RawService::Bind(absl::string_view method, UnaryHandler handler) {
  const int index =
      Claim(method, /*client_streams=*/false, /*server_streams=*/false);
  MarkMethodRawCallback(
      index, new grpc::internal::CallbackUnaryHandler<ByteBuffer, ByteBuffer>(
                 std::move(handler)));
}

void RawService::Bind(absl::string_view method, ServerStreamHandler handler) {
  const int index =
      Claim(method, /*client_streams=*/false, /*server_streams=*/true);
  MarkMethodRawCallback(
      index, new grpc::internal::CallbackServerStreamingHandler<ByteBuffer,
                                                                ByteBuffer>(
                 std::move(handler)));
}

void RawService::Bind(absl::string_view method, BidiHandler handler) {
  const int index =
      Claim(method, /*client_streams=*/true, /*server_streams=*/true);
  MarkMethodRawCallback(
      index, new grpc::internal::CallbackBidiHandler<ByteBuffer, ByteBuffer>(
                 std::move(handler)));
}

void RawService::CheckAllBound() const {
  for (size_t i = 0; i < bound_.size(); ++i) {
    if (!bound_[i]) {
      Stop("unbound", descriptor_.method(static_cast<int>(i))->full_name());
    }
  }
}

}  // namespace twingraph::rpc
