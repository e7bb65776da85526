#include "storage/kv_rocks/pinning_tables.h"

#include <memory>
#include <string>

#include "gtest/gtest.h"
#include "rocksdb/db.h"
#include "rocksdb/filter_policy.h"

#include "tests/support/temp_dir.h"

namespace twingraph::kv_rocks {
namespace {

constexpr int kRowsInFile = 2'000;
// A filter of ten bits for each row; the index takes less.
constexpr size_t kHeldInFile = kRowsInFile * 10 / 8;

class PinningTablesTest : public testing::Test {
 protected:
  void Open(size_t cache_bytes) {
    cache_ = rocksdb::NewLRUCache(cache_bytes, /*num_shard_bits=*/0);
    rocksdb::BlockBasedTableOptions table;
    table.block_cache = cache_;
    table.cache_index_and_filter_blocks = true;
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
    rocksdb::Options options;
    options.create_if_missing = true;
    options.disable_auto_compactions = true;
    options.table_factory = NewPinningTableFactory(table);
    rocksdb::DB* opened = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open(options, dir_.path(), &opened).ok());
    database_.reset(opened);
  }

  void AddFiles(int files) {
    rocksdb::WriteOptions unlogged;
    unlogged.disableWAL = true;
    for (int file = 0; file < files; ++file) {
      for (int row = 0; row < kRowsInFile; ++row) {
        ASSERT_TRUE(database_->Put(unlogged, Key(file, row), "value").ok());
      }
      ASSERT_TRUE(database_->Flush({}).ok());
    }
  }

  static std::string Key(int file, int row) {
    return std::to_string(file) + "/" + std::to_string(row);
  }

  const TempDir dir_;
  std::shared_ptr<rocksdb::Cache> cache_;
  std::unique_ptr<rocksdb::DB> database_;
};

TEST_F(PinningTablesTest, HoldsFiltersOfOpenFilesWhileThereIsRoom) {
  Open(size_t{16} << 20);
  AddFiles(10);
  EXPECT_GE(cache_->GetPinnedUsage(), 10 * kHeldInFile);
}

TEST_F(PinningTablesTest, HoldsNoMoreThanHalfOfTheCache) {
  constexpr size_t kCache = 20 * kHeldInFile;
  Open(kCache);
  AddFiles(30);
  EXPECT_GE(cache_->GetPinnedUsage(), kCache / 2 - 3 * kHeldInFile);
  EXPECT_LE(cache_->GetPinnedUsage(), kCache / 2 + 3 * kHeldInFile);
  EXPECT_LE(cache_->GetUsage(), kCache);
  // What is not held is read all the same.
  std::string value;
  for (int file = 0; file < 30; ++file) {
    EXPECT_TRUE(database_->Get({}, Key(file, 17), &value).ok()) << file;
    EXPECT_TRUE(database_->Get({}, Key(file, -1), &value).IsNotFound());
  }
}

}  // namespace
}  // namespace twingraph::kv_rocks
