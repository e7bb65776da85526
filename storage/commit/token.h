#pragma once

// What a revision is called outside: by its token or its time. A token is
// opaque text that carries the store's identity, its epoch and the revision, so
// that a token of another store or epoch is refused and never reinterpreted.
// Pure; safe from any thread.

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "storage/kv/group_record.h"

namespace twingraph::commit {

// The token of a revision. URL-safe base64, 39 characters.
std::string FormatToken(const kv::Incarnation& incarnation,
                        kv::Revision revision);

// The revision of a token of this incarnation.
// Errors: INVALID_ARGUMENT / INVALID_REVISION_TOKEN for text that is no token,
// or one of another store or epoch; metadata "token" is `field`.
absl::StatusOr<kv::Revision> ParseToken(const kv::Incarnation& incarnation,
                                        absl::string_view token,
                                        absl::string_view field);

// A commit time as RFC 3339 has it, in UTC, to the nanosecond where it counts.
std::string FormatCommitTime(absl::Time time);

}  // namespace twingraph::commit
