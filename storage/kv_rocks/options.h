#pragma once

// Our settings as RocksDB's options, each with its reason. Pure.

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "rocksdb/cache.h"
#include "rocksdb/db.h"
#include "rocksdb/options.h"

#include "storage/kv/space.h"
#include "storage/kv_rocks/background_errors.h"
#include "storage/kv_rocks/store.h"

namespace twingraph::kv_rocks {

// What stands behind an open database and lives as long as it.
struct Tuning {
  rocksdb::DBOptions database;
  std::vector<rocksdb::ColumnFamilyDescriptor> families;  // by Family number
  std::shared_ptr<rocksdb::Cache> cache;
  std::shared_ptr<BackgroundErrors> errors;
};

// Options for a store of these spaces within a memory budget. `history_floor`
// is read by compactions of the history family and outlives the database.
Tuning MakeTuning(const StoreOptions& options, const kv::SpaceTable& spaces,
                  const std::atomic<kv::Revision>& history_floor);

// The database options for one that is only read. Its buffers stay full, for
// which others must not be flushed.
rocksdb::DBOptions OptionsToRead(const Tuning& tuning);

}  // namespace twingraph::kv_rocks
