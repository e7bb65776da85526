#pragma once

// History entries: what a key held before a commit changed it. They are rows of
// kHistorySpace, written by Apply only. A reader at revision r takes the first
// entry of a key behind r, else the current row. Format in storage/README.md
// ("History"); frozen, golden test history_entry_test. Pure; safe from any
// thread.
//
//   key   := space:1 escaped-key 00 01 revision:8 big endian
//   value := kind:1 body, in a row whose revision is that of the value before
//
// In the escaped key a byte 00 is 00 FF, so entries lie in the order of (space,
// key, revision) whatever bytes a key has.

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "storage/kv/range.h"
#include "storage/kv/row.h"
#include "storage/kv/space.h"

namespace twingraph::kv {

// Frozen: stored.
enum class HistoryKind : char {
  kAbsent = 0,  // the key did not exist; no body
  kValue = 1,   // body: the value
  kDelta = 2,   // body: zigzag varint that the commit added to a counter
};

// Bytes behind the key part of a history key.
inline constexpr size_t kHistoryRevisionBytes = 8;

// A decoded history key.
struct HistoryKey {
  SpaceId space = 0;
  std::string key;
  // The commit that changed the key.
  Revision revision = 0;
};

// What all entries of one key begin with.
std::string HistoryPrefix(SpaceId space, absl::string_view key);

std::string EncodeHistoryKey(SpaceId space, absl::string_view key,
                             Revision revision);

// Errors: DATA_LOSS / STORE_CORRUPT.
absl::StatusOr<HistoryKey> DecodeHistoryKey(absl::string_view bytes);

// The revision of an encoded history key. REQUIRES: the key is one.
Revision HistoryRevision(absl::string_view bytes);

// Where the entries of a range of keys lie.
Range HistoryRange(SpaceId space, const Range& range);

// A decoded history value.
struct HistoryValue {
  HistoryKind kind = HistoryKind::kAbsent;
  absl::string_view value;  // kValue; a view of the encoded bytes
  int64_t delta = 0;        // kDelta
};

std::string EncodeHistoryAbsent();
std::string EncodeHistoryValue(absl::string_view value);
std::string EncodeHistoryDelta(int64_t delta);

// Errors: DATA_LOSS / STORE_CORRUPT.
absl::StatusOr<HistoryValue> DecodeHistoryValue(absl::string_view bytes);

}  // namespace twingraph::kv
