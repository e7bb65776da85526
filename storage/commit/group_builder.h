#pragma once

// A group in the making: accepted commits with tentative revisions. Not locked:
// the committer's role owns it. May be thrown away and built again.

#include <memory>
#include <vector>

#include "absl/time/time.h"

#include "storage/commit/number_ranges.h"
#include "storage/commit/overlay.h"
#include "storage/commit/state_reader.h"
#include "storage/commit/submission.h"
#include "storage/kv/group_record.h"

namespace twingraph::commit {

class GroupBuilder {
 public:
  // Begins a group behind `head` whose first commit is `first`. No commit time
  // is before `not_before`.
  GroupBuilder(const kv::Incarnation& incarnation, const kv::EngineHead& head,
               kv::Revision first, absl::Time not_before);

  // The revision that the next commit would get.
  kv::Revision next_revision() const {
    return record_.first_revision + record_.commits.size();
  }

  bool empty() const { return record_.commits.empty(); }

  // Is there room for a commit of this size? The first always fits.
  bool Fits(size_t encoded_size) const;

  // Adds a commit and remembers whose it is. The commit's time becomes the
  // latest of its own and the one before.
  void Add(kv::Commit commit, size_t encoded_size, Submission& submission);

  // Adds a put of the store's own to the first commit. REQUIRES: not empty.
  void AddSystemPut(kv::SpaceId space, absl::string_view key,
                    std::string value);

  // The changes of the accepted commits, for a function that runs inside.
  const Overlay& overlay();

  // The state before the group, where a function that runs inside needed it.
  std::unique_ptr<SnapshotReader> base;

  const std::vector<Submission*>& members() const { return members_; }

  kv::GroupRecord& record() { return record_; }

 private:
  kv::GroupRecord record_;
  absl::Time last_time_;
  size_t encoded_size_ = 0;
  std::vector<Submission*> members_;
  Overlay overlay_;
  // Commits that are in the overlay already.
  size_t overlaid_ = 0;
};

}  // namespace twingraph::commit
