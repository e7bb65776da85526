#pragma once

// Tables whose index and filter stay in the cache while that has room for it.
// A read by whole key looks three times into the cache, for filter, index and
// data; held, the first two are at hand. What is held cannot be evicted, so
// files that are opened when half of the cache cannot be evicted any more are
// read without: the budget is kept whatever the store grows to. Safe from any
// thread.

#include <memory>

#include "rocksdb/cache.h"
#include "rocksdb/table.h"

namespace twingraph::kv_rocks {

// A factory of tables with `options`, whose cache is not null.
std::shared_ptr<rocksdb::TableFactory> NewPinningTableFactory(
    const rocksdb::BlockBasedTableOptions& options);

}  // namespace twingraph::kv_rocks
