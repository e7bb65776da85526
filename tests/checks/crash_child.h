#pragma once

// The process that the crash check kills: commits from several threads, keeps
// house beside them, and says on standard output what it has been promised.

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "storage/commit/store.h"
#include "tests/support/power_loss_disk.h"

namespace twingraph {

// What is in the directory of a round.
inline constexpr char kStoreName[] = "/store";
inline constexpr char kBackupsName[] = "/backups";
inline constexpr char kCopiesName[] = "/copies/";

inline constexpr char kWatchedLine[] = "watched\n";
inline constexpr char kOpenLine[] = "open\n";

absl::StatusOr<std::unique_ptr<commit::Store>> OpenCrashStore(
    const std::string& directory, kv::Durability durability);

// One commit of the check: the same row in three spaces, counted, with a number
// from a reserved range, which is returned.
absl::StatusOr<uint64_t> CommitOne(commit::Store& store, const std::string& key,
                                   commit::CommitInfo& info);

struct ChildOptions {
  // Watched; what the process syncs is recorded in `record`.
  std::string directory;
  std::string record;
  Syncs syncs = Syncs::kAll;
  kv::Durability durability = kv::Durability::kFsync;
  uint64_t seed = 0;
};

// Runs until it is killed, or returns an exit code. Lines that it writes, each
// after the call that made it true returned:
//   watched                  from now on it may be killed
//   open                     the store and the graph are
//   commit EPOCH REVISION NUMBER KEY
//   backup ID REVISION       the newest backup; older ones may be gone
//   copy NAME REVISION       a checkpoint that holds at least REVISION
// and those of crash_graph.h.
int RunChild(const ChildOptions& options);

}  // namespace twingraph
