// Covered by tests/storage/commit/store_model_test.cc and store_test.cc.
#include "storage/commit/history.h"

#include <string>
#include <utility>

#include "absl/strings/match.h"

#include "storage/base/bytes.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/kv/counter.h"
#include "storage/kv/history_entry.h"

namespace twingraph::commit {
namespace {

// `number` of a counter before `sum` was added to it.
kv::Row TakeBack(absl::string_view number, uint64_t sum, kv::Revision before) {
  const int64_t after = kv::DecodeCounter(number).value_or(0);
  return {kv::EncodeCounter(
              static_cast<int64_t>(static_cast<uint64_t>(after) - sum)),
          before};
}

bool IsEntryOf(absl::string_view entry, absl::string_view prefix) {
  return absl::StartsWith(entry, prefix) &&
         entry.size() == prefix.size() + kv::kHistoryRevisionBytes;
}

// Works out the row before the entry that `entries` stands on (if `is_valid`),
// the first of its key behind the revision asked for, in the range `range`: the
// next one may have entries of the same key, from its own beginning. Deltas are
// taken back from the next whole value: that of a later entry, or the current
// row. Without an entry the row has not changed. Moves `entries` and `is_valid`
// on.
absl::StatusOr<std::optional<kv::Row>> Undo(
    kv::Cursor& entries, size_t range, absl::string_view prefix,
    const std::optional<kv::Row>& current, bool& is_valid) {
  std::optional<kv::Revision> before;
  uint64_t sum = 0;
  for (;
       is_valid && entries.range() == range && IsEntryOf(entries.key(), prefix);
       is_valid = entries.Next()) {
    if (current.has_value() &&
        kv::HistoryRevision(entries.key()) > current->revision) {
      break;
    }
    before = before.value_or(entries.revision());
    ASSIGN_OR_RETURN(const kv::HistoryValue entry,
                     kv::DecodeHistoryValue(entries.value()));
    switch (entry.kind) {
      case kv::HistoryKind::kAbsent:
        return std::nullopt;
      case kv::HistoryKind::kValue:
        return sum == 0 ? kv::Row{std::string(entry.value), *before}
                        : TakeBack(entry.value, sum, *before);
      case kv::HistoryKind::kDelta:
        sum += static_cast<uint64_t>(entry.delta);
        break;
    }
  }
  RETURN_IF_ERROR(entries.status());
  if (current.has_value() != before.has_value()) {
    return DataLoss("history entries of a changed row are missing",
                    {{"space", "history"}});
  }
  return current.has_value()
             ? std::optional<kv::Row>(TakeBack(current->value, sum, *before))
             : std::nullopt;
}

// The entries of a key behind `revision`; `prefix` is that of all its entries.
kv::Range EntriesBehind(absl::string_view prefix, kv::SpaceId space,
                        absl::string_view key, kv::Revision revision) {
  return {kv::EncodeHistoryKey(space, key, revision + 1),
          PrefixSuccessor(prefix)};
}

bool IsAsOf(const std::optional<kv::Row>& row, kv::Revision revision) {
  return row.has_value() && row->revision <= revision;
}

std::vector<kv::Range> HistoryRanges(kv::SpaceId space,
                                     const std::vector<kv::Range>& ranges) {
  std::vector<kv::Range> entries;
  entries.reserve(ranges.size());
  for (const kv::Range& range : ranges) {
    entries.push_back(kv::HistoryRange(space, range));
  }
  return entries;
}

// Merges the current rows of ranges with their history entries, each range on
// its own. Both cursors stand on a row that is not yielded yet, where they have
// one.
class HistoryCursor final : public kv::Cursor {
 public:
  HistoryCursor(const Context& ctx, const kv::State& state, kv::SpaceId space,
                std::vector<kv::Range> ranges, kv::Order order,
                kv::Revision revision)
      : ctx_(ctx),
        state_(state),
        space_(space),
        ascending_(order == kv::Order::kAscending),
        at_(revision),
        entries_(state.MultiScan(ctx, kv::kHistorySpace,
                                 HistoryRanges(space, ranges), order)),
        rows_(state.MultiScan(ctx, space, std::move(ranges), order)) {}

