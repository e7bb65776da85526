#pragma once

// Finding a revision by its time in the log. Safe from any thread.

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "storage/base/context.h"
#include "storage/kv/engine.h"

namespace twingraph::commit {

// The newest revision of [oldest, head] whose commit time is not after `time`;
// one below `oldest` where even that is later. A binary search: reads about
// log2(head - oldest) records. REQUIRES: the log holds `oldest`, or it is 0.
// Errors: as kv::Engine::ReadLog.
absl::StatusOr<kv::Revision> FindRevision(const Context& ctx,
                                          const kv::Engine& engine,
                                          kv::Revision oldest,
                                          kv::Revision head, absl::Time time);

// When the first commit at or behind `revision` was made: the first time whose
// state is not older.
// Errors: as kv::Engine::ReadLog; DATA_LOSS where the log holds none.
absl::StatusOr<absl::Time> FindTime(const Context& ctx,
                                    const kv::Engine& engine,
                                    kv::Revision revision);

}  // namespace twingraph::commit
