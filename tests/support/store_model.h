#pragma once

// A store driven by random operations beside a model of it: a map for each
// revision that is kept. The same driver runs short in the tests and long in
// `scripts/check storage-model`.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/status/status.h"

#include "storage/commit/store.h"
#include "tests/support/fake_clock.h"
#include "tests/support/kv_engines.h"

namespace twingraph {

class StoreModel {
 public:
  struct Options {
    uint64_t seed = 1;
    EngineKind engine = EngineKind::kRocks;
    // Directory of a store on disk.
    std::string directory;
  };

  explicit StoreModel(const Options& options);

  // Runs `count` operations. The error names the first difference.
  absl::Status Run(int64_t count);

 private:
  using Rows = std::map<std::string, kv::Row>;
  // All rows of all spaces at one revision.
  using World = std::map<kv::SpaceId, Rows>;

  absl::Status Open();
  absl::Status Step();
  absl::Status Commit();
  absl::Status ReadOne();
  absl::Status ReadRange();
  absl::Status ReadTime();
  absl::Status Trim();
  absl::Status Housekeeping();

  // One random write inside a transaction, made in `world` too.
  absl::Status Write(commit::Transaction& transaction, World& world,
                     std::vector<std::pair<kv::SpaceId, std::string>>& keys);
  absl::Status CheckOwnReads(const commit::Transaction& transaction,
                             const World& world);
  absl::Status CheckScan(const commit::Reader& reader, const Rows& rows,
                         kv::SpaceId space);
  // A reader of a random retained revision and the world it must show.
  absl::StatusOr<std::unique_ptr<commit::Reader>> OpenReader(
      const World** world, bool* is_newest);

  uint64_t Random(uint64_t limit) { return random_() % limit; }

  std::string RandomKey(kv::SpaceId space);
  kv::Range RandomRange(kv::SpaceId space);
  kv::SpaceId RandomSpace();

  const Options options_;
  std::mt19937_64 random_;
  FakeClock clock_;
  Context ctx_;
  std::unique_ptr<commit::Store> store_;
  // By revision; the newest is the last.
  std::map<kv::Revision, World> worlds_;
  std::map<kv::Revision, absl::Time> times_;
  uint64_t last_number_ = 0;
};

}  // namespace twingraph
