// Covered by tests/storage/commit/store_model_test.cc and
// tests/storage/commit/store_test.cc.
#include "storage/commit/state_reader.h"

#include <utility>

#include "storage/base/status_macros.h"
#include "storage/commit/history.h"
#include "storage/commit/owning_cursor.h"

namespace twingraph::commit {

bool SnapshotReader::IsExact(kv::SpaceId space) const {
  return held_->snapshot->revision() == revision_ ||
         !spaces_[space].keeps_history;
}

absl::StatusOr<std::optional<kv::Row>> SnapshotReader::Get(
    const Context& ctx, kv::SpaceId space, absl::string_view key) const {
  ASSIGN_OR_RETURN(std::optional<kv::Row> row,
                   held_->snapshot->Get(ctx, space, key, kv::ReadTier::kAll));
  if (IsExact(space)) {
    return row;
  }
  return ReadBefore(ctx, *held_->snapshot, space, key, revision_,
                    std::move(row));
}

absl::StatusOr<std::vector<std::optional<kv::Row>>> SnapshotReader::MultiGet(
    const Context& ctx, kv::SpaceId space,
    absl::Span<const std::string> keys) const {
  ASSIGN_OR_RETURN(std::vector<std::optional<kv::Row>> rows,
                   held_->snapshot->MultiGet(ctx, space, keys));
  if (IsExact(space)) {
    return rows;
  }
  RETURN_IF_ERROR(
      ReadManyBefore(ctx, *held_->snapshot, space, keys, revision_, rows));
  return rows;
}

std::unique_ptr<kv::Cursor> SnapshotReader::MultiScan(
    const Context& ctx, kv::SpaceId space, std::vector<kv::Range> ranges,
    kv::Order order) const {
  if (IsExact(space)) {
    return held_->snapshot->MultiScan(ctx, space, std::move(ranges), order);
  }
  return ScanBefore(ctx, *held_->snapshot, space, std::move(ranges), order,
                    revision_);
}

bool NewestReader::IsExact(kv::SpaceId space,
                           const std::optional<kv::Row>& row) const {
  const kv::Revision at = head_->revision;
  if ((row.has_value() && row->revision <= at) ||
      !ground_.engine.spaces()[space].keeps_history) {
    return true;
  }
  // Nothing has been applied behind the head: absence is exact too.
  return !row.has_value() &&
         ground_.visible.load(std::memory_order_seq_cst) <= at;
}

absl::StatusOr<std::optional<kv::Row>> NewestReader::FromHistory(
    const Context& ctx, kv::SpaceId space, absl::string_view key,
    std::optional<kv::Row> newest) const {
  if (tier_ == kv::ReadTier::kCacheOnly) {
    return kv::IncompleteError();
  }
  absl::StatusOr<std::optional<kv::Row>> row =
      ReadBefore(ctx, ground_.engine.newest(), space, key, head_->revision,
                 std::move(newest));
  // Without a pin the entries may have gone while they were read.
  RETURN_IF_ERROR(ground_.pins.Check(head_->revision));
  return row;
}

absl::StatusOr<std::optional<kv::Row>> NewestReader::Get(
    const Context& ctx, kv::SpaceId space, absl::string_view key) const {
  ASSIGN_OR_RETURN(std::optional<kv::Row> row,
                   ground_.engine.newest().Get(ctx, space, key, tier_));
  if (IsExact(space, row)) {
    return row;
  }
  return FromHistory(ctx, space, key, std::move(row));
}

absl::StatusOr<std::vector<std::optional<kv::Row>>> NewestReader::MultiGet(
    const Context& ctx, kv::SpaceId space,
    absl::Span<const std::string> keys) const {
  if (tier_ == kv::ReadTier::kCacheOnly) {
    std::vector<std::optional<kv::Row>> rows(keys.size());
    for (size_t i = 0; i < keys.size(); ++i) {
      ASSIGN_OR_RETURN(rows[i], Get(ctx, space, keys[i]));
    }
    return rows;
  }
  ASSIGN_OR_RETURN(std::vector<std::optional<kv::Row>> rows,
                   ground_.engine.newest().MultiGet(ctx, space, keys));
  for (size_t i = 0; i < keys.size(); ++i) {
    if (!IsExact(space, rows[i])) {
      ASSIGN_OR_RETURN(rows[i],
                       FromHistory(ctx, space, keys[i], std::move(rows[i])));
    }
  }
  return rows;
}

std::unique_ptr<kv::Cursor> NewestReader::MultiScan(
    const Context& ctx, kv::SpaceId space, std::vector<kv::Range> ranges,
    kv::Order order) const {
  if (tier_ == kv::ReadTier::kCacheOnly) {
    return std::make_unique<FailedCursor>(kv::IncompleteError());
  }
  absl::StatusOr<std::unique_ptr<kv::Snapshot>> snapshot =
      ground_.engine.OpenSnapshot();
  if (!snapshot.ok()) {
    return std::make_unique<FailedCursor>(snapshot.status());
  }
  const std::shared_ptr<const kv::Snapshot> held = *std::move(snapshot);
  const bool is_exact = held->revision() <= head_->revision ||
                        !ground_.engine.spaces()[space].keeps_history;
  return std::make_unique<OwningCursor>(
      held, is_exact ? held->MultiScan(ctx, space, std::move(ranges), order)
                     : ScanBefore(ctx, *held, space, std::move(ranges), order,
                                  head_->revision));
}

}  // namespace twingraph::commit
