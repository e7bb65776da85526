#pragma once

// The contract of a storage engine: it reads its newest state, scans in order,
// applies a group of commits provided that its head is still where the group
// expects it, and keeps house. It knows nothing of transactions: those are
// `commit`'s. The laws every engine keeps are in storage/kv/README.md, with one
// conformance test each in tests/conformance/kv.
//
// Safe from any thread, except that one Apply runs at a time (the committer's
// role); reads run beside it. Readers see a group whole or not at all.

#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "storage/base/context.h"
#include "storage/kv/backup.h"
#include "storage/kv/group_record.h"
#include "storage/kv/snapshot.h"
#include "storage/kv/space.h"

namespace twingraph::kv {

// Where an engine stands.
struct EngineHead {
  // Of the newest group; the default before the first.
  Incarnation incarnation;
  Revision revision = 0;
  // Hash of the newest group record, 0 before the first.
  uint64_t record_hash = 0;
  absl::Time commit_time = absl::UnixEpoch();
};

// How the previous user of the stored bytes left them.
enum class OpenedAs {
  kEmpty,    // a new store
  kClean,    // closed in order
  kUnclean,  // the process ended without closing
  kCopy,     // made by Checkpoint, a restore, or a log that was cut: needs a
             // new epoch
};

// What became of a group.
enum class ApplyOutcome {
  kApplied,    // it is in, as durable as asked
  kHeadMoved,  // nothing was written: the head is not the group's previous one
  kUnknown,    // it may be in or not; sending the same bytes again settles it
};

struct ApplyResult {
  ApplyOutcome outcome = ApplyOutcome::kUnknown;
  // The engine's head afterwards; of no meaning for kUnknown.
  Revision head = 0;
  // Why, for kUnknown: UNAVAILABLE / STORE_UNAVAILABLE; RESOURCE_EXHAUSTED /
  // STORE_FULL.
  absl::Status cause;
};

// When an applied group survives.
enum class Durability {
  kFsync,  // power loss
  kOs,     // the end of the process
};

// Sizes of a part of an engine: whatever it keeps apart.
struct PartStats {
  std::string name;
  uint64_t disk_bytes = 0;
  // Written and not yet in a file.
  uint64_t buffer_bytes = 0;
  // Rows, superseded ones and deletions among them.
  uint64_t rows = 0;
};

// Sizes, for statistics and for retention by size. Estimates.
struct EngineStats {
  // What all files take, logs and those that are about to go among them.
  uint64_t disk_bytes = 0;
  uint64_t history_bytes = 0;
  uint64_t log_bytes = 0;
  uint64_t memory_bytes = 0;
  // What memory_bytes is meant to stay below; 0: no limit.
  uint64_t memory_limit_bytes = 0;
  std::vector<PartStats> parts;
  // OK, or why writing failed, in a commit or beside, while nothing has shown
  // yet that it works again.
  absl::Status write_failure;
};

// Stored bytes that are not as they were written.
struct Damage {
  // DATA_LOSS / STORE_CORRUPT, with the part that they are in as `space`.
  absl::Status status;
  // Is it gone with the rows of the churning spaces (Engine::ClearChurning)?
  bool is_clearable = false;
};

class Engine {
 public:
  virtual ~Engine() = default;

  virtual const SpaceTable& spaces() const = 0;
  virtual OpenedAs opened_as() const = 0;

  // The newest state: each read of it sees what is applied at that moment.
  virtual const State& newest() const = 0;

  virtual EngineHead head() const = 0;

  // Holds the newest state still.
  // Errors: UNAVAILABLE / STORE_UNAVAILABLE.
  virtual absl::StatusOr<std::unique_ptr<Snapshot>> OpenSnapshot() const = 0;

  // OK, or why new commits would not be taken at the moment: asked before a
  // group is made, so that callers are refused without a doubt. Cheap. A group
  // that is sent all the same is tried.
  // Errors: RESOURCE_EXHAUSTED / STORE_FULL.
  virtual absl::Status CheckWritable() const = 0;

  // Stores a group in one piece: rows, history entries, the log entry and the
  // head, provided that the group's previous revision is the engine's head.
  // Depends on nothing but the group and the stored state. A group that is
  // already in, sent again, is kApplied when it is the newest and kHeadMoved
  // otherwise.
  // Errors, after which nothing is written: DATA_LOSS / STORE_CORRUPT when the
  // group follows the head by number but not by hash, increments something that
  // is no counter, or needs a row that is damaged; UNAVAILABLE /
  // STORE_UNAVAILABLE when a row that it needs cannot be read; INTERNAL when a
  // handed-over value before is wrong (checked in debug builds).
  virtual absl::StatusOr<ApplyResult> Apply(const EncodedGroup& group,
                                            Durability durability) = 0;