  bool Next() override {
    if (!is_started_) {
      is_started_ = true;
      has_row_ = rows_->Next();
      NextEntry();
    }
    while ((has_row_ || has_entry_) && status().ok()) {
      if (IsRowNext()) {
        range_ = rows_->range();
        key_ = std::string(rows_->key());
        row_ = TakeRow();
        return true;
      }
      std::optional<kv::Row> row = TakeFact();
      if (row.has_value()) {
        row_ = *std::move(row);
        return true;
      }
    }
    return false;
  }

  void Seek(absl::string_view key) override {
    const bool move_rows =
        !has_row_ || (rows_->range() == range_ && IsBefore(rows_->key(), key));
    const bool move_entries =
        !has_entry_ || (entries_->range() == range_ && IsBefore(fact_, key));
    if (move_rows) {
      rows_->Seek(key);
      has_row_ = is_started_ && rows_->Next();
    }
    if (move_entries) {
      const std::string prefix = kv::HistoryPrefix(space_, key);
      entries_->Seek(ascending_ ? prefix : PrefixSuccessor(prefix));
      if (is_started_) {
        NextEntry();
      }
    }
  }

  absl::string_view key() const override { return key_; }

  absl::string_view value() const override { return row_.value; }

  kv::Revision revision() const override { return row_.revision; }

  size_t range() const override { return range_; }

  absl::Status status() const override {
    if (!status_.ok()) {
      return status_;
    }
    return rows_->status().ok() ? entries_->status() : rows_->status();
  }

 private:
  bool IsBefore(absl::string_view a, absl::string_view b) const {
    return ascending_ ? a < b : a > b;
  }

  // Does a row come before the next key that has history?
  bool IsRowNext() const {
    if (!has_row_ || !has_entry_) {
      return has_row_;
    }
    if (rows_->range() != entries_->range()) {
      return rows_->range() < entries_->range();
    }
    return IsBefore(rows_->key(), fact_);
  }

  kv::Row TakeRow() {
    kv::Row row{std::string(rows_->value()), rows_->revision()};
    has_row_ = rows_->Next();
    return row;
  }

  void NextEntry() {
    has_entry_ = entries_->Next();
    DecodeEntry();
  }

  void DecodeEntry() {
    if (!has_entry_) {
      return;
    }
    absl::StatusOr<kv::HistoryKey> decoded =
        kv::DecodeHistoryKey(entries_->key());
    if (decoded.ok()) {
      fact_ = std::move(decoded->key);
    } else {
      status_ = decoded.status();
    }
  }

  // The row of the key that has history, as of at_; nullopt where there is none
  // or on an error. Leaves both cursors behind the key.
  std::optional<kv::Row> TakeFact() {
    range_ = entries_->range();
    key_ = fact_;
    std::optional<kv::Row> current;
    if (has_row_ && rows_->range() == range_ && rows_->key() == fact_) {
      current = TakeRow();
    }
    absl::StatusOr<std::optional<kv::Row>> row = std::move(current);
    const std::string prefix = kv::HistoryPrefix(space_, fact_);
    if (!IsAsOf(*row, at_)) {
      row = ascending_ ? UndoInPlace(prefix, *row)
                       : ReadBefore(ctx_, state_, space_, fact_, at_, *row);
    }
    SkipFact(prefix);
    if (!row.ok()) {
      status_ = row.status();
      return std::nullopt;
    }
    return *std::move(row);
  }

