#pragma once

// What an engine must know of the key spaces of a store. A key is (space,
// bytes). The table itself stands with those who own the spaces and is passed
// to an engine at open, so an engine chooses files and options without knowing
// what a twin is. Immutable after it is made; safe from any thread.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace twingraph::kv {

using SpaceId = uint8_t;

// The contract's limits, set by the weakest engine that is accepted.
inline constexpr size_t kMaxKeyBytes = 1024;
inline constexpr size_t kMaxValueBytes = size_t{512} << 10;

// Ids from here on belong to the store itself; a table may not use them.
inline constexpr SpaceId kFirstReservedSpace = 0xF0;
// The committer's own rows: retention floor, reserved revisions, request ids.
// Every table has it. Frozen: part of the stored format.
inline constexpr SpaceId kSystemSpace = 0xF0;
// The row of it with the retention floor, a counter, which engines read too.
// Frozen: stored.
inline constexpr char kFloorKey[] = "floor";
// Values before a change, see kv/history_entry.h. Written by Apply only.
inline constexpr SpaceId kHistorySpace = 0xF1;

// One key space.
struct SpaceSpec {
  SpaceId id = 0;
  // Snake case, for messages and statistics.
  absl::string_view name;
  // Are older values readable? Secondary indexes need it not.
  bool keeps_history = false;
  // Are keys deleted as often as written (indexes)? Such spaces are compacted
  // by their deletions, and their rows can be made again from other spaces.
  bool churning = false;
  // Bytes at the start of a key that scans usually fix; 0 for none.
  size_t prefix_length = 0;
};

// All spaces of a store, by id.
class SpaceTable {
 public:
  // Adds the store's own spaces to `specs`. REQUIRES: ids are unique, not 0 and
  // below kFirstReservedSpace, names are unique; ends the process otherwise,
  // since a wrong table is a defect of the program.
  explicit SpaceTable(const std::vector<SpaceSpec>& specs);
  SpaceTable(const SpaceTable&) = delete;
  SpaceTable& operator=(const SpaceTable&) = delete;

  // The space's description. REQUIRES: Contains(id).
  const SpaceSpec& operator[](SpaceId id) const { return specs_[id]; }

  bool Contains(SpaceId id) const { return specs_[id].id == id && id != 0; }

  // Ids in ascending order, the store's own among them.
  const std::vector<SpaceId>& ids() const { return ids_; }

 private:
  std::array<SpaceSpec, 256> specs_;
  std::array<std::string, 256> names_;
  std::vector<SpaceId> ids_;
};

// OK if a transaction may store a row: the space exists and is not the history,
// and key and value are within the limits. Errors: INVALID_ARGUMENT /
// LIMIT_EXCEEDED; INTERNAL for a space that is not in the table.
absl::Status CheckRow(const SpaceTable& spaces, SpaceId space,
                      absl::string_view key, absl::string_view value);

}  // namespace twingraph::kv
