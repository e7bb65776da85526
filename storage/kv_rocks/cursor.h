#pragma once

// A scan of one key space, as a RocksDB iterator with bounds and deadline. One
// iterator serves all ranges: its bounds move.

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "rocksdb/db.h"

#include "storage/base/context.h"
#include "storage/kv/cursor.h"
#include "storage/kv/range.h"
#include "storage/kv/state.h"
#include "storage/kv_rocks/database.h"

namespace twingraph::kv_rocks {

class RocksCursor final : public kv::Cursor {
 public:
  // `snapshot` may be null: the newest state at this moment.
  RocksCursor(const Context& ctx, std::shared_ptr<const Database> database,
              rocksdb::ColumnFamilyHandle* family,
              const rocksdb::Snapshot* snapshot, const kv::SpaceSpec& space,
              std::vector<kv::Range> ranges, kv::Order order);

  bool Next() override;
  void Seek(absl::string_view key) override;
  absl::string_view key() const override;
  absl::string_view value() const override;
  kv::Revision revision() const override;

  size_t range() const override { return at_; }

  absl::Status status() const override { return status_; }

 private:
  // Where the iterator is in the present range.
  enum class Place {
    kStart,  // not there yet
    kNext,   // on what comes next, if that is in the range
    kRow,    // on the row that Next() gave
    kEnd,    // of no meaning: the range has no more rows
  };

  void Enter(size_t range);
  // To the next row of the present range; false where there is none, or on an
  // error.
  bool Move();
  // Ends the scan.
  void Fail(absl::Status status);
  // Stands on the same row in an iterator that puts nothing into the cache;
  // false on an error.
  bool StopCaching();

  Context ctx_;
  const std::shared_ptr<const Database> database_;
  rocksdb::ColumnFamilyHandle* const family_;
  const kv::SpaceId space_;
  // Lives as long as the table of spaces, which outlives all cursors.
  const absl::string_view space_name_;
  const kv::Order order_;
  const std::vector<kv::Range> ranges_;
  size_t at_ = 0;  // the present range
  // Its bounds as stored keys; RocksDB holds views of them.
  std::string lower_;
  std::string upper_;
  rocksdb::Slice lower_slice_;
  rocksdb::Slice upper_slice_;
  rocksdb::ReadOptions options_;
  std::unique_ptr<rocksdb::Iterator> iterator_;
  Place place_ = Place::kStart;
  int steps_ = 0;
  size_t rows_ = 0;
  absl::Status status_;
};

}  // namespace twingraph::kv_rocks
