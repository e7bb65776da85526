// Covered by tests/conformance/kv.
#include "storage/kv_rocks/cursor.h"

#include "storage/base/bytes.h"
#include "storage/base/status.h"
#include "storage/kv/history_entry.h"
#include "storage/kv_rocks/family.h"
#include "storage/kv_rocks/status_mapping.h"

namespace twingraph::kv_rocks {
namespace {

// Rows between two looks at the clock.
constexpr int kStepsPerCheck = 64;
// A scan that has come this far is one of everything: opening, an export, a
// check. It reads each block once, and must not push out what others read
// often.
constexpr size_t kCachedRows = 50'000;

// Do all keys of the range share the prefix that the family's filter knows?
bool IsBelowOnePrefix(const kv::SpaceSpec& space, absl::string_view lower,
                      absl::string_view upper) {
  if (space.id == kv::kHistorySpace) {
    // From an entry of a fact to its last one.
    return lower.size() > kv::kHistoryRevisionBytes &&
           upper == PrefixSuccessor(lower.substr(
                        0, lower.size() - kv::kHistoryRevisionBytes));
  }
  const size_t length = 1 + space.prefix_length;
  if (space.prefix_length == 0 || lower.size() < length ||
      upper.size() < length) {
    return false;
  }
  const absl::string_view prefix = lower.substr(0, length);
  if (upper.substr(0, length) == prefix) {
    return true;
  }
  return upper == PrefixSuccessor(prefix);
}

}  // namespace

RocksCursor::RocksCursor(const Context& ctx, rocksdb::DB& database,
                         rocksdb::ColumnFamilyHandle* family,
                         const rocksdb::Snapshot* snapshot,
                         const kv::SpaceSpec& space, const kv::Range& range,
                         kv::Order order)
    : ctx_(ctx),
      database_(database),
      family_(family),
      space_(space.id),
      space_name_(space.name),
      order_(order),
      lower_(FamilyKey(space.id, range.begin)),
      upper_(range.end.empty() ? SpaceEnd(space.id)
                               : FamilyKey(space.id, range.end)),
      lower_slice_(lower_),
      upper_slice_(upper_) {
  is_done_ = range.IsEmpty();
  options_.snapshot = snapshot;
  options_.ignore_range_deletions = kIgnoreRangeDeletions;
  options_.iterate_lower_bound = &lower_slice_;
  options_.iterate_upper_bound = &upper_slice_;
  // Backwards the filter is of no use: the end of a prefix must be found first.
  const bool is_below_prefix =
      order == kv::Order::kAscending && IsBelowOnePrefix(space, lower_, upper_);
  options_.prefix_same_as_start = is_below_prefix;
  options_.total_order_seek = !is_below_prefix;
  iterator_.reset(database.NewIterator(options_, family));
}

bool RocksCursor::Next() {
  if (is_done_) {
    return false;
  }
  if (!is_started_) {
    is_started_ = true;
    if (!is_positioned_) {
      if (order_ == kv::Order::kAscending) {
        iterator_->Seek(lower_slice_);
      } else {
        iterator_->SeekToLast();
      }
    }
  } else if (!is_positioned_) {
    if (++rows_ == kCachedRows && !StopCaching()) {
      return Settle();
    }
    if (order_ == kv::Order::kAscending) {
      iterator_->Next();
    } else {
      iterator_->Prev();
    }
  }
  is_positioned_ = false;
  return Settle();
}

bool RocksCursor::StopCaching() {
  // Only a snapshot shows another iterator the same rows.
  if (options_.snapshot == nullptr) {
    return true;
  }
  const std::string at = iterator_->key().ToString();
  options_.fill_cache = false;
  iterator_.reset(database_.NewIterator(options_, family_));
  // The row is there, so both orders seek it alike.
  iterator_->Seek(at);
  return iterator_->Valid();
}

void RocksCursor::Seek(absl::string_view key) {
  if (is_done_) {
    return;
  }
  const std::string target = FamilyKey(space_, key);
  const bool is_ascending = order_ == kv::Order::kAscending;
  if (is_ascending ? target >= upper_ : target < lower_) {
    is_done_ = true;
    return;
  }
  if (is_ascending ? target <= lower_ : target >= upper_) {
    return;
  }
  if (is_started_ || is_positioned_) {
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
  is_positioned_ = true;
}

bool RocksCursor::Settle() {
  if (++steps_ >= kStepsPerCheck) {
    steps_ = 0;
    status_ = ctx_.Check();
    if (!status_.ok()) {
      is_done_ = true;
      return false;
    }
  }
  if (!iterator_->Valid()) {
    is_done_ = true;
    status_ = ToStatus(iterator_->status(), "scan", space_name_);
    return false;
  }
  if (iterator_->value().size() < kRevisionBytes) {
    is_done_ = true;
    status_ = DataLoss("a stored row is damaged", {{"space", space_name_}});
    return false;
  }
  return true;
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
