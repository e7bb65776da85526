#pragma once

// Revisions that stay readable for a while because somebody reads them page by
// page. Bounded: the lease that was renewed longest ago goes first. Safe from
// any thread.

#include <cstddef>
#include <map>

#include "absl/time/time.h"

#include "storage/base/clock.h"
#include "storage/base/mutex.h"
#include "storage/commit/pin.h"
#include "storage/kv/row.h"

namespace twingraph::engine {

class LeaseSet {
 public:
  // Keeps up to `limit` revisions for `length` after they were last renewed.
  // `clock` outlives this.
  LeaseSet(const Clock& clock, absl::Duration length, size_t limit)
      : clock_(clock), length_(length), limit_(limit) {}

  // Keeps `revision` from now on; `pin` is one of it.
  void Renew(kv::Revision revision, commit::Pin pin);

  // Leases that have not ended.
  size_t size();

 private:
  struct Lease {
    commit::Pin pin;
    absl::Time end;
  };

  void DropExpired(absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Clock& clock_;
  const absl::Duration length_;
  const size_t limit_;
  Mutex mutex_;
  std::map<kv::Revision, Lease> leases_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace twingraph::engine
