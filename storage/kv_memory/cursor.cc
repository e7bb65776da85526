// Covered by tests/conformance/kv.
#include "storage/kv_memory/cursor.h"

#include <algorithm>
#include <string>

namespace twingraph::kv_memory {
namespace {

constexpr size_t kBatchRows = 32;

}  // namespace

bool MemoryCursor::Next() {
  if (is_started_ && at_ < rows_.size()) {
    ++at_;
  }
  is_started_ = true;
  while (at_ == rows_.size()) {
    if (range_ < ranges_.size() && is_exhausted_) {
      ++range_;
      is_exhausted_ = false;
    }
    if (range_ == ranges_.size() || !Fill()) {
      return false;
    }
  }
  return true;
}

bool MemoryCursor::Fill() {
  rows_.clear();
  at_ = 0;
  status_ = ctx_.Check();
  if (!status_.ok()) {
    return false;
  }
  kv::Range& range = ranges_[range_];
  {
    SharedRows& shared = hold_->shared();
    MutexLock lock(shared.mutex);
    rows_ =
        shared.rows.Read(space_, range, order_, hold_->revision(), kBatchRows);
  }
  is_exhausted_ = rows_.size() < kBatchRows;
  if (!rows_.empty()) {
    range = order_ == kv::Order::kAscending
                ? kv::Range::After(range, rows_.back().key)
                : kv::Range::Before(range, rows_.back().key);
  }
  return true;
}

void MemoryCursor::Seek(absl::string_view key) {
  if (range_ == ranges_.size()) {
    return;
  }
  const bool ascending = order_ == kv::Order::kAscending;
  const auto is_behind = [&](const KeyedRow& row) {
    return ascending ? row.key < key : row.key > key;
  };
  // The current row has been yielded; what follows it may be in the batch.
  size_t next = is_started_ ? std::min(at_ + 1, rows_.size()) : at_;
  while (next < rows_.size() && is_behind(rows_[next])) {
    ++next;
  }
  const bool is_in_batch = next < rows_.size();
  rows_.erase(rows_.begin(), rows_.begin() + static_cast<ptrdiff_t>(next));
  at_ = 0;
  is_started_ = false;
  if (is_in_batch) {
    return;
  }
  kv::Range& range = ranges_[range_];
  if (ascending) {
    range.begin = std::max(range.begin, std::string(key));
  } else {
    // The successor of `key` is the end that still admits it.
    const std::string end = std::string(key) + '\0';
    range.end = range.end.empty() ? end : std::min(range.end, end);
  }
}

}  // namespace twingraph::kv_memory
