#include "tests/server/rpc/raw_client.h"

#include "grpcpp/client_context.h"
#include "grpcpp/completion_queue.h"
#include "grpcpp/generic/generic_stub.h"

#include "proto/cc/status.h"
#include "server/rpc/message_bytes.h"

namespace twingraph::rpc {
namespace {

// Waits for the one thing that goes on.
bool Wait(grpc::CompletionQueue& queue) {
  void* tag = nullptr;
  bool ok = false;
  return queue.Next(&tag, &ok) && ok;
}

}  // namespace

absl::Status CallRaw(const std::shared_ptr<grpc::Channel>& channel,
                     const std::string& method, absl::string_view bytes) {
  std::vector<std::string> answers;
  return StreamRaw(channel, method, {std::string(bytes)}, answers);
}

absl::Status StreamRaw(const std::shared_ptr<grpc::Channel>& channel,
                       const std::string& method,
                       const std::vector<std::string>& messages,
                       std::vector<std::string>& answers) {
  grpc::GenericStub stub(channel);
  grpc::ClientContext context;
  grpc::CompletionQueue queue;
  const auto stream = stub.PrepareCall(&context, method, &queue);
  stream->StartCall(nullptr);
  Wait(queue);
  for (const std::string& message : messages) {
    stream->Write(ToByteBuffer(message), nullptr);
    Wait(queue);
  }
  stream->WritesDone(nullptr);
  Wait(queue);
  grpc::ByteBuffer answer;
  stream->Read(&answer, nullptr);
  while (Wait(queue)) {
    answers.push_back(FlatBytes(answer));
    stream->Read(&answer, nullptr);
  }
  grpc::Status status;
  stream->Finish(&status, nullptr);
  Wait(queue);
  return FromGrpcStatus(status);
}

}  // namespace twingraph::rpc
