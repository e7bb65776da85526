#pragma once

// Reads of a RocksDB store: of its newest state, or of a snapshot.
// Safe from any thread.

#include <array>
#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "rocksdb/db.h"

#include "storage/kv/snapshot.h"
#include "storage/kv_rocks/family.h"

namespace twingraph::kv_rocks {

// The families of a database. One may be replaced while others read; a copy
// made before goes on with the one that was there.
class Families {
 public:
  Families() = default;

  Families(const Families& other) {
    for (size_t i = 0; i < handles_.size(); ++i) {
      handles_[i] = other.handles_[i].load();
    }
  }

  Families& operator=(const Families&) = delete;

  rocksdb::ColumnFamilyHandle* operator[](Family which) const {
    return handles_[static_cast<size_t>(which)].load(std::memory_order_acquire);
  }

  // Of an opened database, by number.
  void SetAll(const std::vector<rocksdb::ColumnFamilyHandle*>& handles) {
    for (size_t i = 0; i < handles.size(); ++i) {
      Set(static_cast<Family>(i), handles[i]);
    }
  }

  void Set(Family which, rocksdb::ColumnFamilyHandle* handle) {
    handles_[static_cast<size_t>(which)].store(handle,
                                               std::memory_order_release);
  }

  std::vector<rocksdb::ColumnFamilyHandle*> all() const {
    return {handles_.begin(), handles_.end()};
  }

 private:
  std::array<std::atomic<rocksdb::ColumnFamilyHandle*>, kFamilyCount> handles_ =
      {};
};

// An open database with its families; outlives all that reads it.
struct Database {
  const kv::SpaceTable& spaces;
  std::unique_ptr<rocksdb::DB> db;
  Families families;
};

// Reads at `snapshot`, or the newest state where it is null, in `families`,
// which outlives it.
class RocksState : public kv::State {
 public:
  RocksState(const Database& database, const Families& families,
             const rocksdb::Snapshot* snapshot)
      : database_(database), families_(families), snapshot_(snapshot) {}

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
    return families_[FamilyOf(database_.spaces[space])];
  }

  const Database& database_;
  const Families& families_;
  const rocksdb::Snapshot* const snapshot_;
};

// A held state; its revision is the head's in that same state.
class RocksSnapshot final : public kv::Snapshot {
 public:
  // `snapshot` is released with this object. `families` are those from before
  // it.
  RocksSnapshot(const Database& database, const Families& families,
                const rocksdb::Snapshot* snapshot, kv::Revision revision)
      : database_(database),
        families_(families),
        snapshot_(snapshot),
        revision_(revision),
        state_(database, families_, snapshot) {}

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
  const Families families_;
  const rocksdb::Snapshot* const snapshot_;
  const kv::Revision revision_;
  const RocksState state_;
};

}  // namespace twingraph::kv_rocks
