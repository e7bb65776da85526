#pragma once

// Which column family keeps which key space, and how a key and a row look
// inside it. Frozen: stored, see storage/README.md ("RocksDB"). Pure.
//
// A key is the id of its space, one byte, then the key; a value is the row's
// value, then its revision, 8 bytes little endian. Few families keep an empty
// store small and quick to open; what differs by kind of data differs by
// family.

#include <array>
#include <string>

#include "absl/strings/string_view.h"

#include "storage/kv/row.h"
#include "storage/kv/space.h"

namespace twingraph::kv_rocks {

enum class Family : int {
  kPoints = 0,    // read by whole key; RocksDB's default family
  kPrefixed = 1,  // scanned below a fixed prefix: edges
  kChurning = 2,  // deleted as often as written: indexes of values
  kHistory = 3,   // values before a change
  kLog = 4,       // group records by their first revision
};

inline constexpr int kFamilyCount = 5;
// Names on disk, by number.
inline constexpr std::array<const char*, kFamilyCount> kFamilyNames = {
    "default", "prefixed", "churning", "history", "log"};

inline const char* NameOf(Family family) {
  return kFamilyNames[static_cast<size_t>(family)];
}

// For every iterator. Where RocksDB 7.8 looks for deleted ranges, a scan that
// comes to a file whose first block is damaged passes the rest of the level
// over and says nothing. Ranges are deleted in the log only, and who reads it
// begins behind them.
inline constexpr bool kIgnoreRangeDeletions = true;

// The family of a space. Depends on nothing but the space's description, which
// is frozen with the table.
Family FamilyOf(const kv::SpaceSpec& space);

// The key of a space inside its family.
std::string FamilyKey(kv::SpaceId space, absl::string_view key);

// The first byte string behind every key of a space.
std::string SpaceEnd(kv::SpaceId space);

// The key in kLog of the group whose first revision this is.
std::string LogKey(kv::Revision revision);

// Appends the stored form of a row.
std::string StoredRow(absl::string_view value, kv::Revision revision);

// Width of the revision behind a stored value.
inline constexpr size_t kRevisionBytes = 8;

// The parts of a stored row. REQUIRES: at least kRevisionBytes bytes.
absl::string_view ValueIn(absl::string_view stored);
kv::Revision RevisionIn(absl::string_view stored);

}  // namespace twingraph::kv_rocks
