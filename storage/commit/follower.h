#pragma once

// What changes only from applied groups: catalog, topology, id map, counters,
// feed. The write path calls no cache; it commits, and the committer hands the
// group to every follower in order. Head r is published when all have it.

#include <memory>

#include "absl/status/status.h"

#include "storage/base/context.h"
#include "storage/commit/reader.h"
#include "storage/kv/group_record.h"

namespace twingraph::commit {

// An applied group. Commit i has the revision record.first_revision + i.
struct GroupView {
  const kv::GroupRecord& record;

  kv::Revision RevisionOf(size_t index) const {
    return record.first_revision + index;
  }
};

// Calls come one at a time, in order of revisions, Load first. What other
// threads read of a follower is its own to guard, best as an immutable version.
class Follower {
 public:
  virtual ~Follower() = default;

  // Builds the state from scratch as of `reader`'s revision, when a store
  // opens. An error ends the opening.
  virtual absl::Status Load(const Context& ctx, const Reader& reader) = 0;

  // Takes in an applied group. Runs on the commit path: no disk, no waiting,
  // no call into the store.
  virtual void Apply(const GroupView& group) = 0;

  // The immutable state to publish with the head; null if there is none.
  virtual std::shared_ptr<const void> Version() const { return nullptr; }
};

}  // namespace twingraph::commit
