#include "client/connector_stream.h"

#include <algorithm>
#include <set>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/time/clock.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/sync_stream.h"

#include "proto/cc/status.h"
#include "storage/base/mutex.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "twingraph/v1/connector.grpc.pb.h"

namespace twingraph::client {

struct ConnectorStream::Call {
  grpc::ClientContext context;
  std::unique_ptr<v1::ConnectorService::Stub> stub;
  std::unique_ptr<
      grpc::ClientReaderWriter<v1::ConnectRequest, v1::ConnectResponse>>
      stream;
  std::thread reader;
  // Of the sending thread only.
  uint64_t last_sent = 0;
  absl::Time last_send_time = absl::Now();
  bool is_finished = false;

  Mutex mutex;
  CondVar changed;
  // Frames up to here are answered.
  uint64_t last_answered ABSL_GUARDED_BY(mutex) = 0;
  // Frames beyond that which were refused.
  std::set<uint64_t> refused ABSL_GUARDED_BY(mutex);
  bool is_draining ABSL_GUARDED_BY(mutex) = false;
  bool is_ended ABSL_GUARDED_BY(mutex) = false;
  absl::Status status ABSL_GUARDED_BY(mutex);

  // For who had more to say: an error also where the server ended in order.
  absl::Status HowItEnded() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
    return !status.ok() ? status
                        : MakeError(absl::StatusCode::kUnavailable,
                                    v1::ERROR_REASON_SHUTTING_DOWN,
                                    "the server has ended the stream");
  }
};

absl::StatusOr<std::unique_ptr<ConnectorStream>> ConnectorStream::Open(
    const Connection& connection, v1::Hello hello, ConnectorHandlers handlers) {
  auto call = std::make_unique<Call>();
  connection.Prepare(call->context);
  call->stub = v1::ConnectorService::NewStub(connection.channel());
  call->stream = call->stub->Connect(&call->context);
  v1::ConnectRequest first;
  first.set_sequence(++call->last_sent);
  *first.mutable_hello() = std::move(hello);
  v1::ConnectResponse answer;
  if (!call->stream->Write(first) || !call->stream->Read(&answer)) {
    absl::Status status = FromGrpcStatus(call->stream->Finish());
    return status.ok() ? Internal("the server ended the stream at the hello")
                       : status;
  }
  {
    MutexLock lock(call->mutex);
    call->last_answered = call->last_sent;
  }
  return std::unique_ptr<ConnectorStream>(
      new ConnectorStream(std::move(call), std::move(*answer.mutable_welcome()),
                          std::move(handlers)));
}

ConnectorStream::ConnectorStream(std::unique_ptr<Call> call,
                                 v1::Welcome welcome,
                                 ConnectorHandlers handlers)
    : call_(std::move(call)),
      welcome_(std::move(welcome)),
      handlers_(std::move(handlers)) {
  call_->reader = std::thread([this] { Read(); });
}

ConnectorStream::~ConnectorStream() {
  if (!call_->is_finished) {
    call_->context.TryCancel();
    call_->reader.join();
  }
}

absl::StatusOr<uint64_t> ConnectorStream::Send(v1::ConnectRequest frame) {
  const uint64_t window =
      static_cast<uint64_t>(std::max(welcome_.frame_window(), 1));
  {
    MutexLock lock(call_->mutex);
    while (!call_->is_ended && !call_->is_draining &&
           call_->last_sent - call_->last_answered >= window) {
      call_->changed.Wait(call_->mutex);
    }
    if (call_->is_draining) {
      return Aborted(v1::ERROR_REASON_SHUTTING_DOWN, "the server is stopping");
    }
    if (call_->is_ended) {
      return call_->HowItEnded();
    }
  }
  frame.set_sequence(++call_->last_sent);
  call_->last_send_time = absl::Now();
  if (!call_->stream->Write(frame)) {
    // The stream has ended; the reader is about to know how.
    MutexLock lock(call_->mutex);
    while (!call_->is_ended) {
      call_->changed.Wait(call_->mutex);
    }
    return call_->HowItEnded();
  }
  return frame.sequence();
}

absl::Status ConnectorStream::KeepAlive() {
  const absl::Duration interval =
      absl::Seconds(welcome_.heartbeat_interval().seconds()) +
      absl::Nanoseconds(welcome_.heartbeat_interval().nanos());
  if (interval <= absl::ZeroDuration() ||
      absl::Now() - call_->last_send_time < interval) {
    return absl::OkStatus();
  }
  v1::ConnectRequest frame;
  frame.mutable_heartbeat();
  return Send(std::move(frame)).status();
}

absl::Status ConnectorStream::WaitAnswered(absl::Duration timeout) {
  const absl::Time until = absl::Now() + timeout;
  MutexLock lock(call_->mutex);
  while (!call_->is_ended && call_->last_answered < call_->last_sent) {
    if (!call_->changed.WaitFor(call_->mutex, until - absl::Now()) &&
        absl::Now() >= until) {
      return MakeError(absl::StatusCode::kDeadlineExceeded,
                       v1::ERROR_REASON_CALL_ENDED,
                       "the server did not answer every frame in time");
    }
  }
  return call_->last_answered < call_->last_sent ? call_->HowItEnded()
                                                 : absl::OkStatus();
}

absl::Status ConnectorStream::Finish() {
  call_->stream->WritesDone();
  call_->reader.join();
  call_->is_finished = true;
  MutexLock lock(call_->mutex);
  return call_->status;
}

void ConnectorStream::Read() {
  v1::ConnectResponse answer;
  while (call_->stream->Read(&answer)) {
    Handle(answer);
  }
  absl::Status status = FromGrpcStatus(call_->stream->Finish());
  MutexLock lock(call_->mutex);
  call_->status = std::move(status);
  call_->is_ended = true;
  call_->changed.NotifyAll();
}

void ConnectorStream::Handle(const v1::ConnectResponse& answer) {
  if (answer.has_ack() && handlers_.on_ack) {
    handlers_.on_ack(answer.ack());
  } else if (answer.has_nack() && handlers_.on_nack) {
    handlers_.on_nack(answer.nack());
  } else if (answer.has_snapshot_requested() &&
             handlers_.on_snapshot_requested) {
    handlers_.on_snapshot_requested(answer.snapshot_requested());
  } else if (answer.has_drain() && handlers_.on_drain) {
    handlers_.on_drain(answer.drain());
  }
  MutexLock lock(call_->mutex);
  if (answer.has_ack()) {
    call_->last_answered =
        std::max<uint64_t>(call_->last_answered, answer.ack().sequence());
  } else if (answer.has_nack()) {
    call_->refused.insert(answer.nack().sequence());
  }
  // A refusal counts once all before it is answered.
  while (!call_->refused.empty() &&
         *call_->refused.begin() <= call_->last_answered + 1) {
    call_->last_answered =
        std::max(call_->last_answered, *call_->refused.begin());
    call_->refused.erase(call_->refused.begin());
  }
  call_->is_draining = call_->is_draining || answer.has_drain();
  call_->changed.NotifyAll();
}

}  // namespace twingraph::client
