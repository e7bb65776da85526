#pragma once

// A reader of one state that also writes. It is given to the function of
// Store::RunTransaction and lives for one run of it; the function may run
// again, so it keeps no effect outside. Not for two threads at a time.
//
// Conflicts: a commit is refused, and the function run again, when a key that
// was read by GetForUpdate was written or touched since. Absent keys count;
// plain reads and scans do not. A guard therefore works only if one side calls
// GetForUpdate on the key and the other Put, Delete or Touch.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "storage/commit/reader.h"

namespace twingraph::commit {

// Reads see the transaction's own writes, with revision 0 until they are
// committed. Rows written while a cursor is open may be missed by that cursor.
class Transaction : public Reader {
 public:
  // Like Get, and the commit depends on nobody changing the key in between.
  virtual absl::StatusOr<std::optional<kv::Row>> GetForUpdate(
      const Context& ctx, kv::SpaceId space, absl::string_view key) = 0;

  // Stores a value. Errors: INVALID_ARGUMENT / LIMIT_EXCEEDED.
  virtual absl::Status Put(kv::SpaceId space, absl::string_view key,
                           absl::string_view value) = 0;

  // Removes a key; an absent one is fine. Errors: as Put.
  virtual absl::Status Delete(kv::SpaceId space, absl::string_view key) = 0;

  // Writes nothing, and conflicts with those who read the key for update.
  // Errors: as Put.
  virtual absl::Status Touch(kv::SpaceId space, absl::string_view key) = 0;

  // Adds to a counter (kv/counter.h); an absent one counts from 0. Never a
  // read: many transactions may increment one key at once. Errors: as Put.
  virtual absl::Status Increment(kv::SpaceId space, absl::string_view key,
                                 int64_t delta) = 0;

  // Takes `count` consecutive numbers that nobody else gets, counting from 1
  // for each key, and returns the first. Never conflicts; numbers of a
  // transaction that fails are lost. The key holds the limit of what was given
  // out and is written otherwise only by who mends it. REQUIRES: count > 0.
  // Errors: as Put and Get.
  virtual absl::StatusOr<uint64_t> ReserveNumbers(const Context& ctx,
                                                  kv::SpaceId space,
                                                  absl::string_view key,
                                                  uint64_t count) = 0;

  // The time of this run: the same on every call, not before the time of
  // revision(). What the transaction stores as "now".
  virtual absl::Time time() const = 0;

  // Has anything been written, touched or incremented?
  virtual bool has_effects() const = 0;

  // What led to this commit, for the log; see kv::CommitHeader.
  virtual void SetCausation(absl::string_view causation) = 0;

  // Bytes of the layer above for the commit's log header.
  virtual void SetPayload(std::string payload) = 0;

  // Bytes that are kept with the request id and given back in
  // CommitInfo::result when the request is repeated.
  virtual void SetResult(std::string result) = 0;
};

}  // namespace twingraph::commit
