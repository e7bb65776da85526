#include "server/rpc/server_stream.h"

#include "server/rpc/message_bytes.h"
#include "server/rpc/read_request.h"
#include "storage/base/status.h"

namespace twingraph::rpc {
namespace {

// The bytes of a request and the message.
constexpr size_t kRequestFactor = 2;

// What a stream holds while its reader is slow: rows and documents that were
// read ahead, and a message.
constexpr size_t kStreamBytes = size_t{512} << 10;

// The reactor of one call. One activity at a time: a step on the executor, or a
// write in gRPC. Only the activity finishes the call; a cancellation makes it
// end sooner.
class StreamCall final : public grpc::ServerWriteReactor<grpc::ByteBuffer> {
 public:
  StreamCall(const CallEnvironment& environment,
             const ServerStreamMethod& method,
             grpc::CallbackServerContext& transport)
      : method_(method),
        call_(environment, method.name, transport, environment.stream_age) {}

  void Start(const grpc::ByteBuffer& request) {
    absl::Status status = ReadRequest(request, *method_.request_type,
                                      kRequestFactor, call_, request_);
    if (status.ok()) {
      status = method_.executor->TrySubmit([this] { Open(); });
    }
    if (!status.ok()) {
      End(status);
    }
  }

  void OnCancel() override { call_.Cancel(); }

  void OnWriteDone(bool ok) override {
    if (is_last_) {
      return;  // The call finishes by itself.
    }
    if (!ok) {
      call_.Cancel();
    }
    method_.executor->Continue([this] { Step(); });
  }

  void OnDone() override { delete this; }

 private:
  void Open() {
    if (call_.must_end_stream()) {
      return End(ShuttingDown());
    }
    absl::Status status = call_.context().Check();
    if (status.ok()) {
      status = call_.memory().Add(kStreamBytes);
    }
    if (!status.ok()) {
      return End(status);
    }
    auto source = method_.open(call_, *request_);
    if (!source.ok()) {
      return End(source.status());
    }
    source_ = *std::move(source);
    Step();
  }

  void Step() {
    if (absl::Status status = call_.context().Check(); !status.ok()) {
      return End(status);
    }
    std::string bytes;
    const absl::StatusOr<bool> more = source_->Next(call_, bytes);
    if (!more.ok()) {
      return End(more.status());
    }
    message_ = ToByteBuffer(std::move(bytes));
    if (*more) {
      return StartWrite(&message_);
    }
    is_last_ = true;
    source_.reset();
    StartWriteAndFinish(&message_, grpc::WriteOptions(),
                        call_.End(absl::OkStatus()));
  }

  // Nothing of this object may be touched after it.
  void End(const absl::Status& status) {
    source_.reset();
    Finish(call_.End(status));
  }

  const ServerStreamMethod& method_;
  Call call_;
  google::protobuf::Message* request_ = nullptr;  // on the call's arena
  std::unique_ptr<MessageSource> source_;
  grpc::ByteBuffer message_;
  bool is_last_ = false;
};

}  // namespace

ServerStreamHandler HandleServerStream(const CallEnvironment& environment,
                                       ServerStreamMethod method) {
  auto shared = std::make_shared<const ServerStreamMethod>(std::move(method));
  return [&environment, shared](grpc::CallbackServerContext* transport,
                                const grpc::ByteBuffer* request) {
    auto* call = new StreamCall(environment, *shared, *transport);
    call->Start(*request);
    return call;
  };
}

}  // namespace twingraph::rpc
