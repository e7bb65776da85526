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
#include "storage/kv_rocks/database.h"
#include "storage/kv_rocks/family.h"

namespace twingraph::kv_rocks {

// Reads at `snapshot`, or the newest state where it is null, in `families`,
// which outlives it.
class RocksState final : public kv::State {
 public:
  RocksState(std::shared_ptr<const Database> database, const Families& families,
             const rocksdb::Snapshot* snapshot)
      : database_(std::move(database)),
        families_(families),
        snapshot_(snapshot) {}

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
  rocksdb::ColumnFamilyHandle* family(kv::SpaceId space) const {
    return families_[FamilyOf(database_->spaces()[space])];
  }

  const std::shared_ptr<const Database> database_;
  const Families& families_;
  const rocksdb::Snapshot* const snapshot_;
};

// The newest state of whichever database is the current one at each read.
class NewestState final : public kv::State {
 public:
  // `current` outlives this.
  explicit NewestState(const CurrentDatabase& current) : current_(current) {}

  absl::StatusOr<std::optional<kv::Row>> Get(const Context& ctx,
                                             kv::SpaceId space,
                                             absl::string_view key,
                                             kv::ReadTier tier) const override {
    return Now().Get(ctx, space, key, tier);
  }

  absl::StatusOr<std::vector<std::optional<kv::Row>>> MultiGet(
      const Context& ctx, kv::SpaceId space,
      absl::Span<const std::string> keys) const override {
    return Now().MultiGet(ctx, space, keys);
  }

  std::unique_ptr<kv::Cursor> MultiScan(const Context& ctx, kv::SpaceId space,
                                        std::vector<kv::Range> ranges,
                                        kv::Order order) const override {
    return Now().MultiScan(ctx, space, std::move(ranges), order);
  }

 private:
  RocksState Now() const {
    std::shared_ptr<const Database> database = current_.Get();
    const Families& families = database->families();
    return RocksState(std::move(database), families, /*snapshot=*/nullptr);
  }

  const CurrentDatabase& current_;
};

// A held state; its revision is the head's in that same state.
class RocksSnapshot final : public kv::Snapshot {
 public:
  // `snapshot` is released with this object. `families` are those from before
  // it.
  RocksSnapshot(std::shared_ptr<const Database> database,
                const Families& families, const rocksdb::Snapshot* snapshot,
                kv::Revision revision)
      : database_(std::move(database)),
        families_(families),
        snapshot_(snapshot),
        revision_(revision),
        state_(database_, families_, snapshot) {}

  ~RocksSnapshot() override { database_->db().ReleaseSnapshot(snapshot_); }

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
  const std::shared_ptr<const Database> database_;
  const Families families_;
  const rocksdb::Snapshot* const snapshot_;
  const kv::Revision revision_;
  const RocksState state_;
};

}  // namespace twingraph::kv_rocks
