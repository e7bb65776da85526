#pragma once

// What a group does to stored rows: shared by all engines, so that every engine
// and every replica makes the same rows of the same group. Pure apart from the
// reads it is given; one group at a time.

#include <optional>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "storage/kv/engine.h"
#include "storage/kv/group_record.h"
#include "storage/kv/row.h"
#include "storage/kv/space.h"

namespace twingraph::kv {

// May a group be applied on `head`? nullopt: yes. Otherwise the answer without
// writing: it is in already, or the head is another.
// Errors: DATA_LOSS / STORE_CORRUPT when number and hash disagree.
absl::StatusOr<std::optional<ApplyResult>> CheckFollows(
    const EngineHead& head, const EncodedGroup& group);

// The head behind a group.
EngineHead HeadAfter(const EncodedGroup& group);

// Where the rows of a group go. One batch; nothing is visible before its end.
class RowSink {
 public:
  virtual ~RowSink() = default;
  virtual void Put(SpaceId space, absl::string_view key,
                   absl::string_view value, Revision revision) = 0;
  virtual void Delete(SpaceId space, absl::string_view key) = 0;
};

// Reads a row of the state before the group.
using ReadRow = absl::FunctionRef<absl::StatusOr<std::optional<Row>>(
    SpaceId space, absl::string_view key)>;

// Writes the rows and history entries of a group to `sink`; log and head are
// the engine's. Commits of one group see each other. Errors: those of `read`;
// DATA_LOSS / STORE_CORRUPT for an increment of what is no counter or an
// unknown space; INTERNAL for a wrong value before (debug builds).
absl::Status ApplyEffects(const SpaceTable& spaces, const GroupRecord& record,
                          ReadRow read, RowSink& sink);

}  // namespace twingraph::kv
