#pragma once

// Reads of a RocksDB store: of its newest state, or of a snapshot.
// Safe from any thread.

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "rocksdb/db.h"

#include "storage/kv/snapshot.h"
#include "storage/kv_rocks/family.h"

namespace twingraph::kv_rocks {

// An open database with its families; outlives all that reads it.
struct Database {
  const kv::SpaceTable& spaces;
  std::unique_ptr<rocksdb::DB> db;
  std::vector<rocksdb::ColumnFamilyHandle*> families;  // owned by `db`

  rocksdb::ColumnFamilyHandle* family(kv::SpaceId space) const {
    return families[static_cast<size_t>(FamilyOf(spaces[space]))];
  }
};

// Reads at `snapshot`, or the newest state where it is null.
class RocksState : public kv::State {
 public:
  explicit RocksState(const Database& database,
                      const rocksdb::Snapshot* snapshot = nullptr)
      : database_(database), snapshot_(snapshot) {}

  absl::StatusOr<std::optional<kv::Row>> Get(const Context& ctx,
                                             kv::SpaceId space,
                                             absl::string_view key,
                                             kv::ReadTier tier) const override;

  absl::StatusOr<std::vector<std::optional<kv::Row>>> MultiGet(
      const Context& ctx, kv::SpaceId space,
      absl::Span<const std::string> keys) const override;

  std::unique_ptr<kv::Cursor> MultiScan(const Context& ctx, kv::SpaceId space,
                                        std::vector<kv::Range> ranges,
                                        kv::Order order) const override;

 private:
  const Database& database_;
  const rocksdb::Snapshot* const snapshot_;
};

// A held state; its revision is the head's in that same state.
class RocksSnapshot final : public kv::Snapshot {
 public:
  // `snapshot` is released with this object.
  RocksSnapshot(const Database& database, const rocksdb::Snapshot* snapshot,
                kv::Revision revision)
      : database_(database),
        snapshot_(snapshot),
        revision_(revision),
        state_(database, snapshot) {}

  ~RocksSnapshot() override { database_.db->ReleaseSnapshot(snapshot_); }

  RocksSnapshot(const RocksSnapshot&) = delete;
  RocksSnapshot& operator=(const RocksSnapshot&) = delete;

  kv::Revision revision() const override { return revision_; }

  absl::StatusOr<std::optional<kv::Row>> Get(const Context& ctx,
                                             kv::SpaceId space,
                                             absl::string_view key,
                                             kv::ReadTier tier) const override {
    return state_.Get(ctx, space, key, tier);
  }

  absl::StatusOr<std::vector<std::optional<kv::Row>>> MultiGet(
      const Context& ctx, kv::SpaceId space,
      absl::Span<const std::string> keys) const override {
    return state_.MultiGet(ctx, space, keys);
  }

  std::unique_ptr<kv::Cursor> MultiScan(const Context& ctx, kv::SpaceId space,
                                        std::vector<kv::Range> ranges,
                                        kv::Order order) const override {
    return state_.MultiScan(ctx, space, std::move(ranges), order);
  }

 private:
  const Database& database_;
  const rocksdb::Snapshot* const snapshot_;
  const kv::Revision revision_;
  const RocksState state_;
};

}  // namespace twingraph::kv_rocks