  absl::StatusOr<std::optional<kv::Row>> UndoInPlace(
      const std::string& prefix, const std::optional<kv::Row>& current) {
    if (kv::HistoryRevision(entries_->key()) <= at_) {
      entries_->Seek(kv::EncodeHistoryKey(space_, fact_, at_ + 1));
      has_entry_ = entries_->Next();
    }
    return Undo(*entries_, range_, prefix, current, has_entry_);
  }

  void SkipFact(const std::string& prefix) {
    // Most keys have few entries: steps are cheaper than a seek.
    constexpr int kSteps = 4;
    for (int i = 0; has_entry_ && entries_->range() == range_ &&
                    IsEntryOf(entries_->key(), prefix);
         ++i) {
      if (i == kSteps) {
        entries_->Seek(ascending_ ? PrefixSuccessor(prefix) : prefix);
      }
      has_entry_ = entries_->Next();
    }
    DecodeEntry();
  }

  const Context ctx_;
  const kv::State& state_;
  const kv::SpaceId space_;
  const bool ascending_;
  const kv::Revision at_;
  const std::unique_ptr<kv::Cursor> entries_;
  const std::unique_ptr<kv::Cursor> rows_;
  bool is_started_ = false;
  bool has_row_ = false;
  bool has_entry_ = false;
  // The key whose entry `entries_` stands on.
  std::string fact_;
  // What Next() gave.
  size_t range_ = 0;
  std::string key_;
  kv::Row row_;
  absl::Status status_;
};

}  // namespace

absl::StatusOr<std::optional<kv::Row>> ReadBefore(
    const Context& ctx, const kv::State& state, kv::SpaceId space,
    absl::string_view key, kv::Revision revision,
    std::optional<kv::Row> current) {
  if (IsAsOf(current, revision)) {
    return current;
  }
  const std::string prefix = kv::HistoryPrefix(space, key);
  const std::unique_ptr<kv::Cursor> entries = state.Scan(
      ctx, kv::kHistorySpace, EntriesBehind(prefix, space, key, revision),
      kv::Order::kAscending);
  bool is_valid = entries->Next();
  return Undo(*entries, /*range=*/0, prefix, current, is_valid);
}

absl::Status ReadManyBefore(const Context& ctx, const kv::State& state,
                            kv::SpaceId space,
                            absl::Span<const std::string> keys,
                            kv::Revision revision,
                            std::vector<std::optional<kv::Row>>& rows) {
  std::vector<size_t> changed;  // indexes of keys, one for each range
  std::vector<std::string> prefixes;
  std::vector<kv::Range> ranges;
  for (size_t i = 0; i < keys.size(); ++i) {
    if (!IsAsOf(rows[i], revision)) {
      changed.push_back(i);
      prefixes.push_back(kv::HistoryPrefix(space, keys[i]));
      ranges.push_back(
          EntriesBehind(prefixes.back(), space, keys[i], revision));
    }
  }
  if (changed.empty()) {
    return absl::OkStatus();
  }
  const std::unique_ptr<kv::Cursor> entries = state.MultiScan(
      ctx, kv::kHistorySpace, std::move(ranges), kv::Order::kAscending);
  bool has_entry = entries->Next();
  for (size_t range = 0; range < changed.size(); ++range) {
    std::optional<kv::Row>& row = rows[changed[range]];
    ASSIGN_OR_RETURN(row,
                     Undo(*entries, range, prefixes[range], row, has_entry));
    if (has_entry && entries->range() == range) {
      entries->Seek(PrefixSuccessor(prefixes[range]));
      has_entry = entries->Next();
    }
  }
  return absl::OkStatus();
}

std::unique_ptr<kv::Cursor> ScanBefore(const Context& ctx,
                                       const kv::State& state,
                                       kv::SpaceId space,
                                       std::vector<kv::Range> ranges,
                                       kv::Order order, kv::Revision revision) {
  return std::make_unique<HistoryCursor>(ctx, state, space, std::move(ranges),
                                         order, revision);
}

}  // namespace twingraph::commit
