#include "bench/storage/support.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "rocksdb/filter_policy.h"
#include "rocksdb/table.h"

#include "storage/base/id.h"

namespace twingraph::bench {

void Require(const absl::Status& status) {
  if (!status.ok()) {
    fprintf(stderr, "%s\n", status.ToString().c_str());
    std::abort();
  }
}

void Require(const rocksdb::Status& status) {
  Require(status.ok() ? absl::OkStatus()
                      : absl::InternalError(status.ToString()));
}

BenchDirectory::BenchDirectory()
    : path_(absl::StrCat(std::filesystem::temp_directory_path().string(),
                         "/twingraph-bench-", RandomUuid())) {
  std::filesystem::create_directories(path_);
}

BenchDirectory::~BenchDirectory() {
  std::filesystem::remove_all(path_);
}

std::unique_ptr<rocksdb::DB> OpenBare(const std::string& directory) {
  rocksdb::Options options;
  options.create_if_missing = true;
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(size_t{256} << 20);
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  rocksdb::DB* opened = nullptr;
  Require(rocksdb::DB::Open(options, directory, &opened));
  return std::unique_ptr<rocksdb::DB>(opened);
}

uint64_t NextRandom(uint64_t& state, uint64_t limit) {
  state = state * 6364136223846793005ULL + 1442695040888963407ULL;
  return (state >> 33) % limit;
}

}  // namespace twingraph::bench
