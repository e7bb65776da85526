// Covered by tests/conformance/kv.
#include "storage/kv_rocks/options.h"

#include <algorithm>
#include <array>
#include <string>

#include "rocksdb/convenience.h"
#include "rocksdb/file_checksum.h"
#include "rocksdb/filter_policy.h"
#include "rocksdb/slice_transform.h"
#include "rocksdb/table.h"
#include "rocksdb/utilities/table_properties_collectors.h"
#include "rocksdb/write_buffer_manager.h"

#include "storage/kv/history_entry.h"
#include "storage/kv_rocks/background_errors.h"
#include "storage/kv_rocks/engine_log.h"
#include "storage/kv_rocks/family.h"
#include "storage/kv_rocks/history_filter.h"
#include "storage/kv_rocks/pinning_tables.h"

namespace twingraph::kv_rocks {
namespace {

// The part of a key that scans usually fix: the space's byte and as many bytes
// as its description says. Every key of a family has one.
class SpacePrefix final : public rocksdb::SliceTransform {
 public:
  explicit SpacePrefix(const kv::SpaceTable& spaces) {
    for (const kv::SpaceId id : spaces.ids()) {
      lengths_[id] = 1 + spaces[id].prefix_length;
    }
  }

  const char* Name() const override { return "twingraph.SpacePrefix"; }

  rocksdb::Slice Transform(const rocksdb::Slice& key) const override {
    return {key.data(), lengths_[static_cast<kv::SpaceId>(key[0])]};
  }

  bool InDomain(const rocksdb::Slice& key) const override {
    return !key.empty() &&
           key.size() >= lengths_[static_cast<kv::SpaceId>(key[0])];
  }

 private:
  std::array<size_t, 256> lengths_ = {};
};

// The fact that a history entry is of: all of its key but the revision.
class FactPrefix final : public rocksdb::SliceTransform {
 public:
  const char* Name() const override { return "twingraph.FactPrefix"; }

  rocksdb::Slice Transform(const rocksdb::Slice& key) const override {
    return {key.data(), key.size() - kv::kHistoryRevisionBytes};
  }