  // Visits encoded group records in order, from the one that holds revision
  // `from` (or the first behind it) until `visit` returns false or the log
  // ends. Errors: as reads.
  virtual absl::Status ReadLog(
      const Context& ctx, Revision from,
      absl::FunctionRef<bool(absl::string_view record)> visit) const = 0;

  // Allows the engine to drop what only readers below `floor` need: history
  // entries of revisions up to `floor`, and log records before the one that
  // holds it. What is applied survives power loss from then on, so a commit
  // that notes the floor is never lost while what lies below it is. Bytes leave
  // the disk by and by, at the latest with Compact. Never moves back.
  virtual absl::Status Trim(Revision floor) = 0;

  // The floor to trim to so that history and log, when what is below it has
  // left the disk, take about `bytes`; 0 where they take no more as it is.
  // Where that is not known, which is so when a trimmed store is opened again,
  // 0, and the engine sets about finding out.
  virtual Revision FloorForBytes(uint64_t bytes) = 0;

  // Writes a consistent copy of the store into the directory `path`, which must
  // not exist. The copy opens as kCopy.
  // Errors: FAILED_PRECONDITION / INVALID_FIELD when it exists; UNAVAILABLE.
  virtual absl::Status Checkpoint(const std::string& path) = 0;

  // Adds a backup of the store to a directory of backups, which is made where
  // it is absent; what earlier backups hold is not copied again, but read: a
  // backup that is made can be restored. Damaged files that it would share are
  // replaced. Reads and commits go on. Backups that are there stay usable
  // whenever the process ends, and a call that fails leaves nothing behind.
  // Errors: FAILED_PRECONDITION / BACKUP_UNUSABLE where the engine cannot make
  // backups, or the directory cannot be used or holds those of another store;
  // DATA_LOSS / STORE_CORRUPT where bytes of the store that it copies are
  // damaged; CANCELLED, DEADLINE_EXCEEDED / CALL_ENDED; UNAVAILABLE /
  // STORE_UNAVAILABLE and RESOURCE_EXHAUSTED / STORE_FULL of the store's own
  // disk.
  virtual absl::StatusOr<Backup> CreateBackup(const Context& ctx,
                                              const std::string& directory) = 0;

  // The backups of a directory, oldest first, damaged ones among them; none
  // where it does not exist. Looks for each file and its size, and reads none.
  // Errors: FAILED_PRECONDITION / BACKUP_UNUSABLE where the directory cannot be
  // read or holds backups of another store; as reads.
  virtual absl::StatusOr<std::vector<Backup>> ListBackups(
      const std::string& directory) const = 0;

  // The same after reading all that backups hold, each file once. Takes long.
  // Errors: as ListBackups; CANCELLED, DEADLINE_EXCEEDED / CALL_ENDED.
  virtual absl::StatusOr<std::vector<Backup>> VerifyBackups(
      const Context& ctx, const std::string& directory) const = 0;

  // Removes backups of a directory, and says which, oldest first. Reads those
  // that it counts as whole before. One that is damaged never goes where none
  // is whole. Errors: as VerifyBackups.
  virtual absl::StatusOr<std::vector<Backup>> DeleteOldBackups(
      const Context& ctx, const std::string& directory,
      const Pruning& pruning) = 0;

  // Reads everything that lies in files, also what no reader asks for, and
  // compares it with the checksums that it was written with. Returns all
  // damage, one for each file. Takes long; reads and commits go on. Errors: as
  // reads, but for DATA_LOSS.
  virtual absl::StatusOr<std::vector<Damage>> Verify(
      const Context& ctx) const = 0;

  // Takes all rows of the churning spaces away, readable or not: for rows that
  // can be made again from those of other spaces. No commit says so, and where
  // the process ends in the middle they may be there or not; what was applied
  // before survives power loss from then on. Snapshots that were opened before
  // see what they saw; the bytes leave the disk when the engine is closed.
  // Errors: FAILED_PRECONDITION / STORE_UNAVAILABLE of an engine without files;
  // as Apply.
  virtual absl::Status ClearChurning() = 0;

  // Writes everything applied so far to durable files.
  virtual absl::Status Flush() = 0;

  // Rewrites everything that can be smaller. Takes long.
  // Errors: DATA_LOSS / STORE_CORRUPT naming the parts that are damaged, after
  // all others were rewritten; as reads.
  virtual absl::Status Compact(const Context& ctx) = 0;

  virtual EngineStats Stats() const = 0;
};

}  // namespace twingraph::kv
