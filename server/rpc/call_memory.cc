#include "server/rpc/call_memory.h"

#include "absl/time/time.h"

#include "storage/base/status.h"

namespace twingraph::rpc {
namespace {

// Calls are short: by then many have ended.
constexpr absl::Duration kRetryDelay = absl::Milliseconds(100);

absl::Status NoRoom() {
  return Overloaded("the memory of calls (a share of --memory-budget)",
                    kRetryDelay);
}

}  // namespace

CallMemory::Hold::~Hold() {
  if (memory_ != nullptr) {
    memory_->used_.fetch_sub(bytes_);
  }
}

absl::Status CallMemory::Hold::Add(size_t bytes) {
  if (memory_ == nullptr) {
    return absl::OkStatus();
  }
  const size_t before = memory_->used_.fetch_add(bytes);
  if (before - bytes_ > 0 && before + bytes > memory_->limit_) {
    memory_->used_.fetch_sub(bytes);
    return NoRoom();
  }
  bytes_ += bytes;
  return absl::OkStatus();
}

void CallMemory::Hold::Take(size_t bytes) {
  if (memory_ != nullptr) {
    memory_->used_.fetch_add(bytes);
    bytes_ += bytes;
  }
}

absl::Status CallMemory::Hold::CheckRoom() const {
  return memory_ != nullptr && memory_->used_ > memory_->limit_
             ? NoRoom()
             : absl::OkStatus();
}

}  // namespace twingraph::rpc
