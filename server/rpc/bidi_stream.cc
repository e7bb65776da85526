#include "server/rpc/bidi_stream.h"

#include <deque>
#include <iterator>
#include <optional>

#include "absl/time/clock.h"
#include "grpcpp/alarm.h"

#include "server/rpc/message_bytes.h"
#include "storage/base/mutex.h"
#include "storage/base/status.h"

namespace twingraph::rpc {
namespace {

// Replies that may wait while more is handled.
constexpr size_t kOutboxLimit = 256;

// The reactor of one stream: a reading loop, a handling loop and a writing
// loop, each with one thing going on at a time. Every change of state ends in
// Advance, which decides under the lock what begins next and begins it outside.
//
// Lives until gRPC is done with it and nobody holds its closer.
class BidiCall final
    : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>,
      public std::enable_shared_from_this<BidiCall> {
 public:
  BidiCall(const CallEnvironment& environment, const BidiMethod& method,
           grpc::CallbackServerContext& transport)
      : method_(method),
        transport_(transport),
        call_(environment, method.name, transport, absl::InfiniteDuration()) {}

  void Start();
  // As StreamCloser.
  void Close(std::string last_message, const absl::Status& status);

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  // What begins next, found under the lock.
  struct Steps {
    bool read = false;
    bool write = false;
    bool handle = false;
    bool finish = false;
  };

  void Advance();
  Steps NextSteps() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Begin(const Steps& steps);
  void EndAs(const absl::Status& status) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void HandleInbox();
  absl::Status HandleBatch(const std::deque<grpc::ByteBuffer>& batch,
                           std::vector<std::string>& replies);
  void Schedule();
  void WatchIdle();
  void OnIdleAlarm();

  bool MayRead() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return !end_.has_value() && !is_reading_ && !is_read_closed_ &&
           inbox_.size() < method_.options.window_messages &&
           inbox_bytes_ < method_.options.window_bytes;
  }

  const BidiMethod& method_;
  const grpc::CallbackServerContext& transport_;
  Call call_;
  std::shared_ptr<BidiCall> self_;  // until OnDone
  // Used by the handling loop only.
  std::unique_ptr<MessageHandler> handler_;
  bool is_admitted_ = false;
  // Used by the reading and the writing loop only.
  grpc::ByteBuffer incoming_;
  grpc::ByteBuffer outgoing_;
  grpc::Alarm idle_alarm_;

  Mutex mutex_;
  std::deque<grpc::ByteBuffer> inbox_ ABSL_GUARDED_BY(mutex_);
  size_t inbox_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  std::deque<std::string> outbox_ ABSL_GUARDED_BY(mutex_);
  std::string last_message_ ABSL_GUARDED_BY(mutex_);
  bool is_reading_ ABSL_GUARDED_BY(mutex_) = false;
  bool is_read_closed_ ABSL_GUARDED_BY(mutex_) = false;
  bool is_handling_ ABSL_GUARDED_BY(mutex_) = false;
  bool is_writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool is_finished_ ABSL_GUARDED_BY(mutex_) = false;
  bool is_done_ ABSL_GUARDED_BY(mutex_) = false;
  // Operations that are about to begin: the call must not finish under them.
  int beginning_ ABSL_GUARDED_BY(mutex_) = 0;
  // How the stream will end; set once.
  std::optional<absl::Status> end_ ABSL_GUARDED_BY(mutex_);
  absl::Time last_read_ ABSL_GUARDED_BY(mutex_);
};

// Does not keep the stream's reactor alive.
class Closer final : public StreamCloser {
 public:
  explicit Closer(std::weak_ptr<BidiCall> call) : call_(std::move(call)) {}

  void Close(std::string last_message, const absl::Status& status) override {
    if (const auto call = call_.lock()) {
      call->Close(std::move(last_message), status);
    }
  }

