#include "bench/load/call_loop.h"

#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace twingraph::bench {
namespace {

// One call in flight; started again as soon as it ends.
struct Slot {
  std::optional<grpc::ClientContext> context;
  std::unique_ptr<grpc::GenericClientAsyncResponseReader> reader;
  grpc::ByteBuffer response;
  grpc::Status status;
  absl::Time start;
};

class Loop {
 public:
  Loop(grpc::GenericStub& stub, const CallPlan& plan)
      : stub_(stub), plan_(plan) {}

  absl::StatusOr<LoopResult> Run(int in_flight, absl::Duration length) {
    std::vector<std::unique_ptr<Slot>> slots;
    const absl::Time begin = absl::Now();
    for (int i = 0; i < in_flight; ++i) {
      slots.push_back(std::make_unique<Slot>());
      Start(*slots.back());
    }
    const absl::Time end = begin + length;
    void* tag = nullptr;
    bool is_ok = false;
    while (open_ > 0 && queue_.Next(&tag, &is_ok)) {
      Finish(*static_cast<Slot*>(tag), end);
    }
    result_.elapsed = absl::Now() - begin;
    queue_.Shutdown();
    while (queue_.Next(&tag, &is_ok)) {
    }
    if (!failure_.ok()) {
      return failure_;
    }
    return std::move(result_);
  }

 private:
  void Start(Slot& slot) {
    slot.context.emplace();
    slot.start = absl::Now();
    slot.reader = stub_.PrepareUnaryCall(&*slot.context, plan_.method,
                                         plan_.requests[next_], &queue_);
    next_ = (next_ + 1) % plan_.requests.size();
    slot.reader->StartCall();
    slot.reader->Finish(&slot.response, &slot.status, &slot);
    ++open_;
  }

  void Finish(Slot& slot, absl::Time end) {
    --open_;
    const absl::Time now = absl::Now();
    if (!slot.status.ok()) {
      failure_ = absl::Status(
          static_cast<absl::StatusCode>(slot.status.error_code()),
          absl::StrCat(plan_.method, ": ", slot.status.error_message()));
      return;
    }
    ++result_.calls;
    result_.latencies.push_back(now - slot.start);
    if (now < end && failure_.ok()) {
      Start(slot);
    }
  }

  grpc::GenericStub& stub_;
  const CallPlan& plan_;
  grpc::CompletionQueue queue_;
  LoopResult result_;
  absl::Status failure_;
  size_t next_ = 0;
  int open_ = 0;
};

}  // namespace

absl::StatusOr<LoopResult> RunCalls(grpc::GenericStub& stub,
                                    const CallPlan& plan, int in_flight,
                                    absl::Duration length) {
  return Loop(stub, plan).Run(in_flight, length);
}

}  // namespace twingraph::bench