  bool InDomain(const rocksdb::Slice& key) const override {
    return key.size() > kv::kHistoryRevisionBytes;
  }
};

bool IsSupported(rocksdb::CompressionType type) {
  const auto supported = rocksdb::GetSupportedCompressions();
  return std::find(supported.begin(), supported.end(), type) != supported.end();
}

rocksdb::CompressionType FirstSupported(
    std::initializer_list<rocksdb::CompressionType> wanted) {
  for (const rocksdb::CompressionType type : wanted) {
    if (IsSupported(type)) {
      return type;
    }
  }
  return rocksdb::kNoCompression;
}

rocksdb::BlockBasedTableOptions TableOptions(
    const std::shared_ptr<rocksdb::Cache>& cache, size_t block_bytes) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.block_size = block_bytes;
  // The newest form of RocksDB 7.8: its filters are the fastest.
  table.format_version = 5;
  // About 1 % false positives: a read of an absent key touches no file.
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  // Index and filter blocks count against the budget, are the last to leave
  // the cache, and those of new files never leave it.
  table.cache_index_and_filter_blocks = true;
  table.cache_index_and_filter_blocks_with_high_priority = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  return table;
}

rocksdb::ColumnFamilyOptions BaseOptions(size_t write_buffer_bytes) {
  rocksdb::ColumnFamilyOptions family;
  family.write_buffer_size = write_buffer_bytes;
  // The default of an eighth of the write buffer makes an idle store large.
  family.arena_block_size = 64 << 10;
  // One in use, one or two on the way to disk.
  family.max_write_buffer_number = 3;
  // Fast above, small below: most bytes are in the last level.
  family.compression = FirstSupported({rocksdb::kLZ4Compression});
  family.bottommost_compression =
      FirstSupported({rocksdb::kZSTD, rocksdb::kLZ4Compression});
  // Levels grow from the last one up, so superseded rows are about a tenth.
  family.level_compaction_dynamic_level_bytes = true;
  // Half of RocksDB's sizes: a compaction is shorter, and its buffers smaller.
  family.target_file_size_base = 32 << 20;
  family.max_bytes_for_level_base = 128 << 20;
  return family;
}

// Read by whole key: a hash index in each block saves the binary search, a
// filter in the write buffer its skip list, and index and filter held by each
// table two look-ups in the cache.
rocksdb::ColumnFamilyOptions PointOptions(
    rocksdb::ColumnFamilyOptions family,
    rocksdb::BlockBasedTableOptions table) {
  table.data_block_index_type =
      rocksdb::BlockBasedTableOptions::kDataBlockBinaryAndHash;
  table.data_block_hash_table_util_ratio = 0.75;
  // The index finds the entry: rows are long, so walking to it from a restart
  // point costs more than the few bytes that shared keys would save.
  table.block_restart_interval = 1;
  // Of the write buffer: about 60 bits for a record of 400 bytes. Short rows
  // have more of it below, for 10 bits a key.
  family.memtable_prefix_bloom_size_ratio = 0.02;
  family.memtable_whole_key_filtering = true;
  family.table_factory = NewPinningTableFactory(table);
  return family;
}

// Edges: a scan below one prefix asks a filter before it opens a block.
rocksdb::ColumnFamilyOptions PrefixedOptions(
    rocksdb::ColumnFamilyOptions family,
    const rocksdb::BlockBasedTableOptions& table,
    const kv::SpaceTable& spaces) {
  family.prefix_extractor = std::make_shared<SpacePrefix>(spaces);
  family.memtable_prefix_bloom_size_ratio = 0.05;
  family.memtable_whole_key_filtering = true;
  family.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return family;
}

// Indexes of values that change: a file with many deletions is compacted soon,
// or every scan would walk over the graves of an hour.
rocksdb::ColumnFamilyOptions ChurningOptions(
    rocksdb::ColumnFamilyOptions family,
    rocksdb::BlockBasedTableOptions table) {
  // A quarter of any 4,096 rows in order: what a page of a scan may step over.
  constexpr size_t kWindow = 4096;
  constexpr size_t kDeletionsInWindow = 1024;
  family.table_properties_collector_factories.push_back(
      rocksdb::NewCompactOnDeletionCollectorFactory(kWindow,
                                                    kDeletionsInWindow));
  // Flushing drops pairs of put and delete before they reach a file: with one
  // buffer on its way to disk, GraveSweeper fills the next one.
  family.max_write_buffer_number = 2;
  // Index rows are scanned and never looked up by key.
  table.filter_policy = nullptr;
  family.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return family;
}

// Old values: rarely read, alike, and dropped when they expire.
rocksdb::ColumnFamilyOptions HistoryOptions(
    rocksdb::ColumnFamilyOptions family, rocksdb::BlockBasedTableOptions table,
    const std::atomic<kv::Revision>& floor) {
  family.compaction_filter_factory =
      std::make_shared<HistoryFilterFactory>(floor);
  family.compression =
      FirstSupported({rocksdb::kZSTD, rocksdb::kLZ4Compression});
  // A read seeks the first entry of a fact behind a revision: files without the
  // fact are passed by, and in a block few entries are looked at.
  family.prefix_extractor = std::make_shared<FactPrefix>();
  family.memtable_prefix_bloom_size_ratio = 0.05;
  table.whole_key_filtering = false;
  table.block_restart_interval = 4;
  family.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return family;
}

// Group records: written and dropped in order, so each file is dropped whole.
// They are compressed by themselves.
rocksdb::ColumnFamilyOptions LogOptions(rocksdb::ColumnFamilyOptions family,
                                        rocksdb::BlockBasedTableOptions table) {
  table.filter_policy = nullptr;
  family.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return family;
}

rocksdb::DBOptions DatabaseOptions(
    size_t budget_bytes, const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::DBOptions database;
  database.create_if_missing = true;
  database.create_missing_column_families = true;
  // Write buffers of all families together, charged to the cache: one budget.
  database.write_buffer_manager =
      std::make_shared<rocksdb::WriteBufferManager>(budget_bytes / 4, cache);
  // One flush beside one compaction: writes wait for flushes only, and calls
  // need the other cores.
  database.max_background_jobs = 2;
  // Opening must not read every file, and a descriptor is no small thing.
  database.max_open_files = 512;
  // The default of 16 threads costs an empty store more than it saves a full
  // one.
  database.max_file_opening_threads = 2;
  // 20 tables of a family at most, to tell how many rows there are.
  database.skip_stats_update_on_db_open = false;
  database.skip_checking_sst_file_sizes_on_db_open = true;
  // No threads and files for statistics that nobody reads.
  database.stats_dump_period_sec = 0;
  database.stats_persist_period_sec = 0;
  // So that a backup, and the check of a store, see that each byte of a table
  // is as it was written.
  database.file_checksum_gen_factory =
      rocksdb::GetFileChecksumGenCrc32cFactory();
  // Files, and so backups, do not say which machine wrote them.
  database.db_host_id = "";
  database.info_log = std::make_shared<EngineLog>();
  // A log cut by power loss is what was durable; a hole in it is not tolerated.
  database.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  // A family that is seldom written holds the log back no further than this,
  // which is also what opening after a crash has to read.
  database.max_total_wal_size = budget_bytes;
  // Hands the disk its bytes steadily instead of in waves.
  database.bytes_per_sync = 1 << 20;
  database.wal_bytes_per_sync = 1 << 20;
  // Groups are written by one thread at a time.
  database.enable_pipelined_write = false;
  database.allow_concurrent_memtable_write = false;
  // Files that a reader was the last to use are removed by another thread.
  database.avoid_unnecessary_blocking_io = true;
  return database;
}

}  // namespace