 private:
  const std::weak_ptr<BidiCall> call_;
};

void BidiCall::Start() {
  self_ = shared_from_this();
  handler_ = method_.open(std::make_shared<Closer>(weak_from_this()));
  {
    MutexLock lock(mutex_);
    last_read_ = absl::Now();
    if (!call_.admission().ok()) {
      EndAs(call_.admission());
    }
  }
  WatchIdle();
  Advance();
}

void BidiCall::Close(std::string last_message, const absl::Status& status) {
  {
    MutexLock lock(mutex_);
    if (!end_.has_value()) {
      last_message_ = std::move(last_message);
      EndAs(status);
    }
  }
  Advance();
}

void BidiCall::OnReadDone(bool ok) {
  {
    MutexLock lock(mutex_);
    is_reading_ = false;
    is_read_closed_ = !ok;
    last_read_ = absl::Now();
    if (ok && !end_.has_value()) {
      inbox_bytes_ += incoming_.Length();
      inbox_.emplace_back();
      inbox_.back().Swap(&incoming_);
    }
    if (!ok && transport_.IsCancelled()) {
      EndAs(absl::CancelledError("the client gave up"));
    }
    // Under the lock: once it is free, another thread may begin the next read.
    incoming_.Clear();
  }
  Advance();
}

void BidiCall::OnWriteDone(bool ok) {
  {
    MutexLock lock(mutex_);
    is_writing_ = false;
    if (!ok) {
      outbox_.clear();
      last_message_.clear();
      EndAs(absl::CancelledError("the client went away"));
    }
  }
  Advance();
}

void BidiCall::OnCancel() {
  call_.Cancel();
  {
    MutexLock lock(mutex_);
    outbox_.clear();
    last_message_.clear();
    EndAs(absl::CancelledError("the client gave up"));
  }
  Advance();
}

void BidiCall::OnDone() {
  {
    MutexLock lock(mutex_);
    is_done_ = true;
  }
  // What a handler releases may block or ask for a lock of whoever closes the
  // stream right now. And whoever still holds a closer keeps the memory of this
  // object, nothing else.
  method_.executor->Continue([handler = std::move(handler_)] {});
  const std::shared_ptr<BidiCall> last = std::move(self_);
}

void BidiCall::Advance() {
  Steps steps;
  {
    MutexLock lock(mutex_);
    steps = NextSteps();
  }
  Begin(steps);
}

BidiCall::Steps BidiCall::NextSteps() {
  Steps steps;
  if (is_finished_) {
    return steps;
  }
  if (is_read_closed_ && inbox_.empty() && !is_handling_) {
    EndAs(absl::OkStatus());
  }
  if (end_.has_value() && !is_handling_ && !last_message_.empty()) {
    outbox_.push_back(std::exchange(last_message_, {}));
  }
  if (!is_writing_ && !outbox_.empty()) {
    is_writing_ = steps.write = true;
    std::string bytes = std::move(outbox_.front());
    outbox_.pop_front();
    outgoing_ = ToByteBuffer(std::move(bytes));
  }
  if (!end_.has_value() && !is_handling_ && !inbox_.empty() &&
      outbox_.size() < kOutboxLimit) {
    is_handling_ = steps.handle = true;
  }
  if (MayRead()) {
    is_reading_ = steps.read = true;
  }
  if (end_.has_value() && !is_handling_ && !is_writing_ && beginning_ == 0) {
    is_finished_ = steps.finish = true;
  }
  beginning_ += (steps.read ? 1 : 0) + (steps.write ? 1 : 0);
  return steps;
}

void BidiCall::Begin(const Steps& steps) {
  if (steps.finish) {
    absl::Status status;
    {
      MutexLock lock(mutex_);
      status = *end_;
    }
    Finish(call_.End(status));
    return;  // The object may be gone.
  }
  if (steps.handle) {
    Schedule();
  }
  if (!steps.read && !steps.write) {
    return;
  }
  if (steps.read) {
    StartRead(&incoming_);
  }
  if (steps.write) {
    StartWrite(&outgoing_);
  }
  {
    MutexLock lock(mutex_);
    beginning_ -= (steps.read ? 1 : 0) + (steps.write ? 1 : 0);
  }
  Advance();
}

void BidiCall::EndAs(const absl::Status& status) {
  if (!end_.has_value()) {
    end_ = status;
    inbox_.clear();
    inbox_bytes_ = 0;
  }
}

void BidiCall::Schedule() {
  auto work = [call = shared_from_this()] { call->HandleInbox(); };
  if (is_admitted_) {
    return method_.executor->Continue(std::move(work));
  }
  is_admitted_ = true;
  if (absl::Status status = method_.executor->TrySubmit(std::move(work));
      !status.ok()) {
    {
      MutexLock lock(mutex_);
      is_handling_ = false;
      EndAs(status);
    }
    Advance();
  }
}

void BidiCall::HandleInbox() {
  std::deque<grpc::ByteBuffer> batch;
  {
    MutexLock lock(mutex_);
    batch.swap(inbox_);
    inbox_bytes_ = 0;
  }
  Advance();  // There is room to read again.
  std::vector<std::string> replies;
  const absl::Status status = HandleBatch(batch, replies);
  {
    MutexLock lock(mutex_);
    is_handling_ = false;
    std::move(replies.begin(), replies.end(), std::back_inserter(outbox_));
    if (!status.ok()) {
      EndAs(status);
    }
  }
  Advance();
}

absl::Status BidiCall::HandleBatch(const std::deque<grpc::ByteBuffer>& batch,
                                   std::vector<std::string>& replies) {
  std::vector<const google::protobuf::Message*> messages;
  absl::Status parsed;
  for (const grpc::ByteBuffer& bytes : batch) {
    auto* message = method_.request_type->New(&call_.arena());
    parsed =
        ReadMessage(bytes, call_.environment().message_limit_bytes, *message);
    if (!parsed.ok()) {
      break;  // What came before it is still handled.
    }
    messages.push_back(message);
  }
  absl::Status status;
  if (!messages.empty()) {
    status = handler_->Handle(call_, messages, replies);
  }
  call_.arena().Reset();
  return status.ok() ? parsed : status;
}

void BidiCall::WatchIdle() {
  if (method_.options.idle_limit == absl::InfiniteDuration()) {
    return;
  }
  absl::Time due;
  {
    MutexLock lock(mutex_);
    if (is_done_) {
      return;
    }
    due = last_read_ + method_.options.idle_limit;
  }
  // The alarm belongs to this object, so what it calls may not.
  idle_alarm_.Set(absl::ToChronoTime(due),
                  [weak = weak_from_this()](bool is_due) {
                    const auto call = weak.lock();
                    if (is_due && call != nullptr) {
                      call->OnIdleAlarm();
                    }
                  });
}

void BidiCall::OnIdleAlarm() {
  bool is_idle = false;
  {
    MutexLock lock(mutex_);
    const absl::Time now = absl::Now();
    if (!is_reading_ || is_handling_) {
      last_read_ = now;  // It is the client that waits.
    }
    is_idle = now >= last_read_ + method_.options.idle_limit;
  }
  if (is_idle) {
    return Close("", MakeError(absl::StatusCode::kDeadlineExceeded,
                               v1::ERROR_REASON_CALL_ENDED,
                               "no message came for too long"));
  }
  WatchIdle();
}

}  // namespace

BidiHandler HandleBidi(const CallEnvironment& environment, BidiMethod method) {
  auto shared = std::make_shared<const BidiMethod>(std::move(method));
  return [&environment, shared](grpc::CallbackServerContext* transport) {
    const auto call =
        std::make_shared<BidiCall>(environment, *shared, *transport);
    call->Start();
    return call.get();
  };
}

}  // namespace twingraph::rpc
