#pragma once

// A store driven by random operations beside a model of it: a map for each
// revision that is kept, where the retention floor has to be, and which request
// ids are known. The same driver runs short in the tests and long in
// `scripts/check storage-model`.

#include <cstdint>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"

#include "storage/commit/store.h"
#include "tests/support/fake_clock.h"
#include "tests/support/floor_model.h"
#include "tests/support/kv_engines.h"
#include "tests/support/request_model.h"

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

  // A transaction of random writes, and what it makes of the newest world.
  struct Draft {
    World world;
    // What it wrote, whose revision is not known before the commit.
    std::vector<std::pair<kv::SpaceId, std::string>> keys;
  };

  absl::Status Open();
  absl::Status Step();

  // Writes (store_model.cc).
  absl::Status Commit();
  absl::Status WriteSome(commit::Transaction& transaction, Draft& draft);
  absl::Status WriteOne(commit::Transaction& transaction, Draft& draft);
  absl::Status TakeNumbers(commit::Transaction& transaction);
  absl::Status CheckOwnReads(const commit::Transaction& transaction,
                             const World& world);
  // Takes in a commit of the model's own.
  absl::Status NoteCommit(const commit::CommitInfo& info, Draft draft);
  // Takes in commits that changed no row, up to the head.
  absl::Status NoteQuietCommits();
  void ForgetWorld();
  // Is it the time that the next commit has to have?
  absl::Status CheckTime(absl::Time time);

  // Reads (store_model_reads.cc).
  absl::Status ReadOne();
  absl::Status ReadRange();
  absl::Status ReadTime();
  static std::optional<kv::Row> FindRow(const Rows& rows,
                                        const std::string& key);
  absl::Status CheckScan(const commit::Reader& reader, const Rows& rows,
                         kv::SpaceId space);
  // A reader of a random retained revision and the world it must show.
  absl::StatusOr<std::unique_ptr<commit::Reader>> OpenReader(
      const World** world, bool* is_newest);

  // What ages (store_model_ages.cc): requests, pins and history, by a clock
  // that may be wrong.
  absl::Status Request();
  absl::Status CheckRepeat(const RequestModel::Request& known,
                           const absl::StatusOr<commit::CommitInfo>& info,
                           uint64_t fingerprint) const;
  absl::Status PinOrRelease();
  absl::Status CheckPinned();
  absl::Status SetClock();
  absl::Status Trim();
  absl::Status Maintain();
  absl::Status CheckFloor();
  absl::Status Housekeeping();
  absl::Status CheckExpiredBytes();

  uint64_t Random(uint64_t limit) { return random_() % limit; }

  // One of the elements, of which there is one at least.
  template <typename Container>
  auto RandomIn(Container& container) {
    return std::next(container.begin(),
                     static_cast<ptrdiff_t>(Random(container.size())));
  }

  std::string RandomKey(kv::SpaceId space);
  kv::Range RandomRange(kv::SpaceId space);
  kv::SpaceId RandomSpace();

  const Options options_;
  std::mt19937_64 random_;
  FakeClock clock_;
  // By how much the clock is wrong.
  absl::Duration clock_error_;
  Context ctx_;
  std::unique_ptr<commit::Store> store_;
  // Whole copies of some readable revisions; the newest is the last.
  std::map<kv::Revision, World> worlds_;
  // Each is in worlds_. They end before the store.
  std::vector<commit::Pin> pins_;
  FloorModel floor_;
  RequestModel requests_;
  // No commit to come has an earlier time.
  absl::Time earliest_ = absl::InfinitePast();
  uint64_t last_number_ = 0;
};

}  // namespace twingraph
