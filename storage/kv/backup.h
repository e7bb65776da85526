#pragma once

// Backups of a store as an operator sees them. Plain values.

#include <cstdint>

#include "absl/time/time.h"

#include "storage/kv/row.h"

namespace twingraph::kv {

// One backup in a directory of backups.
struct Backup {
  // Grows with each backup of a directory; never 0.
  uint32_t id = 0;
  // The newest commit in it: a restore has this state.
  Revision revision = 0;
  // The epoch of that commit; a restore begins another.
  uint64_t epoch = 0;
  // When it was made; InfinitePast where that is not known.
  absl::Time time = absl::InfinitePast();
  // Of all its files, those that other backups share among them.
  uint64_t bytes = 0;
  // A part of it is missing or not as it was written: it cannot be restored.
  // What is not known of it then is as above.
  bool is_damaged = false;
};

// Which backups of a directory go.
struct Pruning {
  // The newest of those that are whole stay, this many. All that are older go,
  // damaged ones too: a damaged one is of no use once newer ones are whole.
  uint32_t keep = 1;
  // Damaged ones that are not older go too, as long as a whole one stays.
  bool damaged = false;
};

}  // namespace twingraph::kv
