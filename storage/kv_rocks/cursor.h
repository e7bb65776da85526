#pragma once

// A scan of one key space, as a RocksDB iterator with bounds and deadline.

#include <cstddef>
#include <memory>
#include <string>

#include "rocksdb/db.h"

#include "storage/base/context.h"
#include "storage/kv/cursor.h"
#include "storage/kv/range.h"
#include "storage/kv/state.h"

namespace twingraph::kv_rocks {

class RocksCursor final : public kv::Cursor {
 public:
  // `snapshot` may be null: the newest state at this moment.
  RocksCursor(const Context& ctx, rocksdb::DB& database,
              rocksdb::ColumnFamilyHandle* family,
              const rocksdb::Snapshot* snapshot, const kv::SpaceSpec& space,
              const kv::Range& range, kv::Order order);

  bool Next() override;
  void Seek(absl::string_view key) override;
  absl::string_view key() const override;
  absl::string_view value() const override;
  kv::Revision revision() const override;

  absl::Status status() const override { return status_; }

 private:
  // Stands on a row; false at the end or on an error.
  bool Settle();
  // Stands on the same row in an iterator that puts nothing into the cache;
  // false on an error.
  bool StopCaching();

  Context ctx_;
  rocksdb::DB& database_;
  rocksdb::ColumnFamilyHandle* const family_;
  const kv::SpaceId space_;
  // Lives as long as the table of spaces, which outlives all cursors.
  const absl::string_view space_name_;
  const kv::Order order_;
  // Bounds as stored keys; RocksDB holds views of them.
  const std::string lower_;
  const std::string upper_;
  rocksdb::Slice lower_slice_;
  rocksdb::Slice upper_slice_;
  rocksdb::ReadOptions options_;
  std::unique_ptr<rocksdb::Iterator> iterator_;
  bool is_started_ = false;
  bool is_positioned_ = false;  // by Seek: Next stays where it is
  bool is_done_ = false;
  int steps_ = 0;
  size_t rows_ = 0;
  absl::Status status_;
};

}  // namespace twingraph::kv_rocks
