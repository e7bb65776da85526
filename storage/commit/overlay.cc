// Covered by tests/storage/commit/store_model_test.cc and store_test.cc.
#include "storage/commit/overlay.h"

#include <iterator>

#include "storage/kv/counter.h"

namespace twingraph::commit {
namespace {

// Merges a cursor with an overlay. Looks the next change up by key at each
// step, so that the overlay may grow while the cursor is open.
class OverlayCursor final : public kv::Cursor {
 public:
  OverlayCursor(std::unique_ptr<kv::Cursor> base,
                const Overlay::Changes& changes, kv::SpaceId space,
                std::vector<kv::Range> ranges, kv::Order order)
      : base_(std::move(base)),
        changes_(changes),
        space_(space),
        ranges_(std::move(ranges)),
        ascending_(order == kv::Order::kAscending) {}

  bool Next() override {
    if (!is_base_read_) {
      is_base_read_ = true;
      has_base_ = base_->Next();
    }
    while (at_ < ranges_.size() && (has_base_ || base_->status().ok())) {
      const auto change = NextChange();
      if (change == changes_.end() && !IsBaseHere()) {
        ++at_;
        continue;
      }
      if (change == changes_.end() ||
          (IsBaseHere() && IsBefore(base_->key(), change->first.second))) {
        TakeBase();
        return true;
      }
      if (TakeChange(*change)) {
        return true;
      }
    }
    return false;
  }

  void Seek(absl::string_view key) override {
    if (at_ == ranges_.size()) {
      return;
    }
    kv::Range& range = ranges_[at_];
    range = ascending_
                ? kv::Range{std::max(range.begin, std::string(key)), range.end}
                : kv::Range::Before(range, std::string(key) + '\0');
    // A base row that is read but not yielded stays, unless it is passed.
    if (!is_base_read_ || (IsBaseHere() && IsBefore(base_->key(), key))) {
      base_->Seek(key);
      is_base_read_ = false;
    }
  }

  absl::string_view key() const override { return key_; }

  absl::string_view value() const override { return row_.value; }

  kv::Revision revision() const override { return row_.revision; }

  size_t range() const override { return at_; }

  absl::Status status() const override { return base_->status(); }

 private:
  bool IsBefore(absl::string_view a, absl::string_view b) const {
    return ascending_ ? a < b : a > b;
  }

  // Does the base have a row in the present range?
  bool IsBaseHere() const { return has_base_ && base_->range() == at_; }

  // The first change of what is left of the present range, in scan order.
  Overlay::Changes::const_iterator NextChange() const {
    const kv::Range& range = ranges_[at_];
    if (range.IsEmpty()) {
      return changes_.end();
    }
    auto found = changes_.end();
    if (ascending_) {
      found = changes_.lower_bound(Overlay::Key(space_, range.begin));
    } else {
      found = range.end.empty()
                  ? changes_.lower_bound(Overlay::Key(
                        static_cast<kv::SpaceId>(space_ + 1), std::string()))
                  : changes_.lower_bound(Overlay::Key(space_, range.end));
      if (found == changes_.begin()) {
        return changes_.end();
      }
      --found;
    }
    const bool is_inside = found != changes_.end() &&
                           found->first.first == space_ &&
                           range.Contains(found->first.second);
    return is_inside ? found : changes_.end();
  }

  void TakeBase() {
    const absl::string_view key = base_->key();
    key_.assign(key.data(), key.size());
    const absl::string_view value = base_->value();
    row_.value.assign(value.data(), value.size());
    row_.revision = base_->revision();
    is_base_read_ = false;
    Advance();
  }

  // Yields the row that a change makes; false if it makes none.
  bool TakeChange(const Overlay::Changes::value_type& change) {
    key_ = change.first.second;
    std::optional<kv::Row> below;
    if (IsBaseHere() && base_->key() == key_) {
      const absl::string_view value = base_->value();
      below =
          kv::Row{std::string(value.data(), value.size()), base_->revision()};
    }
    std::optional<kv::Row> row = change.second.Over(below);
    if (below.has_value()) {
      has_base_ = base_->Next();
    }
    Advance();
    if (!row.has_value()) {
      return false;
    }
    row_ = *std::move(row);
    return true;
  }

  // Leaves the key just taken.
  void Advance() {
    kv::Range& range = ranges_[at_];
    range = ascending_ ? kv::Range::After(range, key_)
                       : kv::Range::Before(range, key_);
  }

  const std::unique_ptr<kv::Cursor> base_;
  const Overlay::Changes& changes_;
  const kv::SpaceId space_;
  // Of the present range and those behind it: what is not yielded yet.
  std::vector<kv::Range> ranges_;
  size_t at_ = 0;  // the present one
  const bool ascending_;
  bool is_base_read_ = false;
  bool has_base_ = false;
  std::string key_;
  kv::Row row_;
};

}  // namespace

std::optional<kv::Row> Change::Over(const std::optional<kv::Row>& below) const {
  switch (kind) {
    case Kind::kPut:
      return kv::Row{value, revision};
    case Kind::kDelete:
      return std::nullopt;
    case Kind::kIncrement:
      break;
  }
  const int64_t number =
      below.has_value() ? kv::DecodeCounter(below->value).value_or(0) : 0;
  return kv::Row{kv::EncodeCounter(kv::AddWrapping(number, delta)), revision};
}

void Overlay::Put(kv::SpaceId space, absl::string_view key,
                  absl::string_view value, kv::Revision revision) {
  changes_[Key(space, std::string(key))] = {.kind = Change::Kind::kPut,
                                            .value = std::string(value),
                                            .delta = 0,
                                            .revision = revision};
}

void Overlay::Delete(kv::SpaceId space, absl::string_view key,
                     kv::Revision revision) {
  changes_[Key(space, std::string(key))] = {.kind = Change::Kind::kDelete,
                                            .value = std::string(),
                                            .delta = 0,
                                            .revision = revision};
}

void Overlay::Increment(kv::SpaceId space, absl::string_view key, int64_t delta,
                        kv::Revision revision) {
  const auto [entry, is_new] =
      changes_.try_emplace(Key(space, std::string(key)));
  Change& change = entry->second;
  change.revision = revision;
  if (is_new) {
    change.kind = Change::Kind::kIncrement;
    change.delta = delta;
  } else if (change.kind == Change::Kind::kIncrement) {
    change.delta = kv::AddWrapping(change.delta, delta);
  } else {
    const int64_t number = change.kind == Change::Kind::kPut
                               ? kv::DecodeCounter(change.value).value_or(0)
                               : 0;
    change.kind = Change::Kind::kPut;
    change.value = kv::EncodeCounter(kv::AddWrapping(number, delta));
  }
}

const Change* Overlay::Find(kv::SpaceId space, absl::string_view key) const {
  const auto found = changes_.find(Key(space, std::string(key)));
  return found == changes_.end() ? nullptr : &found->second;
}

std::unique_ptr<kv::Cursor> Overlay::MultiScan(std::unique_ptr<kv::Cursor> base,
                                               kv::SpaceId space,
                                               std::vector<kv::Range> ranges,
                                               kv::Order order) const {
  return std::make_unique<OverlayCursor>(std::move(base), changes_, space,
                                         std::move(ranges), order);
}

}  // namespace twingraph::commit