Tuning MakeTuning(const StoreOptions& options, const kv::SpaceTable& spaces,
                  const std::atomic<kv::Revision>& history_floor) {
  const size_t budget = options.memory_budget_bytes;
  Tuning tuning;
  // Write buffers are charged to the cache, so this is both.
  tuning.cache = rocksdb::NewLRUCache(budget, /*num_shard_bits=*/4,
                                      /*strict_capacity_limit=*/false,
                                      /*high_pri_pool_ratio=*/0.3);
  tuning.database = DatabaseOptions(budget, tuning.cache);
  // A disk that failed may work again.
  tuning.errors = std::make_shared<BackgroundErrors>();
  tuning.database.listeners.push_back(tuning.errors);
  if (options.env != nullptr) {
    tuning.database.env = options.env;
  }
  const auto base = BaseOptions(
      std::clamp<size_t>(budget / 16, size_t{1} << 20, size_t{64} << 20));
  const auto small_blocks = TableOptions(tuning.cache, 4 << 10);
  const auto large_blocks = TableOptions(tuning.cache, 16 << 10);
  const std::array<rocksdb::ColumnFamilyOptions, kFamilyCount> families = {
      PointOptions(base, small_blocks),
      PrefixedOptions(base, small_blocks, spaces),
      ChurningOptions(base, small_blocks),
      HistoryOptions(base, large_blocks, history_floor),
      LogOptions(base, large_blocks),
  };
  for (int i = 0; i < kFamilyCount; ++i) {
    tuning.families.emplace_back(NameOf(static_cast<Family>(i)),
                                 families[static_cast<size_t>(i)]);
  }
  return tuning;
}

rocksdb::DBOptions OptionsToRead(const Tuning& tuning) {
  rocksdb::DBOptions options = tuning.database;
  options.write_buffer_manager =
      std::make_shared<rocksdb::WriteBufferManager>(0, tuning.cache);
  return options;
}

}  // namespace twingraph::kv_rocks
