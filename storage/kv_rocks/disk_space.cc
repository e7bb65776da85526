#include "storage/kv_rocks/disk_space.h"

#include <chrono>

#include "absl/strings/str_cat.h"

#include "storage/base/log.h"
#include "storage/base/status.h"

namespace twingraph::kv_rocks {
namespace {

constexpr int64_t kRefreshNanos = 100'000'000;

int64_t SteadyNanos() {
  return std::chrono::steady_clock::now().time_since_epoch().count();
}

}  // namespace

void DiskSpace::Refresh() const {
  uint64_t free_bytes = 0;
  if (!env_.GetFreeSpace(directory_, &free_bytes).ok()) {
    return;  // not known: writes themselves will tell
  }
  free_bytes_.store(free_bytes);
  const bool is_full =
      free_bytes < (is_full_.load() ? BytesToWriteAgain() : reserve_bytes_);
  if (is_full != is_full_.exchange(is_full)) {
    LogWarning(is_full ? "store_is_full" : "store_has_room_again",
               {{"free_bytes", absl::StrCat(free_bytes)},
                {"reserve_bytes", absl::StrCat(reserve_bytes_)}});
  }
}

absl::Status DiskSpace::CheckRoomToOpen(uint64_t needed_bytes) const {
  uint64_t free_bytes = 0;
  if (!env_.GetFreeSpace(directory_, &free_bytes).ok() ||
      free_bytes >= needed_bytes) {
    return absl::OkStatus();
  }
  return MakeError(
      absl::StatusCode::kResourceExhausted, v1::ERROR_REASON_STORE_FULL,
      absl::StrCat("the disk of the store is too full to open it for writing: ",
                   free_bytes, " bytes are free, and that takes ", needed_bytes,
                   "; make room"),
      {{"free_bytes", absl::StrCat(free_bytes)},
       {"needed_bytes", absl::StrCat(needed_bytes)}});
}

absl::Status DiskSpace::Check() const {
  if (reserve_bytes_ == 0) {
    return absl::OkStatus();
  }
  int64_t next = next_refresh_.load(std::memory_order_relaxed);
  const int64_t now = SteadyNanos();
  if (now >= next &&
      next_refresh_.compare_exchange_strong(next, now + kRefreshNanos)) {
    Refresh();
  }
  if (!is_full_.load(std::memory_order_relaxed)) {
    return absl::OkStatus();
  }
  const uint64_t free_bytes = free_bytes_.load();
  return MakeError(absl::StatusCode::kResourceExhausted,
                   v1::ERROR_REASON_STORE_FULL,
                   absl::StrCat("the disk of the store is full: ", free_bytes,
                                " bytes are free, and writes come back with ",
                                BytesToWriteAgain(), " (--disk-reserve and a ",
                                "quarter more); make room"),
                   {{"free_bytes", absl::StrCat(free_bytes)},
                    {"needed_bytes", absl::StrCat(BytesToWriteAgain())},
                    {"reserve_bytes", absl::StrCat(reserve_bytes_)}});
}

}  // namespace twingraph::kv_rocks
