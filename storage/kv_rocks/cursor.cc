// Covered by tests/conformance/kv.
#include "storage/kv_rocks/cursor.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"

#include "storage/base/bytes.h"
#include "storage/base/status.h"
#include "storage/kv/history_entry.h"
#include "storage/kv_rocks/family.h"
#include "storage/kv_rocks/status_mapping.h"

namespace twingraph::kv_rocks {
namespace {

// Rows and ranges between two looks at the clock.
constexpr int kStepsPerCheck = 64;
// A scan that has come this far is one of everything: opening, an export, a
// check. It reads each block once, and must not push out what others read
// often.
constexpr size_t kCachedRows = 50'000;

// Do all keys of the range share the prefix that the family's filter knows?
bool IsBelowOnePrefix(const kv::SpaceSpec& space, const kv::Range& range) {
  const absl::string_view begin = range.begin;
  if (space.id == kv::kHistorySpace) {
    // From an entry of a fact to its last one.
    return begin.size() > kv::kHistoryRevisionBytes &&
           range.end == PrefixSuccessor(begin.substr(
                            0, begin.size() - kv::kHistoryRevisionBytes));
  }
  if (space.prefix_length == 0 || begin.size() < space.prefix_length ||
      range.end.empty()) {
    return false;
  }
  const absl::string_view prefix = begin.substr(0, space.prefix_length);
  return absl::StartsWith(range.end, prefix) ||
         range.end == PrefixSuccessor(prefix);
}

bool AreBelowPrefixes(const kv::SpaceSpec& space,
                      const std::vector<kv::Range>& ranges) {
  return std::all_of(ranges.begin(), ranges.end(), [&](const kv::Range& range) {
    return range.IsEmpty() || IsBelowOnePrefix(space, range);
  });
}

}  // namespace

RocksCursor::RocksCursor(const Context& ctx,
                         std::shared_ptr<const Database> database,
                         rocksdb::ColumnFamilyHandle* family,
                         const rocksdb::Snapshot* snapshot,
                         const kv::SpaceSpec& space,
                         std::vector<kv::Range> ranges, kv::Order order)
    : ctx_(ctx),
      database_(std::move(database)),
      family_(family),
      space_(space.id),
      space_name_(space.name),
      order_(order),
      ranges_(std::move(ranges)) {
  options_.snapshot = snapshot;
  options_.ignore_range_deletions = kIgnoreRangeDeletions;
  options_.iterate_lower_bound = &lower_slice_;
  options_.iterate_upper_bound = &upper_slice_;
  // Backwards the filter is of no use: the end of a prefix must be found first.
  const bool is_below_prefix =
      order == kv::Order::kAscending && AreBelowPrefixes(space, ranges_);
  options_.prefix_same_as_start = is_below_prefix;
  options_.total_order_seek = !is_below_prefix;
  Enter(0);
  iterator_.reset(database_->db().NewIterator(options_, family));
}

void RocksCursor::Enter(size_t range) {
  at_ = range;
  if (at_ == ranges_.size()) {
    return;
  }
  const kv::Range& keys = ranges_[at_];
  place_ = keys.IsEmpty() ? Place::kEnd : Place::kStart;
  // RocksDB looks at the bounds again at each seek.
  lower_ = FamilyKey(space_, keys.begin);
  upper_ = keys.end.empty() ? SpaceEnd(space_) : FamilyKey(space_, keys.end);
  lower_slice_ = lower_;
  upper_slice_ = upper_;
}

bool RocksCursor::Next() {
  for (; at_ < ranges_.size(); Enter(at_ + 1)) {
    if (++steps_ >= kStepsPerCheck) {
      steps_ = 0;
      if (absl::Status status = ctx_.Check(); !status.ok()) {
        Fail(std::move(status));
        return false;
      }
    }
    if (Move()) {
      if (iterator_->value().size() >= kRevisionBytes) {
        return true;
      }
      Fail(DataLoss("a stored row is damaged", {{"space", space_name_}}));
      return false;
    }
    if (!iterator_->status().ok()) {
      Fail(ToStatus(iterator_->status(), "scan", space_name_));
      return false;
    }
  }
  return false;
}

bool RocksCursor::Move() {
  const bool is_ascending = order_ == kv::Order::kAscending;
  switch (std::exchange(place_, Place::kRow)) {
    case Place::kStart:
      is_ascending ? iterator_->Seek(lower_slice_) : iterator_->SeekToLast();
      break;
    case Place::kNext:
      break;
    case Place::kRow:
      if (++rows_ == kCachedRows && !StopCaching()) {
        return false;
      }
      is_ascending ? iterator_->Next() : iterator_->Prev();
      break;
    case Place::kEnd:
      return false;
  }
  return iterator_->Valid();
}

void RocksCursor::Fail(absl::Status status) {
  status_ = std::move(status);
  at_ = ranges_.size();
}

bool RocksCursor::StopCaching() {
  // Only a snapshot shows another iterator the same rows.
  if (options_.snapshot == nullptr) {
    return true;
  }
  const std::string at = iterator_->key().ToString();
  options_.fill_cache = false;
  iterator_.reset(database_->db().NewIterator(options_, family_));
  // The row is there, so both orders seek it alike.
  iterator_->Seek(at);
  return iterator_->Valid();
}

void RocksCursor::Seek(absl::string_view key) {
  if (at_ == ranges_.size() || place_ == Place::kEnd) {
    return;
  }
  const std::string target = FamilyKey(space_, key);
  const bool is_ascending = order_ == kv::Order::kAscending;
  if (is_ascending ? target >= upper_ : target < lower_) {
    place_ = Place::kEnd;
    return;
  }
  if (is_ascending ? target <= lower_ : target >= upper_) {
    return;
  }
  if (place_ != Place::kStart) {
    // Never back: not behind where the cursor stands.
    if (!iterator_->Valid()) {
      return;
    }
    const absl::string_view at(iterator_->key().data(),
                               iterator_->key().size());
    if (is_ascending ? target <= at : target >= at) {
      return;
    }
  }
  if (is_ascending) {
    iterator_->Seek(target);
  } else {
    iterator_->SeekForPrev(target);
  }
  place_ = Place::kNext;
}

absl::string_view RocksCursor::key() const {
  return absl::string_view(iterator_->key().data(), iterator_->key().size())
      .substr(1);
}

absl::string_view RocksCursor::value() const {
  return ValueIn({iterator_->value().data(), iterator_->value().size()});
}

kv::Revision RocksCursor::revision() const {
  return RevisionIn({iterator_->value().data(), iterator_->value().size()});
}

}  // namespace twingraph::kv_rocks
