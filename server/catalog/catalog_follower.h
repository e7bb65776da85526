#pragma once

// Keeps the catalog in step with the commits: a new one is published with the
// head of every group that changes models. Reads of Current are safe from any
// thread; Load and Apply are the committer's.

#include <memory>

#include "server/catalog/catalog.h"
#include "storage/base/mutex.h"
#include "storage/commit/follower.h"

namespace twingraph::catalog {

class CatalogFollower final : public commit::Follower {
 public:
  CatalogFollower() : current_(std::make_shared<const Catalog>()) {}

  absl::Status Load(const Context& ctx, const commit::Reader& reader) override;
  void Apply(const commit::GroupView& group) override;

  std::shared_ptr<const void> Version() const override { return Current(); }

  // The catalog of the newest applied group.
  std::shared_ptr<const Catalog> Current() const {
    MutexLock lock(mutex_);
    return current_;
  }

 private:
  void Publish(Catalog::Models models);

  mutable Mutex mutex_;
  std::shared_ptr<const Catalog> current_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace twingraph::catalog
