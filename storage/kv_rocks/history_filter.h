#pragma once

// Drops history entries that no reader may ask for any more, while RocksDB
// compacts the history family. Safe from any thread.

#include <atomic>
#include <memory>

#include "rocksdb/compaction_filter.h"

#include "storage/kv/row.h"

namespace twingraph::kv_rocks {

// Makes one filter for each compaction, which drops the entries of commits up
// to the floor as it stands when the compaction begins: only readers below the
// floor need them.
class HistoryFilterFactory final : public rocksdb::CompactionFilterFactory {
 public:
  // `floor` outlives the database.
  explicit HistoryFilterFactory(const std::atomic<kv::Revision>& floor)
      : floor_(floor) {}

  const char* Name() const override { return "twingraph.HistoryFilter"; }

  std::unique_ptr<rocksdb::CompactionFilter> CreateCompactionFilter(
      const rocksdb::CompactionFilter::Context& context) override;

 private:
  const std::atomic<kv::Revision>& floor_;
};

}  // namespace twingraph::kv_rocks
