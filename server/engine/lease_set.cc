#include "server/engine/lease_set.h"

#include <algorithm>
#include <utility>

namespace twingraph::engine {

void LeaseSet::Renew(kv::Revision revision, commit::Pin pin) {
  const absl::Time now = clock_.Now();
  MutexLock lock(mutex_);
  DropExpired(now);
  leases_.erase(revision);
  if (leases_.size() >= limit_) {
    leases_.erase(std::min_element(leases_.begin(), leases_.end(),
                                   [](const auto& a, const auto& b) {
                                     return a.second.end < b.second.end;
                                   }));
  }
  leases_.emplace(revision, Lease{std::move(pin), now + length_});
}

size_t LeaseSet::size() {
  MutexLock lock(mutex_);
  DropExpired(clock_.Now());
  return leases_.size();
}

void LeaseSet::DropExpired(absl::Time now) {
  for (auto lease = leases_.begin(); lease != leases_.end();) {
    lease = lease->second.end <= now ? leases_.erase(lease) : std::next(lease);
  }
}

}  // namespace twingraph::engine
