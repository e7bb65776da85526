// Covered by tests/conformance/kv.
#include "storage/kv_rocks/state.h"

#include <chrono>
#include <utility>

#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/kv_rocks/cursor.h"
#include "storage/kv_rocks/status_mapping.h"

namespace twingraph::kv_rocks {
namespace {

absl::StatusOr<kv::Row> RowOf(const rocksdb::PinnableSlice& stored,
                              const kv::SpaceSpec& space) {
  if (stored.size() < kRevisionBytes) {
    return DataLoss("a stored row is damaged", {{"space", space.name}});
  }
  const absl::string_view bytes(stored.data(), stored.size());
  return kv::Row{std::string(ValueIn(bytes)), RevisionIn(bytes)};
}

// The engine's deadline, where the caller has one: a read that waits for a slow
// disk must not outlive its call.
void SetDeadline(const Context& ctx, rocksdb::ReadOptions& options) {
  if (ctx.deadline() != absl::InfiniteFuture()) {
    options.deadline =
        std::chrono::microseconds(absl::ToUnixMicros(ctx.deadline()));
  }
}

}  // namespace

absl::StatusOr<std::optional<kv::Row>> RocksState::Get(
    const Context& ctx, kv::SpaceId space, absl::string_view key,
    kv::ReadTier tier) const {
  rocksdb::ReadOptions options;
  options.snapshot = snapshot_;
  if (tier == kv::ReadTier::kCacheOnly) {
    options.read_tier = rocksdb::kBlockCacheTier;
  } else {
    SetDeadline(ctx, options);
  }
  rocksdb::PinnableSlice stored;
  const rocksdb::Status status = database_->db().Get(
      options, family(space), FamilyKey(space, key), &stored);
  if (status.IsNotFound()) {
    return std::nullopt;
  }
  RETURN_IF_ERROR(ToStatus(status, "get", database_->spaces()[space].name));
  return RowOf(stored, database_->spaces()[space]);
}

absl::StatusOr<std::vector<std::optional<kv::Row>>> RocksState::MultiGet(
    const Context& ctx, kv::SpaceId space,
    absl::Span<const std::string> keys) const {
  RETURN_IF_ERROR(ctx.Check());
  std::vector<std::string> stored_keys;
  stored_keys.reserve(keys.size());
  for (const std::string& key : keys) {
    stored_keys.push_back(FamilyKey(space, key));
  }
  const std::vector<rocksdb::Slice> slices(stored_keys.begin(),
                                           stored_keys.end());
  std::vector<rocksdb::PinnableSlice> values(keys.size());
  std::vector<rocksdb::Status> statuses(keys.size());
  rocksdb::ReadOptions options;
  options.snapshot = snapshot_;
  SetDeadline(ctx, options);
  database_->db().MultiGet(options, family(space), slices.size(), slices.data(),
                           values.data(), statuses.data());
  std::vector<std::optional<kv::Row>> rows(keys.size());
  for (size_t i = 0; i < keys.size(); ++i) {
    if (statuses[i].IsNotFound()) {
      continue;
    }
    RETURN_IF_ERROR(
        ToStatus(statuses[i], "get", database_->spaces()[space].name));
    ASSIGN_OR_RETURN(rows[i], RowOf(values[i], database_->spaces()[space]));
  }
  return rows;
}

std::unique_ptr<kv::Cursor> RocksState::MultiScan(const Context& ctx,
                                                  kv::SpaceId space,
                                                  std::vector<kv::Range> ranges,
                                                  kv::Order order) const {
  return std::make_unique<RocksCursor>(ctx, database_, family(space), snapshot_,
                                       database_->spaces()[space],
                                       std::move(ranges), order);
}

}  // namespace twingraph::kv_rocks
