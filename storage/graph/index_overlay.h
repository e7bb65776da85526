#pragma once

// Index rows as of a reader's revision. Where the reader's own index scans are
// exact it reads those. Elsewhere it takes a newest snapshot and, once, what
// changed between the two: a row of the snapshot that was written up to the
// reader's revision stood there then, too; and every row that differs belongs
// to a fact that changed in between, whose rows are made from the fact as it
// was. Safe from any thread if the reader is.

#include <memory>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "storage/base/context.h"
#include "storage/base/mutex.h"
#include "storage/commit/reader.h"
#include "storage/graph/parts.h"

namespace twingraph::graph {

class IndexOverlay {
 public:
  // `facts` is borrowed and reads the revision that is wanted.
  IndexOverlay(const Parts& parts, const commit::Reader& facts, bool is_exact)
      : parts_(parts), facts_(facts), is_exact_(is_exact) {}

  ~IndexOverlay();

  using Visit = absl::FunctionRef<absl::StatusOr<bool>(
      absl::string_view key, absl::string_view value)>;

  // Calls `visit` with each row of a range in order until it returns false or
  // an error, which is passed on.
  absl::Status Scan(const Context& ctx, kv::SpaceId space,
                    const kv::Range& range, Visit visit) const;

 private:
  struct Past;

  absl::StatusOr<std::shared_ptr<const Past>> OpenPast(
      const Context& ctx) const;
  absl::StatusOr<std::shared_ptr<const Past>> MakePast(
      const Context& ctx) const;

  const Parts& parts_;
  const commit::Reader& facts_;
  const bool is_exact_;
  mutable Mutex mutex_;
  mutable std::shared_ptr<const Past> past_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace twingraph::graph
