#pragma once

// The published state of a store: one immutable object, swapped when a group is
// applied and every follower has seen it. Whoever holds one sees a revision and
// what followers made of exactly that revision. Safe from any thread.

#include <memory>
#include <utility>
#include <vector>

#include "absl/time/time.h"

#include "storage/kv/group_record.h"
#include "storage/kv/row.h"

namespace twingraph::commit {

class Follower;

struct Head {
  kv::Incarnation incarnation;
  kv::Revision revision = 0;
  // Commit time of that revision; never decreases from head to head.
  absl::Time time = absl::UnixEpoch();
  // What each follower published for this revision, see Follower::Version.
  std::vector<std::pair<const Follower*, std::shared_ptr<const void>>> versions;

  // The version of `follower`; null if it publishes none. REQUIRES: T is the
  // type that the follower publishes.
  template <typename T>
  std::shared_ptr<const T> VersionOf(const Follower& follower) const {
    for (const auto& [owner, version] : versions) {
      if (owner == &follower) {
        return std::static_pointer_cast<const T>(version);
      }
    }
    return nullptr;
  }
};

}  // namespace twingraph::commit
