#pragma once

// A service whose methods take and give bytes, so that bytes which do not parse
// get a proper error from us: stock services answer them with a bare
// UNIMPLEMENTED, and end a stream as if the client had closed it.
//
// The only file that names grpc::internal. Built once at start, then immutable;
// the handlers are called from gRPC's threads.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "grpcpp/impl/service_type.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"

namespace twingraph::rpc {

// What answers one call of a method of each shape. The request lives until the
// reactor is done.
using UnaryHandler = std::function<grpc::ServerUnaryReactor*(
    grpc::CallbackServerContext*, const grpc::ByteBuffer*, grpc::ByteBuffer*)>;
using ServerStreamHandler =
    std::function<grpc::ServerWriteReactor<grpc::ByteBuffer>*(
        grpc::CallbackServerContext*, const grpc::ByteBuffer*)>;
using BidiHandler =
    std::function<grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>*(
        grpc::CallbackServerContext*)>;

class RawService : public grpc::Service {
 public:
  // The service that `descriptor` describes, with every method still unbound.
  explicit RawService(const google::protobuf::ServiceDescriptor& descriptor);

  // Makes `handler` answer a method. Ends the process, as a defect of the
  // program, if there is no such method, if it has another shape, or if it is
  // bound already.
  void Bind(absl::string_view method, UnaryHandler handler);
  void Bind(absl::string_view method, ServerStreamHandler handler);
  void Bind(absl::string_view method, BidiHandler handler);

  // Ends the process if a method is unbound. The server calls it before it
  // starts.
  void CheckAllBound() const;

  // Full name, "twingraph.v1.TwinService".
  const std::string& name() const { return descriptor_.full_name(); }

 private:
  // Index of the method, after all checks.
  int Claim(absl::string_view method, bool client_streams, bool server_streams);

  const google::protobuf::ServiceDescriptor& descriptor_;
  // gRPC borrows the paths.
  std::vector<std::unique_ptr<std::string>> paths_;
  std::vector<bool> bound_;
};

}  // namespace twingraph::rpc
