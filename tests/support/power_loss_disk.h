#pragma once

// A directory on a disk whose power can fail. While it is watched, a process
// works in it as ever, through whatever calls it likes, and a second directory
// records what became durable: a program that links this has fsync and
// fdatasync of its own. So bytes that were not synced, and names that were
// made, renamed, linked or removed in a directory that was not synced since,
// are there for the process and gone when the power fails. Stricter than most
// file systems: a sync of a file does not make its name durable, and a file
// that is closed without a sync has nothing.
//
// Assumes that large files only grow, as RocksDB's do. Not for in-place writes
// or mapped memory.

#include <cstdint>
#include <string>

namespace twingraph {

// Which syncs of a watched process count.
enum class Syncs {
  kAll,
  // And by chance one makes all names durable as they are at that moment, as a
  // journal would: names never become durable out of order.
  kAllAndMore,
  // Those of directories do nothing: a fault for self-checks.
  kFilesOnly,
};

// Begins to record in the directory `record`, made anew, what this process
// syncs below `directory`; what is in it now is durable. One directory at a
// time; safe beside running threads, but not beside another Watch.
void WatchDisk(const std::string& directory, const std::string& record,
               Syncs syncs = Syncs::kAll);
void StopWatchingDisk();

// What may be left of the things that were not synced.
enum class Loss {
  kAll,    // nothing
  kNames,  // by chance some first bytes of each file
  kBytes,  // every name, and by chance some first bytes of each file
};

// Makes of a directory that was watched what a power loss leaves, by seed, and
// forgets the record. REQUIRES: nobody uses it any longer.
void LosePower(const std::string& directory, const std::string& record,
               Loss loss, uint64_t seed);

}  // namespace twingraph
