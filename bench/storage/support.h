#pragma once

// What the benchmarks of the storage layers share. A benchmark ends the process
// where something fails: a number of a failed run is none.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "rocksdb/db.h"

namespace twingraph::bench {

void Require(const absl::Status& status);
void Require(const rocksdb::Status& status);

// A directory of its own for the life of the object.
class BenchDirectory {
 public:
  BenchDirectory();
  ~BenchDirectory();
  BenchDirectory(const BenchDirectory&) = delete;
  BenchDirectory& operator=(const BenchDirectory&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// The floor: RocksDB as it comes, with a filter and a cache of 256 MiB.
std::unique_ptr<rocksdb::DB> OpenBare(const std::string& directory);

// A number from 0 to below `limit`; the same ones in each run.
uint64_t NextRandom(uint64_t& state, uint64_t limit);

inline rocksdb::Slice ToSlice(absl::string_view bytes) {
  return {bytes.data(), bytes.size()};
}

}  // namespace twingraph::bench
