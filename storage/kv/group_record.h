#pragma once

// The unit of apply: one or more commits as one self-describing byte string. It
// is what an engine applies, what the log keeps under the group's first
// revision, and what a replicated log would carry. Format, byte by byte, in
// storage/README.md ("Group records"); frozen, golden test group_record_test.
// Values; pure functions; safe from any thread.

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "storage/kv/row.h"
#include "storage/kv/space.h"

namespace twingraph::kv {

// Limits of one record: what brokers accept, and what a reader must hold.
inline constexpr size_t kMaxRecordBytes = size_t{960} << 10;
inline constexpr size_t kMaxDecodedRecordBytes = size_t{16} << 20;

// Which line of revisions a store follows. Numbers of two incarnations say
// nothing about each other.
struct Incarnation {
  // Random, from the creation of the store.
  std::array<uint8_t, 16> store_id{};
  // New after a restore, and after losing a suffix: a counter in the high half,
  // random bits in the low one, so two restores of one backup differ.
  uint64_t epoch = 0;

  bool operator==(const Incarnation&) const = default;
};

// What an effect does. Frozen: stored.
enum class EffectOp : uint8_t {
  kPut = 1,
  kDelete = 2,
  kIncrement = 3,  // adds to a counter; an absent one counts from 0
  kTouch = 4,      // stores nothing; conflicts with who read the key for update
};

// One change of one key.
struct Effect {
  SpaceId space = 0;
  EffectOp op = EffectOp::kPut;
  std::string key;
  std::string value;  // kPut
  int64_t delta = 0;  // kIncrement

  // The row before this commit, where the transaction read it for update: saves
  // Apply the read. Not part of the record.
  std::optional<std::optional<Row>> before;
};

// Why a commit was made; kept in the log.
struct CommitHeader {
  absl::Time time = absl::UnixEpoch();
  std::string actor;
  // "user", "device", "rule", "import", "system".
  std::string origin;
  std::string request_id;
  // What led to this commit, where another one did: an event or commit id.
  std::string causation;
  // W3C traceparent.
  std::string trace_parent;
  // Belongs to the layer above; for example source times of events.
  std::string payload;

  bool operator==(const CommitHeader&) const = default;
};

// One commit: all or nothing. An effect list names each key at most once.
struct Commit {
  CommitHeader header;
  std::vector<Effect> effects;
};

// A group; commit i has the revision first_revision + i.
struct GroupRecord {
  Incarnation incarnation;
  // The head that the group follows, and the hash of its record.
  Revision previous_revision = 0;
  uint64_t previous_hash = 0;
  // Above previous_revision; a gap means that numbers were reserved and lost.
  Revision first_revision = 0;
  // Which process made it, and its count of groups: whose an unknown one is.
  uint64_t writer = 0;
  uint64_t group = 0;
  std::vector<Commit> commits;

  Revision last_revision() const { return first_revision + commits.size() - 1; }

  // The time of the last commit. REQUIRES: commits is not empty.
  absl::Time commit_time() const { return commits.back().header.time; }
};

// A group with its bytes and their hash; how a group travels.
struct EncodedGroup {
  GroupRecord record;
  std::string bytes;
  uint64_t hash = 0;
};

// Encodes a group.
// Errors: INVALID_ARGUMENT / LIMIT_EXCEEDED past kMaxRecordBytes or
// kMaxDecodedRecordBytes. REQUIRES: at least one commit.
absl::StatusOr<EncodedGroup> EncodeGroup(GroupRecord record);

// What a record says of itself, without its commits.
struct GroupRecordHeader {
  Incarnation incarnation;
  Revision previous_revision = 0;
  uint64_t previous_hash = 0;
  Revision first_revision = 0;
  uint32_t count = 0;
  uint64_t writer = 0;
  uint64_t group = 0;
  absl::Time commit_time = absl::UnixEpoch();
  uint64_t hash = 0;

  Revision last_revision() const { return first_revision + count - 1; }
};

// Reads the header after checking the checksum.
// Errors: DATA_LOSS / STORE_CORRUPT.
absl::StatusOr<GroupRecordHeader> DecodeGroupHeader(absl::string_view bytes);

// Decodes a whole record after checking the checksum.
// Errors: DATA_LOSS / STORE_CORRUPT.
absl::StatusOr<EncodedGroup> DecodeGroup(absl::string_view bytes);

// Bytes that a commit takes in a record before compression; for filling groups.
size_t EncodedSize(const Commit& commit);

}  // namespace twingraph::kv
