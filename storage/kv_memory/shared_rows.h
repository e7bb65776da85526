#pragma once

// What the engine, its snapshots and its cursors share: the rows, the log and
// the head under one lock. Safe from any thread.

#include <map>
#include <string>

#include "absl/base/thread_annotations.h"

#include "storage/base/mutex.h"
#include "storage/kv/engine.h"
#include "storage/kv_memory/versioned_rows.h"

namespace twingraph::kv_memory {

struct SharedRows {
  mutable Mutex mutex;
  VersionedRows rows ABSL_GUARDED_BY(mutex);
  std::map<kv::Revision, std::string> log ABSL_GUARDED_BY(mutex);
  kv::EngineHead head ABSL_GUARDED_BY(mutex);
  uint64_t log_bytes ABSL_GUARDED_BY(mutex) = 0;
};

// Keeps the state behind a commit readable while it lives.
class Hold {
 public:
  // Holds the newest state.
  explicit Hold(SharedRows& shared) : shared_(shared) {
    MutexLock lock(shared_.mutex);
    revision_ = shared_.head.revision;
    shared_.rows.Hold(revision_);
  }

  Hold(SharedRows& shared, kv::Revision revision)
      : shared_(shared), revision_(revision) {
    MutexLock lock(shared_.mutex);
    shared_.rows.Hold(revision_);
  }

  ~Hold() {
    MutexLock lock(shared_.mutex);
    shared_.rows.Release(revision_);
  }

  Hold(const Hold&) = delete;
  Hold& operator=(const Hold&) = delete;

  SharedRows& shared() const { return shared_; }

  kv::Revision revision() const { return revision_; }

 private:
  SharedRows& shared_;
  kv::Revision revision_ = 0;
};

}  // namespace twingraph::kv_memory
