#include "server/rpc/unary.h"

#include <memory>

#include "server/rpc/message_bytes.h"
#include "server/rpc/read_request.h"

namespace twingraph::rpc {
namespace {

// The reactor of one call; deletes itself when gRPC is done with it.
class UnaryCall final : public grpc::ServerUnaryReactor {
 public:
  UnaryCall(const CallEnvironment& environment, const UnaryMethod& method,
            grpc::CallbackServerContext& transport, grpc::ByteBuffer& response)
      : method_(method),
        response_(response),
        call_(environment, method.name, transport, environment.call_deadline) {}

  void Start(const grpc::ByteBuffer& request) {
    if (absl::Status status =
            ReadRequest(request, *method_.request_type,
                        method_.costs.request_factor, call_, request_);
        !status.ok()) {
      return End(status);
    }
    if (TryInline()) {
      return;
    }
    if (method_.executor == nullptr) {
      return Run();
    }
    absl::Status status = method_.executor->TrySubmit([this] { Run(); });
    if (!status.ok()) {
      End(status);
    }
  }

  void OnCancel() override { call_.Cancel(); }

  void OnDone() override { delete this; }

  // What gRPC would hand to another thread for is next to nothing here: a flag
  // is set, or this object is deleted.
  bool InternalInlineable() override { return true; }

 private:
  // Returns whether the call was ended.
  bool TryInline() {
    if (!method_.inline_work) {
      return false;
    }
    const absl::StatusOr<bool> is_done =
        method_.inline_work(call_, *request_, bytes_);
    if (is_done.ok() && !*is_done) {
      return false;
    }
    Answer(is_done.status());
    return true;
  }

  void Run() {
    absl::Status status = call_.context().Check();
    if (status.ok() && method_.costs.is_page) {
      status = call_.memory().CheckRoom();
    }
    if (!status.ok()) {
      return End(status);
    }
    twingraph::Start(method_.work(call_, *request_, bytes_),
                     [this](const absl::Status& done) { Answer(done); });
  }

  void Answer(const absl::Status& status) {
    if (status.ok()) {
      call_.memory().Take(bytes_.capacity());
      response_ = ToByteBuffer(std::move(bytes_));
    }
    End(status);
  }

  // Nothing of this object may be touched after it.
  void End(const absl::Status& status) { Finish(call_.End(status)); }

  const UnaryMethod& method_;
  grpc::ByteBuffer& response_;
  Call call_;
  google::protobuf::Message* request_ = nullptr;  // on the call's arena
  std::string bytes_;                             // of the response
};

}  // namespace

UnaryHandler HandleUnary(const CallEnvironment& environment,
                         UnaryMethod method) {
  auto shared = std::make_shared<const UnaryMethod>(std::move(method));
  return [&environment, shared](grpc::CallbackServerContext* transport,
                                const grpc::ByteBuffer* request,
                                grpc::ByteBuffer* response) {
    auto* call = new UnaryCall(environment, *shared, *transport, *response);
    call->Start(*request);
    return call;
  };
}

}  // namespace twingraph::rpc
