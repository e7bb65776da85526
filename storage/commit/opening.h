#pragma once

// What happens to an engine before a store uses it: a new one gets its
// identity, a restored one or one that may have lost commits a new epoch.

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "storage/base/context.h"
#include "storage/kv/engine.h"

namespace twingraph::commit {

struct Opening {
  kv::Incarnation incarnation;
  // Revisions up to here may have been given out, though they are not stored.
  kv::Revision last_reserved = 0;
  // The retention floor.
  kv::Revision floor = 0;
  // Up to when the store may have been asked for the state of a time: no commit
  // to come has an earlier one, or the same.
  absl::Time closed = absl::UnixEpoch();
};

// Reads the store's own rows and, where something has to be noted, applies a
// commit of origin "system", durably.
// Errors: as kv::Engine; UNAVAILABLE / STORE_UNAVAILABLE when it cannot write.
absl::StatusOr<Opening> PrepareEngine(const Context& ctx, kv::Engine& engine,
                                      kv::Durability durability,
                                      absl::Time now);

}  // namespace twingraph::commit
